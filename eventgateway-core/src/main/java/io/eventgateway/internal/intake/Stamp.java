package io.eventgateway.internal.intake;

import io.cloudevents.CloudEvent;
import io.eventgateway.Event;
import io.eventgateway.InvalidEventException;
import org.jspecify.annotations.Nullable;

/** Makes events complete: with id, source, time and the event that led to them. */
public interface Stamp {
    /**
     * A new event of a type.
     *
     * @throws InvalidEventException if the type is not valid
     */
    Event event(String type, @Nullable Object data, @Nullable Event cause);

    /**
     * The event with what it lacks; the event itself when it lacks nothing.
     *
     * @throws InvalidEventException if it is not a valid CloudEvent
     */
    Event event(CloudEvent event, @Nullable Event cause);
}
