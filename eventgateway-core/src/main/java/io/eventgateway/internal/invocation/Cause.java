package io.eventgateway.internal.invocation;

import io.eventgateway.Emission;
import io.eventgateway.Event;
import org.jspecify.annotations.Nullable;

/** The cause of an event: the event that is being handled, and the function that handles it. */
public interface Cause {
    /** The event that is being handled, as it was emitted. */
    Event emitted();

    /** The function that handles it; null for none, as with a system event's. */
    default @Nullable String functionId() {
        return null;
    }

    /** The function's space; null for none, and where it is not known. */
    default @Nullable String space() {
        return null;
    }

    /** The emission that the event came with; null when it was not emitted but given to {@code invoke} or {@code handle}. */
    default @Nullable Emission emission() {
        return null;
    }

    /** Returns whether what handles the event is still wanted: false once its time is up, or its gateway has closed. */
    default boolean isWanted() {
        return true;
    }

    /** An event that no function handles. */
    static Cause of(Event event) {
        return () -> event;
    }

    /** An event that no function handles any more, with the emission that it came with; null for none. */
    static Cause of(Event event, @Nullable Emission emission) {
        return new Cause() {
            @Override
            public Event emitted() {
                return event;
            }

            @Override
            public @Nullable Emission emission() {
                return emission;
            }
        };
    }
}
