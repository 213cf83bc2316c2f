package io.eventgateway.internal.delivery.shared;

/**
 * The time for which this gateway may rely on its leases under one name. What was leased in a term that is lost is another
 * gateway's; a term that has only lapsed may be renewed, and nothing begins meanwhile.
 *
 * <p>A term goes by this process' own timer, from before the store was asked, so that it ends here before it ends there: also after
 * the process was stopped for a while. Thread-safe.
 */
final class LeaseTerm {
    private final String instance;
    private volatile long until;
    private volatile boolean lost;

    LeaseTerm(String instance, long until) {
        this.instance = instance;
        this.until = until;
    }

    /** Creates a term that is over. */
    static LeaseTerm lost(String instance) {
        LeaseTerm term = new LeaseTerm(instance, 0);
        term.lose();
        return term;
    }

    /** Returns the name of this gateway in the store. */
    String instance() {
        return instance;
    }

    void renewed(long untilNanos) {
        until = untilNanos;
    }

    void lose() {
        lost = true;
    }

    /** Returns whether the leases may be another gateway's. */
    boolean isLost() {
        return lost;
    }

    /** Returns whether the leases are this gateway's for certain. */
    boolean holds(long nowNanos) {
        return !lost && until - nowNanos > 0;
    }
}
