package io.eventgateway;

import io.cloudevents.CloudEvent;
import io.eventgateway.annotation.CanIgnoreReturnValue;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a handler may know about its call. Thread-safe; usable after the handler has returned. */
public interface FunctionContext {
    /** The function that is called. */
    String functionId();

    /** The subscription that the event is delivered for; null when the function was called by {@code invoke}. */
    @Nullable String subscriptionId();

    /** The space of the function. */
    String space();

    /** Which attempt this is; the first is 1. */
    int attempt();

    /**
     * When the gateway stops waiting for the function. A sync subscription's handler runs on the emitter's thread and is not
     * interrupted; for it this is advice.
     */
    Instant deadline();

    /**
     * Emits an event in the function's space whose cause is the event being handled. On the handler's own thread a plain
     * {@code gateway.emit} does the same; from any other thread only this does.
     */
    @CanIgnoreReturnValue
    Emission emit(String type, @Nullable Object data);

    /** As {@link #emit(String, Object)}, for a complete event. */
    @CanIgnoreReturnValue
    Emission emit(CloudEvent event);

    /** As {@link #emit(String, Object)}, with what the options say, as {@link EventGateway#emit(String, Object, EmitOptions)}. */
    @CanIgnoreReturnValue
    Emission emit(String type, @Nullable Object data, EmitOptions options);

    /** As {@link #emit(CloudEvent)}, with what the options say, as {@link EventGateway#emit(CloudEvent, EmitOptions)}. */
    @CanIgnoreReturnValue
    Emission emit(CloudEvent event, EmitOptions options);
}
