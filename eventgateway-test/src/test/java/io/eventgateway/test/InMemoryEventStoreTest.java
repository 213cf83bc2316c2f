package io.eventgateway.test;

import io.eventgateway.internal.memory.InMemoryEventStore;
import io.eventgateway.spi.EventStore;

class InMemoryEventStoreTest extends EventStoreContract {
    @Override
    protected EventStore createStore(TestClock clock) {
        return new InMemoryEventStore(100, clock);
    }
}
