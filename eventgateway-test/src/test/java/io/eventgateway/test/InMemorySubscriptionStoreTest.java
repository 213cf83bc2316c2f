package io.eventgateway.test;

import io.eventgateway.spi.SubscriptionStore;

class InMemorySubscriptionStoreTest extends SubscriptionStoreContract {
    @Override
    protected SubscriptionStore createStore() {
        return SubscriptionStore.inMemory();
    }
}
