package io.eventgateway.internal.intake;

import io.eventgateway.Emission;
import io.eventgateway.spi.EmitInterceptor;
import org.jspecify.annotations.Nullable;

/** Checks the answers of emit interceptors. */
final class Interception {
    private Interception() {}

    /**
     * Returns what an interceptor answered.
     *
     * @throws IllegalStateException if that is null
     */
    static Emission required(@Nullable Emission answered, EmitInterceptor interceptor) {
        if (answered == null) {
            throw new IllegalStateException("the emit interceptor "
                    + interceptor.getClass().getName()
                    + " returned null; it must return what chain.proceed(event) gave, or Emission.none(event)");
        }
        return answered;
    }
}
