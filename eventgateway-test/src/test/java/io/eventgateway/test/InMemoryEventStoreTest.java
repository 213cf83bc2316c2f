package io.eventgateway.test;

import io.eventgateway.spi.EventStore;

class InMemoryEventStoreTest extends EventStoreContract {
    @Override
    protected EventStore createStore(TestClock clock) {
        return EventStore.inMemory(100, clock);
    }
}
