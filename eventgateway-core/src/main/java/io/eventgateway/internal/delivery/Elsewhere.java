package io.eventgateway.internal.delivery;

import io.eventgateway.DeadLetter;
import io.eventgateway.DeliveryStatus;
import io.eventgateway.EventGatewayException;
import io.eventgateway.InvocationException;
import io.eventgateway.InvocationResult;
import io.eventgateway.spi.EventStore;
import io.eventgateway.spi.EventStore.DeliveryId;
import io.eventgateway.spi.EventStore.State;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The deliveries of this gateway's emissions that are in the store and not in its hands: those of a transaction that is still
 * open, those put off, and those to functions that only other gateways can call. Their emissions end when the store says so.
 *
 * <p>Emissions are held weakly: who has let go of one does not want to know. Thread-safe.
 */
final class Elsewhere {
    private static final int MOST = 100_000;
    private static final long TRANSACTION_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** For so long the gateway looks often for the commit of a transaction. */
    private static final long SOON_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** One that is expected to come back, or to end elsewhere. */
    record Expected(
            WeakReference<PendingEmission> emission, int index, long position, boolean uncommitted, long since) {}

    private final Deliveries room;
    private final Map<DeliveryId, Expected> expected = new ConcurrentHashMap<>();
    private final AtomicInteger uncommitted = new AtomicInteger();
    private volatile boolean closed;

    Elsewhere(Deliveries room) {
        this.room = room;
    }

    void expect(PendingEmission emission, int index, DeliveryId id, long position, boolean inTransaction) {
        if (expected.size() >= MOST) {
            end(emission, index, "it is in the store, but the gateway follows no more than " + MOST + " of these");
            return;
        }
        add(
                id,
                new Expected(
                        new WeakReference<>(emission),
                        index,
                        position,
                        inTransaction,
                        room.clockwork().now()));
        if (closed) {
            close();
        }
    }

    private void add(DeliveryId id, Expected each) {
        if (expected.put(id, each) == null && each.uncommitted()) {
            uncommitted.incrementAndGet();
        }
    }

    /** It is in this gateway's hands now; null when it was not expected. */
    @Nullable Expected arrived(DeliveryId id) {
        Expected found = expected.remove(id);
        if (found != null && found.uncommitted()) {
            uncommitted.decrementAndGet();
        }
        return found;
    }

    /** How long the last emission in a transaction has waited for the commit, in nanoseconds; negative when none does. */
    long awaitsCommitSince() {
        if (uncommitted.get() == 0) {
            return -1;
        }
        long now = room.clockwork().now();
        long youngest = Long.MAX_VALUE;
        for (Expected each : expected.values()) {
            if (each.uncommitted()) {
                youngest = Math.min(youngest, now - each.since());
            }
        }
        return youngest > SOON_NANOS ? -1 : youngest;
    }

    boolean isEmpty() {
        return expected.isEmpty();
    }

    /** Ends those that have ended elsewhere. */
    void look() {
        Map<DeliveryId, Long> asked = new HashMap<>();
        long now = room.clockwork().now();
        expected.forEach((id, each) -> {
            if (each.emission().get() == null && (!each.uncommitted() || now - each.since() > SOON_NANOS)) {
                arrived(id);
            } else if (asked.size() < 1_000) {
                asked.put(id, each.position());
            }
        });
        if (asked.isEmpty()) {
            return;
        }
        room.ledger().store().states(asked).forEach((id, state) -> found(id, state, now));
    }

    private void found(DeliveryId id, State state, long now) {
        Expected each = expected.get(id);
        if (each == null) {
            return;
        }
        boolean forgotten = state == State.UNKNOWN && (!each.uncommitted() || now - each.since() > TRANSACTION_NANOS);
        if (state == State.ENDED || state == State.DEAD_LETTER || forgotten) {
            Expected gone = arrived(id);
            PendingEmission emission = gone == null ? null : gone.emission().get();
            if (gone != null && emission != null) {
                int index = gone.index();
                room.offThisThread(() -> end(emission, index, id, state));
            }
        } else if (state == State.PENDING && each.uncommitted()) {
            Expected committed = new Expected(each.emission(), each.index(), each.position(), false, each.since());
            if (expected.replace(id, each, committed)) {
                uncommitted.decrementAndGet();
            }
        }
    }

    private void end(PendingEmission emission, int index, DeliveryId id, State state) {
        switch (state) {
            case ENDED -> emission.asyncEnded(index, DeliveryStatus.DELIVERED, 1, InvocationResult.empty(), null);
            case DEAD_LETTER -> {
                EventStore store = room.ledger().store();
                Target target = emission.asyncTargets()[index];
                DeadLetter letter = store.deadLetter(target.function().space(), id);
                boolean expired = letter != null && letter.reason() == DeadLetter.Reason.EXPIRED;
                emission.asyncEnded(
                        index,
                        expired ? DeliveryStatus.EXPIRED : DeliveryStatus.DEAD_LETTERED,
                        letter == null ? 0 : letter.attempts().size(),
                        null,
                        failure(letter == null ? "another gateway gave the delivery up" : letter.message()));
            }
            default -> end(emission, index, "its transaction was not committed within a minute");
        }
    }

    private static void end(PendingEmission emission, int index, String why) {
        emission.asyncEnded(index, DeliveryStatus.DROPPED, 0, null, failure(why));
    }

    private static EventGatewayException failure(String message) {
        return new InvocationException(InvocationException.Kind.CALL_FAILED, true, message);
    }

    /** The gateway closes: nobody follows them any more. */
    void close() {
        closed = true;
        List<DeliveryId> ids = new ArrayList<>(expected.keySet());
        for (DeliveryId id : ids) {
            Expected each = arrived(id);
            PendingEmission emission = each == null ? null : each.emission().get();
            if (each != null && emission != null) {
                end(emission, each.index(), "the gateway closed before the delivery ended; it stays in the store");
            }
        }
    }
}
