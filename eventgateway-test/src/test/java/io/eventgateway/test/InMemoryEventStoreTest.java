package io.eventgateway.test;

import io.eventgateway.delivery.DeadLetterOverflow;
import io.eventgateway.history.Retention;
import io.eventgateway.spi.EventStore;
import java.time.Duration;

class InMemoryEventStoreTest extends EventStoreContract {
    @Override
    protected EventStore createStore(TestClock clock) {
        return EventStore.inMemory(
                100, DeadLetterOverflow.DISCARD_OLDEST, Retention.of(Duration.ofDays(7), 1_000), clock);
    }
}
