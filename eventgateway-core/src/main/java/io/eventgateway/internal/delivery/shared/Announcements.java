package io.eventgateway.internal.delivery.shared;

import io.eventgateway.internal.delivery.StoreSharing.Known;
import io.eventgateway.spi.EventStore;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Tells the store which functions this gateway can call, whenever that or the gateway's name has changed. Thread-safe. */
final class Announcements {
    private final EventStore store;
    private final Leases leases;
    private final Known known;
    /** Keeps announcements one after the other; nothing else waits for it. */
    private final ReentrantLock lock = new ReentrantLock();

    private @Nullable String toldAs;
    private Set<EventStore.Callable> told = Set.of();

    Announcements(EventStore store, Leases leases, Known known) {
        this.store = store;
        this.leases = leases;
        this.known = known;
    }

    void tell() {
        lock.lock();
        try {
            String name = leases.term().instance();
            Set<EventStore.Callable> functions = known.functions().get();
            if (!name.equals(toldAs) || !functions.equals(told)) {
                store.announce(name, functions);
                toldAs = name;
                told = functions;
            }
        } finally {
            lock.unlock();
        }
    }
}
