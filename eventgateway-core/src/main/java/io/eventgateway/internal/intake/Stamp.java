package io.eventgateway.internal.intake;

import io.cloudevents.CloudEvent;
import io.eventgateway.Event;
import io.eventgateway.error.InvalidEventException;
import io.eventgateway.internal.invocation.Cause;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes events complete: with id, source, time and what led to them; and knows of events what only their own package does. */
public interface Stamp {
    /**
     * A new event of a type.
     *
     * @throws InvalidEventException if the type is not valid
     */
    Event event(String type, @Nullable Object data, @Nullable Cause cause);

    /**
     * The event with what it lacks; the event itself when it lacks nothing.
     *
     * @throws InvalidEventException if it is not a valid CloudEvent
     */
    Event event(CloudEvent event, @Nullable Cause cause);

    /** The event with what it lacks, as by {@link #event(CloudEvent, Cause)}, and with extensions in addition. */
    Event event(CloudEvent event, Map<String, Object> attributes, @Nullable Cause cause);

    /** How many bytes the event's data is known to take. */
    long bytes(Event event);

    /** How often a function of a space handled an event that led to this one, in this process. */
    int visits(Event event, String space, String functionId);

    /** Returns whether a system event led to this one, in this process. */
    boolean isAfterSystemEvent(Event event);

    /** The events and functions that led to this one, in this process, and its type; of a long chain its beginning and its end. */
    String path(Event event);
}
