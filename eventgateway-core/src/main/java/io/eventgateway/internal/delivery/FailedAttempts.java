package io.eventgateway.internal.delivery;

import io.eventgateway.InvocationException;
import io.eventgateway.delivery.DeliveryAttempt;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The failed attempts of a delivery of which the store need not know yet: the newest, and those before it. A million deliveries may wait
 * for another attempt, so an attempt is kept in half of the memory that a {@link DeliveryAttempt} takes. Immutable.
 */
final class FailedAttempts {
    private final @Nullable FailedAttempts earlier;
    private final int number;
    private final int startedNano;
    private final long startedSecond;
    private final long tookNanos;
    private final InvocationException.Kind kind;
    private final String message;
    private final @Nullable Integer statusCode;
    private final @Nullable String calledFunctionId;

    /**
     * Creates the attempts.
     *
     * @param earlier those before; null for none
     */
    FailedAttempts(@Nullable FailedAttempts earlier, DeliveryAttempt newest) {
        this.earlier = earlier;
        this.number = newest.number();
        Instant started = newest.startedAt();
        this.startedSecond = started.getEpochSecond();
        this.startedNano = started.getNano();
        this.tookNanos = newest.duration().toNanos();
        this.kind = newest.kind();
        this.message = newest.message();
        this.statusCode = newest.statusCode();
        this.calledFunctionId = newest.calledFunctionId();
    }

    /** Returns the attempts, oldest first. */
    static Deque<DeliveryAttempt> oldestFirst(@Nullable FailedAttempts newest) {
        Deque<DeliveryAttempt> all = new ArrayDeque<>();
        for (FailedAttempts at = newest; at != null; at = at.earlier) {
            all.addFirst(new DeliveryAttempt(
                    at.number,
                    Instant.ofEpochSecond(at.startedSecond, at.startedNano),
                    Duration.ofNanos(at.tookNanos),
                    at.kind,
                    at.message,
                    at.statusCode,
                    at.calledFunctionId));
        }
        return all;
    }
}
