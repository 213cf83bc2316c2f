package io.eventgateway.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** The leases of all gateways, as they are seen between the gateways and the store that they share. */
final class SeenLeases {
    private final Supplier<Instant> clock;
    private final Runnable takenOver;
    private final Map<String, Instant> aliveUntil = new HashMap<>();
    private final Set<String> gone = new HashSet<>();
    private final Set<String> left = new HashSet<>();

    /**
     * Creates the leases.
     *
     * @param clock the store's
     * @param takenOver is told when a gateway that did not leave is taken over from
     */
    SeenLeases(Supplier<Instant> clock, Runnable takenOver) {
        this.clock = clock;
        this.takenOver = takenOver;
    }

    /** A gateway is alive for so much longer. */
    void extended(String holder, Duration lease) {
        aliveUntil.put(holder, clock.get().plus(lease));
    }

    /** A gateway claims, so that those whose time is over are gone. */
    void claims(String holder, Duration lease) {
        extended(holder, lease);
        Instant now = clock.get();
        aliveUntil.forEach((each, until) -> {
            if (!until.isAfter(now) && gone.add(each)) {
                takenOver.run();
            }
        });
    }

    /** A gateway leaves. */
    void leaves(String holder) {
        left.add(holder);
        gone.add(holder);
    }

    boolean hasLeft(String holder) {
        return left.contains(holder);
    }

    /** Returns whether others may claim what the gateway holds. */
    boolean isGone(String holder) {
        return gone.contains(holder);
    }
}
