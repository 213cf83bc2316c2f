package io.eventgateway;

/** What has happened in a gateway. Thread-safe. */
public interface EventHistory {
    /**
     * The chain of events that began with the event of that id ({@link Event#correlationId()}): which led to which, when, and how
     * their deliveries ended, as of now. Empty when no event of it led to another, or it is not remembered any more: the most
     * recent 50,000 events of chains are.
     */
    EventChain chain(String correlationId);
}
