package io.eventgateway.internal.delivery;

import io.eventgateway.delivery.RateLimit;

/**
 * The tokens of a rate limit, as the generic cell rate algorithm keeps them (ITU-T I.371): one time, at which the bucket would be
 * full. Guarded by the lock of its limits.
 */
final class TokenBucket {
    private final long nanosPerToken;
    private final long depthNanos;
    private long fullAt;

    TokenBucket(RateLimit limit, long now) {
        this.nanosPerToken = Math.max(1, limit.per().toNanos() / limit.permits());
        this.depthNanos = Math.multiplyExact(nanosPerToken, (long) limit.burst() - 1);
        this.fullAt = now;
    }

    /** Returns how long until there is a token, in nanoseconds; 0 or less when there is one. */
    long nanosUntilToken(long now) {
        return (fullAt - now > 0 ? fullAt - now : 0) - depthNanos;
    }

    void take(long now) {
        fullAt = (fullAt - now > 0 ? fullAt : now) + nanosPerToken;
    }

    /** Puts a token back that was taken for a call which is not made. */
    void putBack() {
        fullAt -= nanosPerToken;
    }
}
