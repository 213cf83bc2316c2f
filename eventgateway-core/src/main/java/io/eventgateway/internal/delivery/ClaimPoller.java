package io.eventgateway.internal.delivery;

import io.eventgateway.internal.delivery.DefaultDeadLetters.Targets;
import io.eventgateway.spi.EventStore;
import io.eventgateway.spi.EventStore.Claim;
import io.eventgateway.spi.EventStore.Lease;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
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
public final class ClaimPoller {
    private static final Logger log = LoggerFactory.getLogger(ClaimPoller.class);
    private static final int RENEWALS_PER_LEASE = 10;
    private static final Duration OFTEN = Duration.ofMillis(10);
    private static final Duration SELDOM = Duration.ofSeconds(1);
    private static final Duration SOONEST = Duration.ofMillis(1);
    private static final int AT_MOST = 200;

    /** Whether this gateway can call a function of a space. */
    @FunctionalInterface
    public interface Callable {
        /** Whether it can. */
        boolean test(String space, String functionId);
    }

    private static final int IDLE = 0;
    private static final int LOOKING = 1;
    private static final int LOOKING_AGAIN = 2;

    private final DeliveryEngine room;
    private final Targets targets;
    private final Callable callable;
    private final EventStore store;
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
    private boolean failing;
    /** Whether the store has said that there is something to claim. */
    private volatile boolean told = true;

    /** The claims of a gateway, which are to {@link #begin}. */
    public ClaimPoller(DeliveryEngine room, Targets targets, Callable callable) {
        this.room = room;
        this.targets = targets;
        this.callable = callable;
        this.store = room.ledger().store();
        this.renewal = room.ledger().lease().dividedBy(RENEWALS_PER_LEASE);
    }

    /** Makes this gateway known to the store, and looks from now on; throws what the store throws. */
    public void begin() {
        room.ledger().renew();
        room.lookSoonBy(() -> schedule(SOONEST));
        watch = store.listen(() -> {
            told = true;
            if (room.driver() == null) {
                now();
            } else {
                schedule(Duration.ZERO); // for the thread that drives, since this one may be the store's
            }
        });
        scheduleRenewal();
        schedule(OFTEN);
    }

    /** Looks no more. */
    public void close() {
        EventStore.Watch watching = watch;
        if (watching != null) {
            watching.close();
        }
    }

    private void scheduleRenewal() {
        room.clockwork().schedule(renewal, () -> room.offThisThread(this::renew));
    }

    private void renew() {
        if (room.clockwork().isStopped()) {
            return;
        }
        try {
            room.ledger().renew();
        } catch (RuntimeException e) {
            log.warn("The leases of this gateway could not be renewed; that is tried again in {}", renewal, e);
        }
        scheduleRenewal();
    }

    /** Looks in that time, or earlier if that was said before. */
    private void schedule(Duration in) {
        long at = room.clockwork().now() + in.toNanos();
        lock.lock();
        try {
            Timers.Entry known = next;
            if (known != null && nextAt - at <= 0) {
                return;
            }
            if (known != null) {
                room.clockwork().cancel(known);
            }
            nextAt = at;
            next = room.clockwork().schedule(in, this::due);
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
            room.offThisThread(this::lookUntilDone);
        }
    }

    private void lookUntilDone() {
        if (room.clockwork().isStopped()) {
            return;
        }
        long commit;
        long claim;
        do {
            state.set(LOOKING);
            look();
            commit = room.commits().nextIn();
            claim = Math.max(0, claimedAt + pause.toNanos() - room.clockwork().now());
        } while (!state.compareAndSet(LOOKING, IDLE));
        schedule(Duration.ofNanos(commit < 0 ? claim : Math.min(commit, claim)));
    }

    private static Duration longer(Duration pause) {
        Duration twice = pause.multipliedBy(2);
        return twice.compareTo(SELDOM) < 0 ? twice : SELDOM;
    }

    private void look() {
        try {
            room.commits().look();
            long now = room.clockwork().now();
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
            if (!room.elsewhere().isEmpty()) {
                room.elsewhere().look();
            }
            failing = false;
            pause = found || claimed > 0 ? OFTEN : longer(pause);
        } catch (RuntimeException e) {
            if (!failing) {
                failing = true;
                log.warn("The event store could not be asked for deliveries; it is asked again until it answers", e);
            }
            claimedAt = room.clockwork().now();
            pause = longer(pause);
        }
    }

    private int claim() {
        LeaseTerm tenure = room.ledger().tenure();
        int room = Math.min(AT_MOST, this.room.backlog().free());
        if (room <= 0 || !this.room.ledger().holds(tenure)) {
            return 0;
        }
        int taken = 0;
        for (Lease lease : store.claim(new Claim(
                tenure.instance(), this.room.ledger().lease(), room, DeliveryStore.HORIZON, callable::test))) {
            try {
                take(tenure, lease);
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

    private void take(LeaseTerm tenure, Lease lease) {
        Target target = targets.of(lease.delivery(), true);
        if (target == null || !room.backlog().tryTake()) {
            store.release(lease.delivery().id(), lease.token());
            return;
        }
        RemoteDeliveries.Expected expected =
                room.elsewhere().arrived(lease.delivery().id());
        PendingEmission emission = expected == null ? null : expected.emission().get();
        int attempts = lease.attempts().size();
        if (expected != null && emission != null) {
            room.resume(emission, expected.index(), tenure, lease, attempts, lease.dueAt());
        } else {
            log.debug("Takes delivery {} to function '{}'", lease.delivery().id(), target.functionId());
            room.resume(tenure, lease, target, attempts, lease.dueAt());
        }
    }
}
