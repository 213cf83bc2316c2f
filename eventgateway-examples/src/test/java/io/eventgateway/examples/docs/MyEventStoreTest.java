package io.eventgateway.examples.docs;

import io.eventgateway.spi.EventStore;
import io.eventgateway.test.EventStoreContract;
import io.eventgateway.test.TestClock;

// tag::contract[]
class MyEventStoreTest extends EventStoreContract {
    @Override
    protected EventStore createStore(TestClock clock) {
        return MyStores.newEventStore(clock); // a new, empty store whose leases and due times go by the clock
    }
}
// end::contract[]
