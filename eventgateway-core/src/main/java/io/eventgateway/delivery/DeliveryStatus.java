package io.eventgateway.delivery;

/** How a delivery ended. */
public enum DeliveryStatus {
    /** The function took the event. */
    DELIVERED,
    /** The delivery was given up, because the function failed or its time ran out; {@link DeliveryResult#failure()} says why. */
    DEAD_LETTERED,
    /** The event's time ran out before a function took it, and nothing is kept of that. */
    EXPIRED,
    /** The backlog was full and its policy is to drop, its event was erased, or the gateway closed before the delivery could end. */
    DROPPED,
    /** The gateway closed, or lost its lease, and its store has the delivery for another gateway or for the next start. */
    RELEASED
}
