package io.eventgateway.test;

import io.eventgateway.spi.EventStore;

/** The contract holds for a store without a history; what it can't do is skipped. */
class InMemoryEventStoreWithoutHistoryTest extends EventStoreContract {
    @Override
    protected EventStore createStore(TestClock clock) {
        return EventStore.inMemory(10_000, clock);
    }
}
