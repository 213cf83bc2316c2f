package io.eventgateway.internal.delivery;

import io.eventgateway.delivery.RateLimit;

/**
 * The tokens of a rate limit, as the generic cell rate algorithm keeps them (ITU-T I.371): one time, at which the bucket would be
 * full. Guarded by the lock of its limits.
 */
final class TokenBucket implements Tokens {
    private final long nanosPerToken;
    private final long depthNanos;
    private long fullAt;

    TokenBucket(RateLimit limit, long now) {
        this.nanosPerToken = Math.max(1, limit.per().toNanos() / limit.permits());
        this.depthNanos = Math.multiplyExact(nanosPerToken, (long) limit.burst() - 1);
        this.fullAt = now;
    }

    @Override
    public long nanosUntilToken(long now) {
        return (fullAt - now > 0 ? fullAt - now : 0) - depthNanos;
    }

    @Override
    public boolean ask(long now) {
        return nanosUntilToken(now) <= 0;
    }

    @Override
    public void take(long now) {
        fullAt = (fullAt - now > 0 ? fullAt : now) + nanosPerToken;
    }

    @Override
    public void putBack() {
        fullAt -= nanosPerToken;
    }
}
