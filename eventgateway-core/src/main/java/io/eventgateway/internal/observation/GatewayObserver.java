package io.eventgateway.internal.observation;

import io.eventgateway.Emission;
import io.eventgateway.Subscription;
import io.eventgateway.delivery.DeliveryResult;
import io.eventgateway.history.Replay;
import java.util.concurrent.CompletableFuture;

/**
 * An observer that the test kit gives to a gateway. It learns of every emission, by whatever way the emission came about, and of the
 * deliveries that fail. Thread-safe. The gateway calls it on the thread that does what it tells of; the observer must come back soon, and
 * throw nothing.
 */
public interface GatewayObserver {
    /**
     * An event is about to be accepted; its deliveries have not begun.
     *
     * @param again whether the event was accepted before: a dead letter is redriven, the history is replayed, or a delivery is taken
     *     over from the store
     */
    void emitted(Emission emission, boolean again);

    /** The event of an emission was not accepted after all, so that the emission never ends. */
    void refused(Emission emission, Throwable why);

    /** A delivery of an emission has ended in another way than with success. */
    void failed(Emission emission, DeliveryResult how);

    /** A caller waits for the outcome of a call, as by {@code invokeAsync} and {@code handleAsync}. */
    void awaited(CompletableFuture<?> outcome);

    /** A replay has begun, whose emissions are still to come. */
    void replaying(Replay replay);

    /** A subscription was created or changed; its deliveries may be paused now, or not any more. */
    void configured(String space, Subscription subscription);
}
