package io.eventgateway.internal.invocation;

import io.cloudevents.CloudEvent;
import io.eventgateway.Emission;
import io.eventgateway.Event;
import org.jspecify.annotations.Nullable;

/** The way back to the intake: what a function's call gives rise to is a new event, whose cause is the one it was called for. */
public interface Emitter {
    /** Emits what a handler emits or replies. */
    Emission emit(String space, CloudEvent event, Event cause);

    /** Emits an event of the type with the data. */
    Emission emit(String space, String type, @Nullable Object data, Event cause);

    /** Emits a system event; never throws, since the work that it tells of goes on without it. */
    void emitSystem(String space, String type, Object data, Event cause);
}
