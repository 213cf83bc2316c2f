package io.eventgateway.internal.delivery;

import io.eventgateway.Event;
import io.eventgateway.internal.counters.Tally;

/**
 * An event with the targets that it goes to.
 *
 * @param tally counts the event and its deliveries when it is accepted
 * @param bytes how many bytes the event's data takes in the backlog
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and a list would cost each event
public record Routed(String space, Event event, Target[] sync, Target[] async, Tally tally, long bytes) {}
