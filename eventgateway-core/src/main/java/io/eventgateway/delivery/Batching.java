package io.eventgateway.delivery;

import java.time.Duration;
import java.util.Objects;

/**
 * Deliveries of one subscription in one invocation: as many as are waiting when {@code maxEvents} have come or the first of them
 * has waited {@code maxWait}.
 *
 * @param maxEvents 2 to 10,000
 * @param maxWait more than zero, at most 5 minutes
 */
public record Batching(int maxEvents, Duration maxWait) {
    private static final int MOST = 10_000;
    private static final Duration LONGEST = Duration.ofMinutes(5);

    /** Checks both. */
    public Batching {
        Objects.requireNonNull(maxWait, "maxWait must not be null");
        if (maxEvents < 2 || maxEvents > MOST) {
            throw new IllegalArgumentException("maxEvents must be 2 to " + MOST + ", was " + maxEvents);
        }
        if (maxWait.isNegative() || maxWait.isZero() || maxWait.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "maxWait must be more than zero and at most " + LONGEST + ", was " + maxWait);
        }
    }
}
