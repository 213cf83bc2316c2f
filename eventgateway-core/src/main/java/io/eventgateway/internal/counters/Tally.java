package io.eventgateway.internal.counters;

/** Counts an event that was accepted, and the deliveries that it was accepted for. */
@FunctionalInterface
public interface Tally {
    /** An event of the type was accepted. */
    void accepted(String eventType);
}
