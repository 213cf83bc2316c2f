package io.eventgateway.simulation;

import io.eventgateway.spi.EventStore;

/** The real store behind the simulated one, which all gateways of a history share. */
interface Backing extends AutoCloseable {
    /** Returns the store as one process has it. */
    EventStore open();

    /** Has a listener told when there is something to claim, and nobody else. */
    EventStore.Watch listen(Runnable listener);

    /** A process has put something to claim into the store. */
    void tell();

    /** Does at once what the store else does on a thread of its own. */
    void maintain();

    /** Ends the store. */
    @Override
    void close();

    /** A store in memory, which has no thread of its own and tells by itself. */
    static Backing inMemory(EventStore store) {
        return new Backing() {
            @Override
            public EventStore open() {
                return store;
            }

            @Override
            public EventStore.Watch listen(Runnable listener) {
                return store.listen(listener);
            }

            @Override
            public void tell() {
                // it has told
            }

            @Override
            public void maintain() {
                // nothing is left to do
            }

            @Override
            public void close() {
                store.close();
            }
        };
    }
}
