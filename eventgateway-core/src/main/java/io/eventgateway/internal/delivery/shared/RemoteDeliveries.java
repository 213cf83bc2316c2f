package io.eventgateway.internal.delivery.shared;

import io.eventgateway.EventGatewayException;
import io.eventgateway.InvocationException;
import io.eventgateway.InvocationResult;
import io.eventgateway.delivery.DeadLetter;
import io.eventgateway.delivery.DeliveryStatus;
import io.eventgateway.internal.delivery.DeliveryEngine;
import io.eventgateway.internal.delivery.PendingEmission;
import io.eventgateway.internal.delivery.Target;
import io.eventgateway.spi.EventStore;
import io.eventgateway.spi.EventStore.DeliveryId;
import io.eventgateway.spi.EventStore.State;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiPredicate;
import java.util.function.ObjIntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The deliveries of this gateway's emissions that are in the store and not in its hands: those put off, those handed back, and
 * those to functions that only other gateways can call. Their emissions end when the store says so.
 *
 * <p>Emissions are held weakly: who has let go of one does not want to know. Thread-safe.
 */
final class RemoteDeliveries {
    private static final int MOST = 100_000;
    private static final int ASKED_AT_MOST = 1_000;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    /**
     * A delivery that is expected to come back, or to end elsewhere.
     *
     * @param other another emission that waits for the same delivery, since this gateway had it twice, under two leases; null for none
     */
    record Expected(
            WeakReference<PendingEmission> emission,
            int index,
            long position,
            long since,
            @Nullable Expected other) {
        Expected with(Expected another) {
            return new Expected(emission, index, position, since, other == null ? another : other.with(another));
        }
    }

    private final DeliveryEngine engine;
    private final EventStore store;
    private final Map<DeliveryId, Expected> expected = new ConcurrentHashMap<>();
    /** The ids of the expected deliveries in the order in which the store is asked about them; some are not expected any more. */
    private final Queue<DeliveryId> turn = new ConcurrentLinkedQueue<>();

    private volatile boolean closed;
    /** For whoever looks, one after the other. */
    private long lookedAt = Long.MIN_VALUE;

    RemoteDeliveries(DeliveryEngine engine, EventStore store) {
        this.engine = engine;
        this.store = store;
    }

    void expect(PendingEmission emission, int index, DeliveryId id, long position) {
        if (expected.size() >= MOST) {
            release(emission, index, "it is in the store, but the gateway follows no more than " + MOST + " of these");
            return;
        }
        Expected added = new Expected(
                new WeakReference<>(emission),
                index,
                position,
                engine.scheduler().now(),
                null);
        expected.merge(id, added, Expected::with);
        turn.add(id);
        if (closed) {
            close();
        }
    }

    /**
     * Takes out a delivery that is in this gateway's hands now, for one emission; if others wait for it, they go on waiting. Returns null
     * when it was not expected.
     */
    @Nullable Expected arrived(DeliveryId id) {
        AtomicReference<@Nullable Expected> first = new AtomicReference<>();
        expected.computeIfPresent(id, (key, known) -> {
            first.set(known);
            return known.other();
        });
        return first.get();
    }

    boolean isEmpty() {
        return expected.isEmpty();
    }

    /** Ends those that have ended elsewhere; looks at some of them a few times a second. */
    void look() {
        long now = engine.scheduler().now();
        if (lookedAt != Long.MIN_VALUE && now - lookedAt < PAUSE_NANOS) {
            return;
        }
        lookedAt = now;
        Map<DeliveryId, Long> asked = nextToAsk(now);
        if (!asked.isEmpty()) {
            store.states(asked).forEach(this::found);
        }
    }

    /** Takes some of the expected deliveries, each time those that were asked about least recently. */
    private Map<DeliveryId, Long> nextToAsk(long now) {
        Map<DeliveryId, Long> asked = new HashMap<>();
        int left = expected.size();
        DeliveryId id = left == 0 ? null : turn.poll();
        for (; id != null; id = left == 0 || asked.size() == ASKED_AT_MOST ? null : turn.poll()) {
            Expected each = expected.get(id);
            while (each != null && each.emission().get() == null) {
                arrived(id);
                each = expected.get(id);
            }
            if (each == null) {
                continue;
            }
            left--;
            turn.add(id);
            if (now - each.since() > PAUSE_NANOS) {
                asked.put(id, each.position());
            }
        }
        return asked;
    }

    private void found(DeliveryId id, State state) {
        if (state != State.PENDING) {
            takeOut(id, (emission, index) -> engine.offThisThread(() -> end(emission, index, id, state)));
        }
    }

    /** Takes a delivery out for all emissions that wait for it and that somebody has still. */
    private void takeOut(DeliveryId id, ObjIntConsumer<PendingEmission> action) {
        for (Expected each = arrived(id); each != null; each = arrived(id)) {
            PendingEmission emission = each.emission().get();
            if (emission != null) {
                action.accept(emission, each.index());
            }
        }
    }

    /** Ends those whose event was erased. */
    void erased(BiPredicate<Target, PendingEmission> isMeant) {
        expected.forEach((id, each) -> {
            PendingEmission emission = each.emission().get();
            if (emission != null && isMeant.test(emission.asyncTargets()[each.index()], emission)) {
                takeOut(
                        id,
                        (waiting, index) -> engine.offThisThread(() -> end(waiting, index, "the event was erased")));
            }
        });
    }

    void end(PendingEmission emission, int index, DeliveryId id, State state) {
        switch (state) {
            case DELIVERED -> emission.asyncEnded(index, DeliveryStatus.DELIVERED, 1, InvocationResult.empty(), null);
            case DROPPED ->
                end(emission, index, "another gateway gave the delivery up, and keeps no dead letter of it");
            case DEAD_LETTER -> {
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
            default -> end(emission, index, "the store does not know of it any more");
        }
    }

    static void end(PendingEmission emission, int index, String why) {
        emission.asyncEnded(index, DeliveryStatus.DROPPED, 0, null, failure(why));
    }

    /** The store has it, and nobody here follows it any more. */
    static void release(PendingEmission emission, int index, String why) {
        emission.asyncEnded(index, DeliveryStatus.RELEASED, 0, null, failure(why));
    }

    private static EventGatewayException failure(String message) {
        return new InvocationException(InvocationException.Kind.CALL_FAILED, true, message);
    }

    /** The gateway closes: nobody follows them any more. */
    void close() {
        closed = true;
        List<DeliveryId> ids = new ArrayList<>(expected.keySet());
        for (DeliveryId id : ids) {
            takeOut(
                    id,
                    (emission, index) -> release(
                            emission, index, "the gateway closed before the delivery ended; it stays in the store"));
        }
    }
}
