package io.eventgateway.internal.delivery.shared;

import io.eventgateway.spi.EventStore;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The leases of one gateway: all that it leases under one name is renewed together. When that came too late it goes on under another
 * name. Thread-safe; one thread at a time renews.
 */
final class Leases {
    private static final Logger log = LoggerFactory.getLogger(Leases.class);

    private final EventStore store;
    private final Duration length;
    private final Supplier<String> names;
    private final LongSupplier timer;
    private volatile LeaseTerm term;

    /**
     * Creates the leases.
     *
     * @param length how long a lease is; it is renewed far more often
     * @param names makes new names for this gateway
     */
    Leases(EventStore store, Duration length, Supplier<String> names, LongSupplier timer) {
        this.store = store;
        this.length = length;
        this.names = names;
        this.timer = timer;
        this.term = newTerm();
    }

    private LeaseTerm newTerm() {
        return new LeaseTerm(names.get(), timer.getAsLong() + length.toNanos());
    }

    Duration length() {
        return length;
    }

    /** Returns the term in which deliveries are leased now. */
    LeaseTerm term() {
        return term;
    }

    /** Returns the term of what was leased under a name. */
    LeaseTerm term(String instance) {
        LeaseTerm current = term;
        return current.instance().equals(instance) ? current : LeaseTerm.lost(instance);
    }

    boolean holds(LeaseTerm asked) {
        return asked.holds(timer.getAsLong());
    }

    /**
     * Extends the leases, or begins again under another name when they are lost.
     *
     * @return whether the leases are still this gateway's
     */
    boolean renew() {
        LeaseTerm current = term;
        long asked = timer.getAsLong();
        if (store.renew(current.instance(), length)) {
            current.renewed(asked + length.toNanos());
            return true;
        }
        LeaseTerm next = newTerm();
        // known before anything is appended under the name, or nobody could take that over
        store.renew(next.instance(), length);
        term = next;
        current.lose();
        log.warn(
                "This gateway did not renew its leases in time, and another has begun to take its deliveries over; it goes on as {}",
                next.instance());
        return false;
    }

    /** Leaves to others what this gateway still holds, because it closes. */
    void leave() {
        try {
            store.leave(term.instance());
        } catch (RuntimeException e) {
            log.warn(
                    "The event store could not be told that this gateway closes; what it leaves is taken over when its lease has run out",
                    e);
        }
    }
}
