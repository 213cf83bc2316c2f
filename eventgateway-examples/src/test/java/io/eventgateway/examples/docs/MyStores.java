package io.eventgateway.examples.docs;

import io.eventgateway.delivery.DeadLetterOverflow;
import io.eventgateway.history.Retention;
import io.eventgateway.spi.EventStore;
import io.eventgateway.test.TestClock;
import java.time.Duration;

/** Stands for the store that somebody implements. */
final class MyStores {
    private MyStores() {}

    static EventStore newEventStore(TestClock clock) {
        return EventStore.inMemory(
                100, DeadLetterOverflow.DISCARD_OLDEST, Retention.of(Duration.ofDays(7), 1_000), clock);
    }
}
