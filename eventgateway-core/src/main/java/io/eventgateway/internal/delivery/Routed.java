package io.eventgateway.internal.delivery;

import io.eventgateway.Event;

/**
 * An event with the targets that it goes to.
 *
 * @param bytes how many bytes the event's data takes in the backlog
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and a list would cost each event
public record Routed(String space, Event event, Target[] sync, Target[] async, long bytes) {}
