package io.eventgateway.internal.delivery;

import io.eventgateway.delivery.RateLimit;
import io.eventgateway.spi.EventStore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of a rate limit that gateways share: leased from the store's bucket in blocks, as calls need them. A block is what comes in a
 * tenth of a second, and at most a tenth of the burst, so that a gateway which goes idle keeps little from the others, and not for
 * long: what it has not used within a second is lost.
 *
 * <p>Guarded by the lock of its limits.
 */
final class SharedTokens implements Tokens {
    private static final long KEPT_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long FAILED_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long BLOCK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int BLOCKS_IN_BURST = 10;

    private final RateLimit limit;
    private final int block;
    private int tokens;
    private long expiresAt;
    /** The store has none before. */
    private long nextAt;
    /** True when a call has found no token here since the store was last asked. */
    private boolean lacking;

    private boolean asked;
    private long askedAt;

    SharedTokens(RateLimit limit, long now) {
        this.limit = limit;
        this.nextAt = now;
        long perBlock = (long) limit.permits() * BLOCK_NANOS / limit.per().toNanos();
        this.block = (int) Math.max(1, Math.min(perBlock, limit.burst() / BLOCKS_IN_BURST));
    }

    @Override
    public long nanosUntilToken(long now) {
        return has(now) ? 0 : Math.max(0, nextAt - now);
    }

    private boolean has(long now) {
        return tokens > 0 && expiresAt - now > 0;
    }

    @Override
    public boolean ask(long now) {
        boolean there = has(now);
        lacking |= !there;
        return there;
    }

    @Override
    public void take(long now) {
        tokens--;
    }

    @Override
    public void putBack() {
        tokens++; // worth something as long as those that came with it
    }

    /**
     * Returns what to ask the store for; null when nothing is to be asked now. Whoever gets it asks, and tells the answer.
     *
     * @param waiting how many calls wait
     */
    EventStore.@Nullable TokenRequest request(String space, String subscriptionId, int waiting, long now) {
        boolean wanted = lacking && !asked && nextAt - now <= 0;
        lacking = false;
        if (!wanted) {
            return null;
        }
        asked = true;
        askedAt = now;
        return new EventStore.TokenRequest(space, subscriptionId, limit, Math.max(1, Math.min(block, waiting)));
    }

    /** Takes the store's answer; null when it failed. */
    void answered(EventStore.@Nullable TokenLease lease, long now) {
        asked = false;
        if (lease == null) {
            nextAt = now + FAILED_PAUSE_NANOS;
        } else if (lease.tokens() == 0) {
            nextAt = now + Math.max(1, DeliveryScheduler.nanos(lease.next()));
        } else {
            tokens = lease.tokens() + (has(now) ? tokens : 0);
            expiresAt = askedAt + KEPT_NANOS;
            nextAt = now;
        }
    }
}
