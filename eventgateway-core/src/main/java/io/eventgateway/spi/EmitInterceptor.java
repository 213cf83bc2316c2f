package io.eventgateway.spi;

import io.eventgateway.Emission;
import io.eventgateway.Event;

/**
 * Stands around every emit, after the event was completed and before it is routed. Thread-safe; runs on the emitter's thread.
 * System events and the events of {@code invoke} pass it by; http events do not.
 */
@FunctionalInterface
public interface EmitInterceptor {
    /**
     * Lets the event pass ({@code return chain.proceed(event)}), lets another pass in its place, swallows it ({@link
     * Emission#none}), or refuses it ({@link io.eventgateway.error.EventRejectedException}). What it throws, the emitter gets.
     */
    Emission intercept(Event event, Chain chain);

    /** The rest of the way. */
    @FunctionalInterface
    interface Chain {
        /** Goes on with the event. */
        Emission proceed(Event event);
    }
}
