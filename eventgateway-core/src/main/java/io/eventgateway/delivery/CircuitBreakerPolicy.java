package io.eventgateway.delivery;

import java.time.Duration;
import java.util.Objects;

/**
 * When deliveries to a function that keeps failing are paused: after so many failures in a row, for so long; then one of them
 * probes the function, and its success lets the others go on, its failure begins the next pause. What is paused makes no
 * attempt, so it spends none. Failures that are the event's own fault (those that are not retryable) don't count.
 *
 * @param failures how many calls in a row have to fail, at least 1
 * @param pause how long, more than zero, at most a day
 */
public record CircuitBreakerPolicy(int failures, Duration pause) {
    /** Checks both. */
    public CircuitBreakerPolicy {
        Objects.requireNonNull(pause, "pause must not be null");
        if (failures < 1) {
            throw new IllegalArgumentException("failures must be at least 1, was " + failures);
        }
        if (pause.isNegative() || pause.isZero() || pause.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException("pause must be more than zero and at most PT24H, was " + pause);
        }
    }
}
