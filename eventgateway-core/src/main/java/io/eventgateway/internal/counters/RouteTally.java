package io.eventgateway.internal.counters;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The counting of what goes along one route. Thread-safe. */
public final class RouteTally implements Tally {
    private final SpaceCounters space;
    /** Counts for all targets at once; null where they are counted one by one. */
    private final @Nullable RouteCount together;

    private final List<TargetCount> sync;
    private final List<TargetCount> async;

    RouteTally(SpaceCounters space, @Nullable RouteCount together, List<TargetCount> sync, List<TargetCount> async) {
        this.space = space;
        this.together = together;
        this.sync = List.copyOf(sync);
        this.async = List.copyOf(async);
    }

    @Override
    public void accepted(String eventType) {
        RouteCount all = together;
        if (all != null) {
            all.increment();
        } else {
            space.type(eventType).emitted(1);
            for (TargetCount target : sync) {
                target.routed(eventType, 1, 0);
            }
            for (TargetCount target : async) {
                target.routed(eventType, 0, 1);
            }
        }
    }
}
