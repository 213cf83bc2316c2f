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
import java.util.function.BiPredicate;
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

    /** A delivery that is expected to come back, or to end elsewhere. */
    record Expected(WeakReference<PendingEmission> emission, int index, long position, long since) {}

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
        expected.put(
                id,
                new Expected(
                        new WeakReference<>(emission),
                        index,
                        position,
                        engine.scheduler().now()));
        turn.add(id);
        if (closed) {
            close();
        }
    }

    /** Takes out a delivery that is in this gateway's hands now; returns null when it was not expected. */
    @Nullable Expected arrived(DeliveryId id) {
        return expected.remove(id);
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
            if (each == null || each.emission().get() == null) {
                arrived(id);
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
        Expected gone = state == State.PENDING ? null : arrived(id);
        PendingEmission emission = gone == null ? null : gone.emission().get();
        if (gone != null && emission != null) {
            int index = gone.index();
            engine.offThisThread(() -> end(emission, index, id, state));
        }
    }

    /** Ends those whose event was erased. */
    void erased(BiPredicate<Target, PendingEmission> isMeant) {
        expected.forEach((id, each) -> {
            PendingEmission emission = each.emission().get();
            if (emission != null
                    && isMeant.test(emission.asyncTargets()[each.index()], emission)
                    && arrived(id) != null) {
                engine.offThisThread(() -> end(emission, each.index(), "the event was erased"));
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
            Expected each = arrived(id);
            PendingEmission emission = each == null ? null : each.emission().get();
            if (each != null && emission != null) {
                release(emission, each.index(), "the gateway closed before the delivery ended; it stays in the store");
            }
        }
    }
}
