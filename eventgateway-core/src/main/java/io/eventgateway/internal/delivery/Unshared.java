package io.eventgateway.internal.delivery;

import io.eventgateway.internal.delivery.DeliveryStore.StoredEmission;
import io.eventgateway.spi.EventStore;
import io.eventgateway.spi.EventStore.Terms;
import java.util.Arrays;
import java.util.function.BiPredicate;

/** The sharing of a store that nobody shares. */
public final class Unshared implements StoreSharing {
    private final DeliveryEngine engine;
    private final String instance;

    /** Creates the sharing of an engine whose deliveries have the name of the instance. */
    public Unshared(DeliveryEngine engine, String instance) {
        this.engine = engine;
        this.instance = instance;
    }

    @Override
    public String instance() {
        return instance;
    }

    @Override
    public boolean[] heldHere(Target[] targets, Terms terms) {
        boolean[] here = new boolean[targets.length];
        Arrays.fill(here, true);
        return here;
    }

    @Override
    public EmittedDelivery accepted(PendingEmission emission, int index, Terms terms, StoredEmission stored) {
        return new EmittedDelivery(engine, emission, index, terms, Origin.accepted(stored, index));
    }

    @Override
    public EmittedDelivery redriven(PendingEmission emission, String leasedBy, EventStore.Lease lease) {
        return new EmittedDelivery(engine, emission, 0, lease.delivery().terms(), Origin.leased(lease, 0));
    }

    @Override
    public void follow(PendingEmission emission, int index, StoredEmission stored) {
        throw new IllegalStateException("nobody else could have the delivery");
    }

    @Override
    public void erased(BiPredicate<Target, PendingEmission> isErased) {}

    @Override
    public void beginAfterCommit(
            PendingEmission emission, int index, StoredEmission stored, Terms terms, boolean here) {
        throw new IllegalStateException("a store that nobody shares has no transactions");
    }

    @Override
    public void committed() {}

    @Override
    public void lookSoon() {}

    @Override
    public void begin(Known known) {}

    @Override
    public void announce() {}

    @Override
    public int giveUp(BiPredicate<String, String> unreachable, String why) {
        return 0;
    }

    @Override
    public void stopClaiming() {}

    @Override
    public void close() {}

    @Override
    public void leave() {}
}
