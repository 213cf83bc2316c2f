package io.eventgateway.history;

import io.eventgateway.delivery.RateLimit;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How events are delivered again. An immutable value.
 *
 * @param subscriptionId the only subscription that gets them; null for all that would get them now
 * @param rate how many events at most; null for as many as are taken
 * @param name the consumer whose position is kept, so that a replay of the same name goes on where the last one ended; null for
 *     none
 */
public record ReplayOptions(
        @Nullable String subscriptionId,
        @Nullable RateLimit rate,
        @Nullable String name) {
    private static final ReplayOptions ALL = new ReplayOptions(null, null, null);

    /** Refuses a name that is empty or longer than 256. */
    public ReplayOptions {
        if (name != null && (name.isEmpty() || name.length() > 256)) {
            throw new IllegalArgumentException("name must have 1 to 256 characters, had " + name.length());
        }
    }

    /** To every subscription that would get the events now, at once. */
    public static ReplayOptions toAll() {
        return ALL;
    }

    /** Only to that subscription, be it new or old. */
    public static ReplayOptions to(String subscriptionId) {
        return new ReplayOptions(Objects.requireNonNull(subscriptionId, "subscriptionId"), null, null);
    }

    /** At most so many events. */
    public ReplayOptions rate(RateLimit limit) {
        return new ReplayOptions(subscriptionId, limit, name);
    }

    /** As a consumer whose position is kept by name in the space. */
    public ReplayOptions named(String consumer) {
        return new ReplayOptions(subscriptionId, rate, Objects.requireNonNull(consumer, "consumer"));
    }
}
