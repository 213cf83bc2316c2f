package io.eventgateway.internal.counters;

import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * The number of events of one type that went to the same targets: one counter for all that an emission brings about, however many targets
 * there are. It is added to the counts of the targets when somebody asks, and when the targets change.
 *
 * <p>An emission may still count here when the targets have changed already. So it looks, after it has counted, whether the last addition
 * is over, and then makes another: either that sees the count, or the emission sees that the counter is retired.
 */
final class RouteCount {
    private final TypeCount type;
    private final String eventType;
    private final List<TargetCount> sync;
    private final List<TargetCount> async;
    private final LongAdder events = new LongAdder();
    private volatile boolean isRetired;
    /** How many events were added to the targets' counts; guarded by this. */
    private long added;

    RouteCount(TypeCount type, String eventType, List<TargetCount> sync, List<TargetCount> async) {
        this.type = type;
        this.eventType = eventType;
        this.sync = List.copyOf(sync);
        this.async = List.copyOf(async);
    }

    void increment() {
        events.increment();
        if (isRetired) {
            fold();
        }
    }

    void retire() {
        isRetired = true;
        fold();
    }

    synchronized void fold() {
        long fresh = events.sum() - added;
        if (fresh > 0) {
            added += fresh;
            type.emitted(fresh);
            for (TargetCount target : sync) {
                target.routed(eventType, fresh, 0);
            }
            for (TargetCount target : async) {
                target.routed(eventType, 0, fresh);
            }
        }
    }
}
