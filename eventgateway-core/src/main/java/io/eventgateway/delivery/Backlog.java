package io.eventgateway.delivery;

import io.eventgateway.EventGateway;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How much a gateway may have accepted and not yet delivered, and what happens beyond. An immutable value; see {@link
 * EventGateway.Builder#backlog(Backlog)}.
 */
public final class Backlog {
    private static final Duration MAX_WAIT = Duration.ofDays(1);
    private static final Backlog DEFAULTS =
            new Backlog(10_000, 128L * 1024 * 1024, BacklogPolicy.BLOCK, Duration.ofSeconds(30));

    private final int bound;
    private final long bytes;
    private final BacklogPolicy policy;
    private final Duration maxWait;

    private Backlog(int bound, long bytes, BacklogPolicy policy, Duration maxWait) {
        if (bound < 1) {
            throw new IllegalArgumentException("backlog must be at least 1, was " + bound);
        }
        if (bytes < 1) {
            throw new IllegalArgumentException("the bytes of the backlog must be at least 1, was " + bytes);
        }
        Objects.requireNonNull(policy, "policy must not be null");
        Objects.requireNonNull(maxWait, "maxWait must not be null");
        if (maxWait.isNegative() || maxWait.compareTo(MAX_WAIT) > 0) {
            throw new IllegalArgumentException(
                    "the wait of the backlog must be zero to " + MAX_WAIT + ", was " + maxWait);
        }
        this.bound = bound;
        this.bytes = bytes;
        this.policy = policy;
        this.maxWait = maxWait;
    }

    /** 10,000 deliveries and 128 MiB, {@link BacklogPolicy#BLOCK}, 30 s. */
    public static Backlog defaults() {
        return DEFAULTS;
    }

    /** At most so many unfinished deliveries, the rest as in {@link #defaults()}. */
    public static Backlog of(int bound) {
        return new Backlog(bound, DEFAULTS.bytes, DEFAULTS.policy, DEFAULTS.maxWait);
    }

    /** The same with another policy for what has no room. */
    public Backlog withPolicy(BacklogPolicy whenFull) {
        return new Backlog(bound, bytes, whenFull, maxWait);
    }

    /**
     * The same with another bound of bytes for the data of events with unfinished deliveries. What was given as bytes or text
     * counts; objects do not, since nobody knows their size. The policy holds at this bound too.
     */
    public Backlog withBytes(long most) {
        return new Backlog(bound, most, policy, maxWait);
    }

    /** The same with another time for which {@link BacklogPolicy#BLOCK} waits for room; zero to a day. */
    public Backlog withWait(Duration atMost) {
        return new Backlog(bound, bytes, policy, atMost);
    }

    /** How many accepted deliveries may be unfinished at once. */
    public int bound() {
        return bound;
    }

    /** How many bytes the data of their events may take. */
    public long bytes() {
        return bytes;
    }

    /** What happens to an event that has no room. */
    public BacklogPolicy policy() {
        return policy;
    }

    /** How long {@link BacklogPolicy#BLOCK} waits for room. */
    public Duration maxWait() {
        return maxWait;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Backlog that
                && bound == that.bound
                && bytes == that.bytes
                && policy == that.policy
                && maxWait.equals(that.maxWait);
    }

    @Override
    public int hashCode() {
        return Objects.hash(bound, bytes, policy, maxWait);
    }

    @Override
    public String toString() {
        return "Backlog[bound=" + bound + ", bytes=" + bytes + ", policy=" + policy + ", maxWait=" + maxWait + "]";
    }
}
