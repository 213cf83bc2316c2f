package io.eventgateway.simulation;

import io.eventgateway.spi.EventStore;

/** What the store is that the gateways of a history share. */
enum StoreKind {
    /** The store in memory; half of the histories have none to share. */
    MEMORY {
        @Override
        Backing open(Setting setting, Scheduler scheduler, StoreTemper temper) {
            return Backing.inMemory(EventStore.inMemory(
                    setting.deadLetters(), setting.overflow(), setting.retention(), scheduler::storeInstant));
        }
    },
    /** The store on JDBC, in an H2 database in memory; all histories share one. */
    H2 {
        @Override
        Backing open(Setting setting, Scheduler scheduler, StoreTemper temper) {
            return new H2Backing(setting, scheduler, temper);
        }
    };

    /** Creates an empty store for the gateways of a history. */
    abstract Backing open(Setting setting, Scheduler scheduler, StoreTemper temper);
}
