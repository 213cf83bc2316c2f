package io.eventgateway.internal.invocation;

import io.cloudevents.CloudEvent;
import io.eventgateway.Emission;
import io.eventgateway.EmitOptions;
import io.eventgateway.Event;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The way back to the intake: what a function's call gives rise to is a new event, whose cause is that call. */
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
     * Hands an event to one function, whoever subscribes to it; never throws.
     *
     * @return whether the function took it
     */
    CompletableFuture<Boolean> handOn(String space, String functionId, String type, Object data, Event cause);
}
