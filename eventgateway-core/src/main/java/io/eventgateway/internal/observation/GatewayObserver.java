package io.eventgateway.internal.observation;

import io.eventgateway.Emission;
import io.eventgateway.Subscription;
import io.eventgateway.delivery.DeliveryResult;
import io.eventgateway.history.Replay;

/**
 * What the test kit learns of a gateway: every emission, by whatever way it came about, and how its deliveries end. Thread-safe. It
 * is called on the thread that does what is told of, must come back soon, and throws nothing.
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

    /** A replay has begun, whose emissions are still to come. */
    void replaying(Replay replay);

    /** A subscription was created or changed; its deliveries may be paused now, or not any more. */
    void configured(String space, Subscription subscription);
}
