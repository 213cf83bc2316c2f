package io.eventgateway.spi;

/** The two stores of one backend, which a gateway gets together. */
public interface Stores {
    /** Returns the store of functions and subscriptions. */
    SubscriptionStore subscriptionStore();

    /** Returns the store of accepted events and their async deliveries. */
    EventStore eventStore();
}
