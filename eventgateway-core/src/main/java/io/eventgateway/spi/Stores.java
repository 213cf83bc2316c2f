package io.eventgateway.spi;

/** The two stores of a backend, to be given to a gateway together. */
public interface Stores {
    /** Where functions and subscriptions are kept. */
    SubscriptionStore subscriptionStore();

    /** Where accepted events and their async deliveries are kept. */
    EventStore eventStore();
}
