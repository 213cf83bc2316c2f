package io.eventgateway.delivery;

import io.eventgateway.InvocationException;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/**
 * A call that failed.
 *
 * @param number the first is 1; counts on when a dead letter is redriven
 * @param statusCode what the function answered; 0 when there was no answer with one
 */
public record DeliveryAttempt(
        int number,
        Instant startedAt,
        Duration duration,
        InvocationException.Kind kind,
        String message,
        int statusCode) {
    /** Refuses nulls. */
    public DeliveryAttempt {
        Objects.requireNonNull(startedAt, "startedAt");
        Objects.requireNonNull(duration, "duration");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(message, "message");
    }
}
