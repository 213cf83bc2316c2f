package io.eventgateway.history;

import io.eventgateway.Event;
import java.time.Instant;
import java.util.Objects;

/**
 * An event of the history.
 *
 * @param position its place in the history, more than that of every earlier one; never given twice
 * @param recordedAt when it was accepted, by the store's clock
 */
public record RecordedEvent(long position, Instant recordedAt, Event event) {
    /** Refuses nulls. */
    public RecordedEvent {
        Objects.requireNonNull(recordedAt, "recordedAt");
        Objects.requireNonNull(event, "event");
    }
}
