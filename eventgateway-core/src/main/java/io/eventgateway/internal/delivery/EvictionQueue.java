package io.eventgateway.internal.delivery;

import io.eventgateway.spi.EventStore.DeliveryId;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** The deliveries that a backlog with the policy DROP_OLDEST may evict, oldest first. Thread-safe. */
final class EvictionQueue {
    private final DeliveryEngine engine;
    private final boolean used;
    private final NavigableMap<DeliveryId, EmittedDelivery> byAge = new ConcurrentSkipListMap<>();

    /**
     * Creates an empty queue.
     *
     * @param used whether the backlog evicts; if not, the queue stays empty
     */
    EvictionQueue(DeliveryEngine engine, boolean used) {
        this.engine = engine;
        this.used = used;
    }

    void add(EmittedDelivery delivery) {
        if (used && delivery.isCounted()) {
            byAge.put(delivery.id(), delivery);
        }
    }

    void remove(EmittedDelivery delivery) {
        if (used) {
            byAge.remove(delivery.id());
        }
    }

    /** Has the oldest delivery that waits make room; returns false when none waits. */
    boolean evictOldest() {
        for (EmittedDelivery oldest : byAge.values()) {
            if (engine.settlement().evict(oldest)) {
                return true;
            }
        }
        return false;
    }
}
