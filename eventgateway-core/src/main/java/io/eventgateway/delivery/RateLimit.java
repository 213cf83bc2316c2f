package io.eventgateway.delivery;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.eventgateway.internal.json.ValueJson;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How often a subscription's function may be called: a token bucket that holds {@code burst} tokens at most and gets {@code
 * permits} new ones, evenly, in each {@code per}. Every attempt takes one; those that find none wait.
 *
 * <p>Each gateway has a bucket of its own, unless the limit is {@linkplain #shared shared}.
 *
 * @param isShared whether gateways that share a store share the bucket of a subscription
 */
public record RateLimit(
        int permits,
        Duration per,
        int burst,

        @JsonProperty("shared") @JsonInclude(JsonInclude.Include.NON_DEFAULT)
        boolean isShared) {
    private static final Duration LONGEST = Duration.ofDays(1);
    /** How long an empty bucket may take to fill: a century, so that the times of a bucket are far from the end of a long. */
    private static final Duration LONGEST_FILL = Duration.ofDays(36_500);

    /**
     * Checks that there is at least one permit and one token, in more than nothing and at most a day, and that the bucket is full
     * again within 36,500 days.
     */
    public RateLimit {
        Objects.requireNonNull(per, "per must not be null");
        if (permits < 1) {
            throw new IllegalArgumentException("permits must be at least 1, was " + permits);
        }
        if (per.isNegative() || per.isZero() || per.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("per must be more than zero and at most " + LONGEST + ", was " + per);
        }
        if (burst < 1) {
            throw new IllegalArgumentException("burst must be at least 1, was " + burst);
        }
        long nanosPerToken = Math.max(1, per.toNanos() / permits);
        long mostTokens = LONGEST_FILL.toNanos() / nanosPerToken;
        if (burst > mostTokens) {
            throw new IllegalArgumentException("burst must be at most " + mostTokens + " where a token comes each "
                    + Duration.ofNanos(nanosPerToken) + ", so that the bucket fills within " + LONGEST_FILL.toDays()
                    + " days, was " + burst);
        }
    }

    /** A limit of each gateway's own. */
    public RateLimit(int permits, Duration per, int burst) {
        this(permits, per, burst, false);
    }

    @JsonCreator
    static RateLimit fromJson(
            @JsonProperty("permits") @Nullable Integer permits,
            @JsonProperty("per") @Nullable Duration per,
            @JsonProperty("burst") @Nullable Integer burst,
            @JsonProperty("shared") @Nullable Boolean shared) {
        int checked = ValueJson.required("permits", permits);
        return new RateLimit(
                checked, ValueJson.required("per", per), burst == null ? checked : burst, shared != null && shared);
    }

    /** So many calls in each such time, all of them at once if need be. */
    public static RateLimit of(int permits, Duration per) {
        return new RateLimit(permits, per, permits);
    }

    /** So many calls in each second, all of them at once if need be. */
    public static RateLimit perSecond(int permits) {
        return of(permits, Duration.ofSeconds(1));
    }

    /** The same rate with another bucket. */
    public RateLimit withBurst(int tokens) {
        return new RateLimit(permits, per, tokens, isShared);
    }

    /**
     * The same limit for all gateways together that share a store, where the store has buckets that they can share, as {@code JdbcStores}
     * has; elsewhere it is the limit of each gateway.
     *
     * <p>A gateway takes tokens out of the shared bucket when calls wait for them: as many as come in 100 ms at a time, at least one and
     * at most a tenth of the burst. What it has not used a second later is lost. When the store can't be asked, calls wait.
     */
    public RateLimit shared() {
        return new RateLimit(permits, per, burst, true);
    }
}
