package io.eventgateway.internal.counters;

import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** The counts of the events of one type, or of all types beyond the bound. Thread-safe. */
public final class TypeCount {
    private final LongAdder emitted = new LongAdder();
    private final DeliveryCount deliveries = new DeliveryCount();
    private @Nullable RouteCount current;

    TypeCount() {}

    DeliveryCount deliveries() {
        return deliveries;
    }

    /** Events of the type were accepted. */
    public void emitted(long events) {
        emitted.add(events);
    }

    /** From now on events of the type go to these targets. */
    synchronized RouteCount begin(String eventType, List<TargetCount> sync, List<TargetCount> async) {
        if (current != null) {
            current.retire();
        }
        RouteCount next = new RouteCount(this, eventType, sync, async);
        current = next;
        return next;
    }

    synchronized void addTo(CountSum sum) {
        fold();
        sum.emitted += emitted.sum();
        deliveries.addTo(sum);
    }

    synchronized void fold() {
        if (current != null) {
            current.fold();
        }
    }
}
