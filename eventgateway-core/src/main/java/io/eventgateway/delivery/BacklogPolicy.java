package io.eventgateway.delivery;

import io.eventgateway.EventGateway;
import io.eventgateway.SystemEvent;
import io.eventgateway.error.BacklogFullException;

/** What happens to an event that does not fit into the backlog. */
public enum BacklogPolicy {
    /**
     * The emitter waits for room, up to the gateway's backlog wait; then {@link BacklogFullException}. A handler that emits
     * never waits, because the room it would wait for may be its own: its events may take the backlog to twice its bound,
     * and are refused beyond.
     */
    BLOCK,
    /** {@link BacklogFullException} at once. */
    REJECT,
    /**
     * The event's async deliveries end {@link DeliveryStatus#DROPPED}, which the emission's report says and
     * {@link EventGateway#backlog()} counts; its sync ones are made. A caller who waits for an answer
     * ({@link EventGateway#invoke invoke}) gets {@link BacklogFullException}. Subscribers of {@link SystemEvent#EVENT_DROPPED}
     * are told.
     */
    DROP,
    /**
     * As {@link #DROP}, but of the oldest deliveries that wait for a thread, their turn or their next attempt, as many as the new
     * event needs room for; the new event's when there are not as many. Where gateways share a store, a delivery that this gateway took
     * from the store goes back there instead, because only the gateway that accepted an event can tell its emitter.
     */
    DROP_OLDEST
}
