package io.eventgateway.delivery;

import io.eventgateway.InvocationException;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A call that failed.
 *
 * @param number the first is 1; counts on when a dead letter is redriven
 * @param statusCode what the function answered; null when there was no answer with one
 * @param calledFunctionId the member that a weighted group called; null where the function itself was called
 */
public record DeliveryAttempt(
        int number,
        Instant startedAt,
        Duration duration,
        InvocationException.Kind kind,
        String message,
        @Nullable Integer statusCode,
        @Nullable String calledFunctionId) {
    /** The attempt that ended with the failure. */
    public static DeliveryAttempt failed(
            int number, Instant startedAt, Duration duration, InvocationException failure) {
        return new DeliveryAttempt(
                number,
                startedAt,
                duration,
                failure.kind(),
                Objects.requireNonNullElse(failure.getMessage(), ""),
                failure.statusCode().isPresent()
                        ? (Integer) failure.statusCode().getAsInt()
                        : null,
                failure.calledFunctionId());
    }

    /** Refuses nulls in the other parts. */
    public DeliveryAttempt {
        Objects.requireNonNull(startedAt, "startedAt");
        Objects.requireNonNull(duration, "duration");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(message, "message");
    }
}
