package io.eventgateway.internal.delivery;

/**
 * The time for which this gateway may rely on its leases under one name. What was leased in a tenure that is lost is another
 * gateway's; a tenure that has only lapsed may be renewed, and nothing begins meanwhile.
 *
 * <p>It goes by this process' own timer, from before the store was asked, so that it ends here before it ends there: also after
 * the process was stopped for a while.
 */
final class LeaseTerm {
    private final String instance;
    private volatile long until;
    private volatile boolean lost;

    LeaseTerm(String instance, long until) {
        this.instance = instance;
        this.until = until;
    }

    /** This gateway, as the store knows it. */
    String instance() {
        return instance;
    }

    void renewed(long nanos) {
        until = nanos;
    }

    void lose() {
        lost = true;
    }

    boolean isLost() {
        return lost;
    }

    boolean holds(long now) {
        return !lost && until - now > 0;
    }
}
