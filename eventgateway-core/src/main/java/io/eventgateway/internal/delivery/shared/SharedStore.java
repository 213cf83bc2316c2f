package io.eventgateway.internal.delivery.shared;

import io.eventgateway.delivery.DeadLetter;
import io.eventgateway.internal.delivery.Delivery;
import io.eventgateway.internal.delivery.DeliveryEngine;
import io.eventgateway.internal.delivery.DeliveryStore;
import io.eventgateway.internal.delivery.DeliveryStore.StoredEmission;
import io.eventgateway.internal.delivery.EmittedDelivery;
import io.eventgateway.internal.delivery.Origin;
import io.eventgateway.internal.delivery.PendingEmission;
import io.eventgateway.internal.delivery.StoreSharing;
import io.eventgateway.internal.delivery.Target;
import io.eventgateway.internal.invocation.RegisteredFunction;
import io.eventgateway.spi.EventStore;
import io.eventgateway.spi.EventStore.Terms;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The sharing of a store that other gateways may look into. This gateway leases what it delivers, renews its leases, claims what no
 * living gateway holds, and follows what others hold of its emissions. Thread-safe.
 */
public final class SharedStore implements StoreSharing {
    private static final int GIVEN_UP_AT_ONCE = 200;
    /** Longer than anything can be put off. */
    private static final Duration WHENEVER_DUE = Duration.ofDays(10_000);

    private final DeliveryEngine engine;
    private final EventStore store;
    private final Leases leases;
    private final RemoteDeliveries remote;
    private final OpenTransactions transactions;
    /** Null until claiming begins. */
    private volatile @Nullable Announcements announcements;
    /** Null until claiming begins. */
    private volatile @Nullable ClaimPoller poller;

    /**
     * Creates the sharing of an engine.
     *
     * @param lease how long a lease is
     * @param names makes new names for this gateway, as the store is to know it
     */
    public SharedStore(DeliveryEngine engine, EventStore store, Duration lease, Supplier<String> names) {
        this.engine = engine;
        this.store = store;
        this.leases = new Leases(store, lease, names, engine.invocations().timer());
        this.remote = new RemoteDeliveries(engine, store);
        this.transactions = new OpenTransactions(engine, this, store);
    }

    Leases leases() {
        return leases;
    }

    RemoteDeliveries remote() {
        return remote;
    }

    OpenTransactions transactions() {
        return transactions;
    }

    /** Extends the leases. When they are lost, what waits under them ends here, because another gateway delivers it. */
    void renewLeases() {
        if (leases.renew()) {
            return;
        }
        for (Delivery delivery : engine.liveDeliveries()) {
            if (delivery instanceof LeasedDelivery leased) {
                leased.leaseLost();
            }
        }
    }

    boolean holds(LeaseTerm term) {
        return leases.holds(term);
    }

    @Override
    public String instance() {
        return leases.term().instance();
    }

    @Override
    public boolean[] heldHere(Target[] targets, Terms terms) {
        boolean putOff = isPutOff(terms);
        boolean[] here = new boolean[targets.length];
        for (int i = 0; i < here.length; i++) {
            RegisteredFunction function = targets[i].function();
            here[i] = !putOff && (!function.isPresent() || function.isCallable());
        }
        return here;
    }

    /** Returns whether deliveries can wait in the store, where they take no memory, and whichever gateway has room delivers them then. */
    private static boolean isPutOff(Terms terms) {
        Instant notBefore = terms.notBefore();
        return notBefore != null && notBefore.isAfter(terms.acceptedAt().plus(DeliveryStore.HORIZON));
    }

    @Override
    public EmittedDelivery accepted(PendingEmission emission, int index, Terms terms, StoredEmission stored) {
        return leased(emission, index, leases.term(stored.instance()), terms, Origin.accepted(stored, index));
    }

    @Override
    public EmittedDelivery redriven(PendingEmission emission, String instance, EventStore.Lease lease) {
        return leased(emission, 0, leases.term(instance), lease.delivery().terms(), Origin.leased(lease, 0));
    }

    /** Makes a delivery that was claimed. */
    EmittedDelivery claimed(PendingEmission emission, int index, LeaseTerm term, EventStore.Lease lease) {
        return leased(
                emission,
                index,
                term,
                lease.delivery().terms(),
                Origin.leased(lease, lease.attempts().size()));
    }

    private LeasedDelivery leased(PendingEmission emission, int index, LeaseTerm term, Terms terms, Origin origin) {
        return new LeasedDelivery(engine, this, term, emission, index, new LeasedDelivery.Placement(terms, origin));
    }

    @Override
    public void follow(PendingEmission emission, int index, StoredEmission stored) {
        remote.expect(emission, index, stored.deliveries().get(index).id(), stored.position());
    }

    @Override
    public void erased(BiPredicate<Target, PendingEmission> isErased) {
        remote.erased(isErased);
    }

    @Override
    public void beginAfterCommit(
            PendingEmission emission, int index, StoredEmission stored, Terms terms, boolean here) {
        transactions.await(emission, index, stored, terms, here);
    }

    @Override
    public void committed() {
        transactions.expedite();
        lookSoon();
    }

    @Override
    public void lookSoon() {
        ClaimPoller looking = poller;
        if (looking != null) {
            looking.lookSoon();
        }
    }

    @Override
    public void begin(Known known) {
        ClaimPoller made = new ClaimPoller(engine, this, store, known);
        announcements = new Announcements(store, leases, known);
        poller = made;
        made.begin();
    }

    @Override
    public void announce() {
        Announcements telling = announcements;
        if (telling != null) {
            telling.tell();
        }
    }

    @Override
    public int giveUp(BiPredicate<String, String> unreachable, String why) {
        int given = 0;
        List<EventStore.Lease> some = claimAll(unreachable);
        while (!some.isEmpty()) {
            for (EventStore.Lease lease : some) {
                store.deadLetter(
                                lease.delivery().id(), lease.token(), DeadLetter.Reason.NOT_RETRYABLE, why, null, false)
                        .join(); // the store gives up in its own time
                given++;
            }
            some = claimAll(unreachable);
        }
        return given;
    }

    private List<EventStore.Lease> claimAll(BiPredicate<String, String> functions) {
        return store.claim(
                new EventStore.Claim(instance(), leases.length(), GIVEN_UP_AT_ONCE, WHENEVER_DUE, functions));
    }

    @Override
    public void stopClaiming() {
        ClaimPoller looking = poller;
        if (looking != null) {
            looking.close();
        }
    }

    @Override
    public void close() {
        remote.close();
        transactions.close();
    }

    @Override
    public void leave() {
        leases.leave();
    }
}
