package io.eventgateway.internal.delivery;

import io.eventgateway.delivery.BacklogStatus;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * What holds of an engine at any time: each live delivery has room in the backlog and nothing else has, the bytes of their events are
 * counted, and no permit is out when nothing is live. For tests.
 *
 * <p>A look at an engine at work may meet a delivery half-way between the registry and the backlog. Then it looks again: what is on its
 * way arrives, and what is lost stays lost.
 */
final class Invariants {
    private static final int LOOKS = 1_000;
    private static final long PAUSE_NANOS = 50_000;

    private final DeliveryEngine engine;

    Invariants(DeliveryEngine engine) {
        this.engine = engine;
    }

    /**
     * Checks that all of it holds.
     *
     * @throws IllegalStateException if not, with what does not agree
     */
    void check() {
        String broken = broken();
        for (int i = 1; i < LOOKS && broken != null; i++) {
            LockSupport.parkNanos(PAUSE_NANOS);
            broken = broken();
        }
        if (broken != null) {
            throw new IllegalStateException(broken);
        }
    }

    private @Nullable String broken() {
        List<Delivery> live = engine.live().all();
        BacklogStatus room = engine.status();
        int counted = 0;
        long bytes = 0;
        Set<PendingEmission> emissions = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Delivery delivery : live) {
            counted += delivery.isCounted() ? 1 : 0;
            if (delivery instanceof EmittedDelivery emitted && emissions.add(emitted.emission())) {
                bytes += emitted.emission().bytesHeld();
            }
        }
        if (counted != room.pending()) {
            return counted + " deliveries are live, and the backlog has room taken for " + room.pending();
        }
        // an emission holds its bytes until its sync deliveries have ended, too, and those are not in the registry
        if (bytes > room.bytes()) {
            return "the events of live deliveries have " + bytes + " bytes, and the backlog has " + room.bytes()
                    + " taken";
        }
        int permits = live.isEmpty()
                ? engine.queues().permitsOut() - engine.heldKeys().size()
                : 0;
        return permits == 0 ? null : "no delivery is live, and " + permits + " permits are out";
    }
}
