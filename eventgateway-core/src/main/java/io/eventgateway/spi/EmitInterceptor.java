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
     * Emission#none}), or refuses it ({@link io.eventgateway.error.EventRejectedException}). What it throws, the emitter gets, and
     * nothing is emitted unless the chain had gone on before. Null is an {@link IllegalStateException} that names the interceptor.
     *
     * <p>The events of an {@code emitAll} are accepted together after all of them were intercepted. {@code chain.proceed} then gives
     * an emission that is not accepted yet: {@code completion()} may be asked for and ends exceptionally when another event keeps
     * this one from being accepted, {@code await} throws, and no function has run. What the interceptor itself has done by then (a
     * line in an audit, a counter) stays done, so an interceptor with effects of its own has them when {@code completion()} ends.
     */
    Emission intercept(Event event, Chain chain);

    /** The rest of the way. */
    @FunctionalInterface
    interface Chain {
        /** Goes on with the event. */
        Emission proceed(Event event);
    }
}
