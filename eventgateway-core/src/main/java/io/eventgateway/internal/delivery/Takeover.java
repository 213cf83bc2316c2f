package io.eventgateway.internal.delivery;

import io.eventgateway.internal.delivery.DeadLetterDesk.Targets;
import io.eventgateway.spi.EventStore;
import io.eventgateway.spi.EventStore.Claim;
import io.eventgateway.spi.EventStore.Lease;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps this gateway's leases alive, and takes over deliveries of a store that no living gateway holds: those that a gateway
 * left over when it closed, and those of one that died.
 */
public final class Takeover {
    private static final Logger log = LoggerFactory.getLogger(Takeover.class);
    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final Duration PERIOD = Duration.ofSeconds(2);
    private static final int AT_MOST = 100;

    /** Whether this gateway can call a function of a space. */
    @FunctionalInterface
    public interface Callable {
        /** Whether it can. */
        boolean test(String space, String functionId);
    }

    private final Deliveries room;
    private final Targets targets;
    private final Callable callable;
    private final EventStore store;

    /** The takeover of a gateway, which is to {@link #begin}. */
    public Takeover(Deliveries room, Targets targets, Callable callable) {
        this.room = room;
        this.targets = targets;
        this.callable = callable;
        this.store = room.ledger().store();
    }

    /** Looks now, and every two seconds from now on. */
    public void begin() {
        room.clockwork().schedule(PERIOD, () -> room.offThisThread(this::look));
    }

    private void look() {
        if (room.clockwork().isStopped()) {
            return;
        }
        try {
            boolean more = true;
            while (more) {
                more = claim();
            }
        } catch (RuntimeException e) {
            log.warn(
                    "The event store could not be asked for what others left over; it is asked again in {}", PERIOD, e);
        }
        begin();
    }

    /** Whether there may be more. */
    private boolean claim() {
        int claimed = 0;
        String holder = room.ledger().instance();
        for (Lease lease : store.claim(new Claim(holder, LEASE, AT_MOST, callable::test))) {
            Target target = targets.of(lease.delivery(), true);
            if (target == null || !room.backlog().tryTake()) {
                store.release(lease.delivery().id(), lease.token());
                return false;
            }
            log.info("Takes over delivery {} to function '{}'", lease.delivery().id(), target.functionId());
            room.resume(lease, target, lease.attempts().size(), lease.dueAt());
            claimed++;
        }
        return claimed == AT_MOST;
    }
}
