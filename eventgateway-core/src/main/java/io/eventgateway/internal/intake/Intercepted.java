package io.eventgateway.internal.intake;

import io.eventgateway.Emission;
import io.eventgateway.Event;
import io.eventgateway.spi.EmitInterceptor;
import org.jspecify.annotations.Nullable;

/** What an emit interceptor answered. */
final class Intercepted {
    private Intercepted() {}

    /**
     * The answer.
     *
     * @throws IllegalStateException if there is none, which the emitter could only find out by a NullPointerException
     */
    static Emission by(EmitInterceptor interceptor, Event event, @Nullable Emission answered) {
        if (answered == null) {
            throw new IllegalStateException(
                    "emit interceptor " + interceptor.getClass().getName()
                            + " returned null for event '" + event.getId() + "' of type '" + event.getType()
                            + "'; return the emission that chain.proceed(event) gives, return Emission.none(event) to swallow the event,"
                            + " or throw an EventRejectedException to refuse it");
        }
        return answered;
    }
}
