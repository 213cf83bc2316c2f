package io.eventgateway.history;

import io.eventgateway.Event;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An event of the history.
 *
 * @param position its place in the history, more than that of every earlier one; never given twice
 * @param recordedAt when it was accepted, by the store's clock
 * @param event the event; without its data, and with the attributes that can be read, when it is unreadable
 * @param unreadable why the event can't be read: its data was encrypted with a key that the store was not given, or its row is
 *     damaged; null when it can be read
 */
public record RecordedEvent(
        long position,
        Instant recordedAt,
        Event event,
        @Nullable String unreadable) {
    /** Refuses nulls where a value must be. */
    public RecordedEvent {
        Objects.requireNonNull(recordedAt, "recordedAt");
        Objects.requireNonNull(event, "event");
    }

    /** An event that can be read. */
    public RecordedEvent(long position, Instant recordedAt, Event event) {
        this(position, recordedAt, event, null);
    }

    /** Returns whether the event is as it was recorded, with its data. */
    public boolean isReadable() {
        return unreadable == null;
    }
}
