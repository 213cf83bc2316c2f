package io.eventgateway.internal.delivery.shared;

import io.eventgateway.internal.delivery.DeliveryEngine;
import io.eventgateway.internal.delivery.DeliveryStore;
import io.eventgateway.internal.delivery.PendingEmission;
import io.eventgateway.internal.delivery.StoreSharing;
import io.eventgateway.internal.delivery.Target;
import io.eventgateway.internal.delivery.TargetFinder;
import io.eventgateway.internal.delivery.Timers;
import io.eventgateway.spi.EventStore;
import io.eventgateway.spi.EventStore.Claim;
import io.eventgateway.spi.EventStore.Lease;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps this gateway's leases alive, and takes deliveries of a store that no living gateway holds: those that were appended for
 * anybody, those that a gateway left over when it closed, and those of one that died.
 *
 * <p>It looks when the store says that there is something, and otherwise less and less often while it finds nothing, down to
 * once in {@link #SELDOM}. In between it has {@link OpenTransactions} look whether emitters' transactions were committed.
 */
final class ClaimPoller {
    private static final Logger log = LoggerFactory.getLogger(ClaimPoller.class);
    private static final int RENEWALS_PER_LEASE = 6;
    private static final Duration UNREACHABLE_FIRST = Duration.ofMinutes(1);
    private static final Duration UNREACHABLE_AGAIN = Duration.ofMinutes(10);
    private static final Duration OFTEN = Duration.ofMillis(10);
    private static final Duration SELDOM = Duration.ofSeconds(2);
    private static final Duration SOONEST = Duration.ofMillis(1);
    private static final int AT_MOST = 200;

    private static final int IDLE = 0;
    private static final int LOOKING = 1;
    private static final int LOOKING_AGAIN = 2;

    private final DeliveryEngine engine;
    private final SharedStore sharing;
    private final EventStore store;
    private final TargetFinder targets;
    private final BiPredicate<String, String> callable;
    private final Runnable sayUnreachable;
    private final Duration renewal;
    private final AtomicInteger state = new AtomicInteger(IDLE);
    /** Guards when the next look is. */
    private final ReentrantLock lock = new ReentrantLock();

    private Timers.@Nullable Entry next;
    private long nextAt;

    private EventStore.@Nullable Watch watch;
    /** Written by whoever looks, one after the other. */
    private Duration pause = OFTEN;

    private long claimedAt;
    /** When the store was last asked for nothing, because there was no room; at first a time that is long past. */
    private long claimedNothingAt;

    private boolean failing;
    /** Whether the store has said that there is something to claim. */
    private volatile boolean told = true;

    /** Creates the poller of a gateway, which is to {@link #begin}. */
    ClaimPoller(DeliveryEngine engine, SharedStore sharing, EventStore store, StoreSharing.Known known) {
        this.engine = engine;
        this.sharing = sharing;
        this.store = store;
        this.targets = known.targets();
        this.callable = known.callable();
        this.sayUnreachable = known.sayUnreachable();
        this.renewal = sharing.leases().length().dividedBy(RENEWALS_PER_LEASE);
        this.claimedNothingAt = engine.scheduler().now() - renewal.toNanos();
    }

    /** Says which subscriptions nobody can serve: some time after the start, when all processes have their functions, and seldom after. */
    private void scheduleUnreachable(Duration in) {
        engine.scheduler().schedule(in, () -> engine.offThisThread(this::sayUnreachable));
    }

    private void sayUnreachable() {
        if (engine.scheduler().isStopped()) {
            return;
        }
        try {
            sayUnreachable.run();
        } catch (RuntimeException e) {
            log.debug("The event store could not be asked which functions gateways can call", e);
        }
        scheduleUnreachable(UNREACHABLE_AGAIN);
    }

    /** Makes this gateway known to the store, and looks from now on; throws what the store throws. */
    void begin() {
        sharing.renewLeases();
        watch = store.listen(() -> {
            told = true;
            if (engine.driver() == null) {
                now();
            } else {
                schedule(Duration.ZERO); // for the thread that drives, since this one may be the store's
            }
        });
        scheduleRenewal();
        scheduleUnreachable(UNREACHABLE_FIRST);
        schedule(OFTEN);
    }

    /** Looks soon, because this gateway has put something into the store. */
    void lookSoon() {
        schedule(SOONEST);
    }

    /** Looks no more. */
    void close() {
        EventStore.Watch watching = watch;
        if (watching != null) {
            watching.close();
        }
    }

    private void scheduleRenewal() {
        engine.scheduler().schedule(renewal, () -> engine.offThisThread(this::renew));
    }

    private void renew() {
        if (engine.scheduler().isStopped()) {
            return;
        }
        try {
            sharing.renewLeases();
            sharing.announce();
        } catch (RuntimeException e) {
            log.warn("The leases of this gateway could not be renewed; that is tried again in {}", renewal, e);
        }
        scheduleRenewal();
    }

    /** Looks in that time, or earlier if that was said before. */
    private void schedule(Duration in) {
        long at = engine.scheduler().now() + in.toNanos();
        lock.lock();
        try {
            Timers.Entry known = next;
            if (known != null && nextAt - at <= 0) {
                return;
            }
            if (known != null) {
                engine.scheduler().cancel(known);
            }
            nextAt = at;
            next = engine.scheduler().schedule(in, this::due);
        } finally {
            lock.unlock();
        }
    }

    private void due() {
        lock.lock();
        try {
            next = null;
        } finally {
            lock.unlock();
        }
        now();
    }

    private void now() {
        if (state.getAndUpdate(at -> at == IDLE ? LOOKING : LOOKING_AGAIN) == IDLE) {
            engine.offThisThread(this::lookUntilDone);
        }
    }

    private void lookUntilDone() {
        if (engine.scheduler().isStopped()) {
            return;
        }
        long commit;
        long claim;
        do {
            state.set(LOOKING);
            look();
            commit = sharing.transactions().nextIn();
            claim = Math.max(0, claimedAt + pause.toNanos() - engine.scheduler().now());
        } while (!state.compareAndSet(LOOKING, IDLE));
        schedule(Duration.ofNanos(commit < 0 ? claim : Math.min(commit, claim)));
    }

    private static Duration longer(Duration pause) {
        Duration twice = pause.multipliedBy(2);
        return twice.compareTo(SELDOM) < 0 ? twice : SELDOM;
    }

    private void look() {
        try {
            sharing.transactions().look();
            long now = engine.scheduler().now();
            if (!told && now - claimedAt < pause.toNanos()) {
                return; // it was only for the commits
            }
            told = false;
            claimedAt = now;
            boolean found = false;
            int claimed = claim();
            while (claimed == AT_MOST) {
                found = true;
                claimed = claim();
            }
            if (!sharing.remote().isEmpty()) {
                sharing.remote().look();
            }
            failing = false;
            pause = found || claimed > 0 ? OFTEN : longer(pause);
        } catch (RuntimeException e) {
            if (!failing) {
                failing = true;
                log.warn("The event store could not be asked for deliveries; it is asked again until it answers", e);
            }
            claimedAt = engine.scheduler().now();
            pause = longer(pause);
        }
    }

    private int claim() {
        LeaseTerm term = sharing.leases().term();
        int room = Math.min(AT_MOST, engine.backlog().free());
        if (!sharing.holds(term)) {
            return 0;
        }
        if (room <= 0) {
            claimNothing(term);
            return 0;
        }
        int taken = 0;
        for (Lease lease : store.claim(
                new Claim(term.instance(), sharing.leases().length(), room, DeliveryStore.HORIZON, callable))) {
            try {
                take(term, lease);
            } catch (RuntimeException e) { // the others are leased too
                log.error(
                        "Delivery {} could not be taken up, and is given back",
                        lease.delivery().id(),
                        e);
                store.release(lease.delivery().id(), lease.token());
            }
            taken++;
        }
        return taken;
    }

    /**
     * Has the store see that gateways have died, whose turns and places the deliveries here may be waiting for: it looks when somebody
     * claims, and a gateway without room would never.
     */
    private void claimNothing(LeaseTerm term) {
        long now = engine.scheduler().now();
        if (now - claimedNothingAt >= renewal.toNanos()) {
            claimedNothingAt = now;
            store.claim(new Claim(
                    term.instance(), sharing.leases().length(), 1, Duration.ZERO, (space, function) -> false));
        }
    }

    private void take(LeaseTerm term, Lease lease) {
        Target target = targets.find(lease.delivery(), true);
        if (target == null || !engine.backlog().tryTake()) {
            store.release(lease.delivery().id(), lease.token());
            return;
        }
        RemoteDeliveries.Expected expected =
                sharing.remote().arrived(lease.delivery().id());
        PendingEmission emission = expected == null ? null : expected.emission().get();
        int index = expected == null || emission == null ? 0 : expected.index();
        if (emission == null) {
            log.debug("Takes delivery {} to function '{}'", lease.delivery().id(), target.functionId());
            emission = engine.emissionOf(lease.delivery(), target);
        }
        if (!emission.takesRoom()) {
            engine.backlog().giveBack(1); // a system event, of this gateway, whose deliveries take none
        }
        engine.start(sharing.claimed(emission, index, term, lease), lease.dueAt());
    }
}
