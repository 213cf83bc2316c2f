package io.eventgateway.internal.invocation;

import io.cloudevents.CloudEvent;
import io.eventgateway.Emission;
import io.eventgateway.EmitOptions;
import io.eventgateway.Event;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Emits what a call of a function gives rise to: new events, whose cause is that call. */
public interface Emitter {
    /** Emits what a handler emits or replies; null for no options. */
    Emission emit(String space, CloudEvent event, @Nullable EmitOptions options, Cause cause);

    /** An event that a function returned, and what it is caused by. */
    record Reply(CloudEvent event, Cause cause) {}

    /** Emits what a function returned: all of the events, or none. */
    void emitReplies(String space, List<Reply> replies);

    /** Emits an event of the type with the data; null for no options. */
    Emission emit(String space, String type, @Nullable Object data, @Nullable EmitOptions options, Cause cause);

    /** Emits a system event; never throws, since the work that it tells of goes on without it. */
    void emitSystem(String space, String type, Object data, Event cause);

    /**
     * Hands a dead letter to the function that gets dead letters, as a system event; when the function took it, the dead letter is purged.
     *
     * @param cause the event that was given up, with its emission
     * @param deadLetterId null when the store could not keep the dead letter
     */
    void forward(String space, String functionId, String type, Object data, Cause cause, @Nullable String deadLetterId);

    /** Takes note that a dead letter is delivered again, by an emission of its own. */
    void redriven(Emission emission);
}
