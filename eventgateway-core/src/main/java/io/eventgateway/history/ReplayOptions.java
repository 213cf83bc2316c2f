package io.eventgateway.history;

import io.eventgateway.delivery.RateLimit;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How events are delivered again. An immutable value. */
public final class ReplayOptions {
    private static final ReplayOptions ALL = new ReplayOptions(null, null, null);

    private final @Nullable String subscriptionId;
    private final @Nullable RateLimit rate;
    private final @Nullable String name;

    private ReplayOptions(@Nullable String subscriptionId, @Nullable RateLimit rate, @Nullable String name) {
        if (name != null && (name.isEmpty() || name.length() > 256)) {
            throw new IllegalArgumentException("name must have 1 to 256 characters, had " + name.length());
        }
        this.subscriptionId = subscriptionId;
        this.rate = rate;
        this.name = name;
    }

    /** To every subscription that would get the events now, at once. */
    public static ReplayOptions toAll() {
        return ALL;
    }

    /** Only to that subscription, be it new or old. */
    public static ReplayOptions to(String subscriptionId) {
        return new ReplayOptions(Objects.requireNonNull(subscriptionId, "subscriptionId must not be null"), null, null);
    }

    /** At most so many events. */
    public ReplayOptions rate(RateLimit limit) {
        return new ReplayOptions(subscriptionId, limit, name);
    }

    /** As a consumer whose position is kept by name in the space. */
    public ReplayOptions named(String consumer) {
        return new ReplayOptions(subscriptionId, rate, Objects.requireNonNull(consumer, "consumer must not be null"));
    }

    /** The only subscription that gets them; null for all that would get them now. */
    public @Nullable String subscriptionId() {
        return subscriptionId;
    }

    /** How many events at most; null for as many as are taken. */
    public @Nullable RateLimit rate() {
        return rate;
    }

    /** The consumer whose position is kept, so that a replay of the same name goes on where the last one ended; null for none. */
    public @Nullable String name() {
        return name;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ReplayOptions that
                && Objects.equals(subscriptionId, that.subscriptionId)
                && Objects.equals(rate, that.rate)
                && Objects.equals(name, that.name);
    }

    @Override
    public int hashCode() {
        return Objects.hash(subscriptionId, rate, name);
    }

    @Override
    public String toString() {
        return "ReplayOptions[" + "subscriptionId=" + subscriptionId + ", " + "rate=" + rate + ", " + "name=" + name
                + "]";
    }
}
