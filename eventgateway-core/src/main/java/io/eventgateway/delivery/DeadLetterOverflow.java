package io.eventgateway.delivery;

/** What happens to dead letters when as many as may be are kept. Each that is lost is logged and counted. */
public enum DeadLetterOverflow {
    /** The oldest makes room for the new one. */
    DISCARD_OLDEST,
    /** The new one is not kept. */
    DISCARD_NEWEST
}
