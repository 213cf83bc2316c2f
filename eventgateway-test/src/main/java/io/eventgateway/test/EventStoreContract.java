package io.eventgateway.test;

import io.eventgateway.spi.EventStore;

/**
 * What every {@link EventStore} does. An implementor extends it and gives a new, empty store that goes by the clock. What is about
 * recorded events is skipped where the store {@linkplain EventStore#hasHistory has no history}, and says so.
 */
public abstract class EventStoreContract extends EventStoreBuckets {
    // the tests are in the superclasses, a topic each: a topic uses the helpers of those above it

    /** Creates the test. */
    protected EventStoreContract() {}

    /** A new, empty store whose due times and leases go by the clock; with a history of more than a day if it can have one. */
    protected abstract EventStore createStore(TestClock clock);

    @Override
    final EventStore newStore(TestClock clock) {
        return createStore(clock);
    }
}
