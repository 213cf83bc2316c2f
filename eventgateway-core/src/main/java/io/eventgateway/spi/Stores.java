package io.eventgateway.spi;

import java.time.Duration;

/** The two stores of a backend, to be given to a gateway together. */
public interface Stores {
    /** Where functions and subscriptions are kept. */
    SubscriptionStore subscriptionStore();

    /** Where accepted events and their async deliveries are kept. */
    EventStore eventStore();

    /**
     * How long another gateway waits for a sign of life of a gateway before it takes over its deliveries, 1 s to an hour. A
     * gateway gives a sign ten times as often. A process that pauses for longer (for a garbage collection, say) loses its
     * deliveries to others, some of which are then made twice.
     */
    default Duration lease() {
        return Duration.ofSeconds(30);
    }
}
