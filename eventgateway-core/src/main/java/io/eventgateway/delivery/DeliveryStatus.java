package io.eventgateway.delivery;

/** How a delivery ended. */
public enum DeliveryStatus {
    /** The function took the event. */
    DELIVERED,
    /** The function failed and the delivery was given up; {@link DeliveryResult#failure()} says why. */
    DEAD_LETTERED,
    /** The event's time ran out before a function took it. */
    EXPIRED,
    /** The backlog was full and its policy is to drop, or the gateway closed before the delivery could end. */
    DROPPED
}
