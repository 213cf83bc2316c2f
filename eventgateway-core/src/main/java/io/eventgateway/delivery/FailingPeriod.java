package io.eventgateway.delivery;

import io.eventgateway.Subscription;
import java.time.Instant;
import java.util.Objects;

/**
 * The time in which every attempt of a subscription's deliveries has failed; see {@link Subscription#failing()}.
 *
 * @param since when the first of these attempts failed
 * @param last when one of them failed that is not long ago: it is written down every few hours
 */
public record FailingPeriod(Instant since, Instant last) {
    /** Refuses nulls, and an end before the beginning. */
    public FailingPeriod {
        Objects.requireNonNull(since, "since must not be null");
        Objects.requireNonNull(last, "last must not be null");
        if (last.isBefore(since)) {
            throw new IllegalArgumentException("last must not be before since, " + since + ", was " + last);
        }
    }
}
