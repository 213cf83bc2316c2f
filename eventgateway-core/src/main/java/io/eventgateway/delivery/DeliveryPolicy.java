package io.eventgateway.delivery;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.eventgateway.SystemEvent;
import io.eventgateway.internal.event.Names;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How long and how often the gateway tries to deliver an event to one subscription, and under which limits. An immutable value
 * with a JSON form, whose missing members are the defaults.
 *
 * @param maxAttempts how many times the function is called at most; 5 unless said. A sync subscription without a policy of its
 *     own makes one attempt.
 * @param backoff how long to wait after a failed attempt; exponential from 1 s by 2 to 1 min, ±20 %, unless said. Where the
 *     function answers {@code Retry-After}, or its provider throttles, the longer of the two.
 * @param timeout how long one attempt may take, 30 s unless said; measured from the moment the function is called, and for
 *     {@code invoke} and {@code handle}, whose callers wait, from the moment of their call. Enforced to within about 20 ms.
 * @param timeToLive how long after its acceptance an event is worth delivering, 24 h unless said; no attempt begins later
 * @param retryOn which failures are tried again
 * @param deadLetter the function that gets what is given up, as an event of type {@link SystemEvent#DELIVERY_DEAD_LETTERED};
 *     once it took it, the dead letter is not kept. Null when dead letters are kept.
 * @param orderBy in which order events are delivered; null for none
 * @param maxConcurrency how many calls of the function may be under way for this subscription; 0 for any number
 * @param rateLimit how often it may be called for this subscription; null for any rate
 * @param batching how many events one call may have; null for one
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DeliveryPolicy(
        int maxAttempts,
        Backoff backoff,
        Duration timeout,
        Duration timeToLive,
        RetryOn retryOn,
        @Nullable String deadLetter,
        @Nullable OrderBy orderBy,
        int maxConcurrency,
        @Nullable RateLimit rateLimit,
        @Nullable Batching batching) {
    private static final Duration MAX_TIMEOUT = Duration.ofDays(1);
    private static final Duration MAX_TIME_TO_LIVE = Duration.ofDays(365);
    private static final int MAX_ATTEMPTS = 1_000;
    private static final DeliveryPolicy DEFAULT = new DeliveryPolicy(
            5,
            Backoff.exponential(Duration.ofSeconds(1), 2, Duration.ofMinutes(1)),
            Duration.ofSeconds(30),
            Duration.ofHours(24),
            RetryOn.retryable(),
            null,
            null,
            0,
            null,
            null);

    /** Checks every part, and that no part makes another meaningless. */
    public DeliveryPolicy {
        Objects.requireNonNull(backoff, "backoff");
        Objects.requireNonNull(retryOn, "retryOn");
        if (maxAttempts < 1 || maxAttempts > MAX_ATTEMPTS) {
            throw new IllegalArgumentException("maxAttempts must be 1 to " + MAX_ATTEMPTS + ", was " + maxAttempts);
        }
        checked("timeout", timeout, MAX_TIMEOUT);
        checked("timeToLive", timeToLive, MAX_TIME_TO_LIVE);
        if (timeout.compareTo(timeToLive) > 0) {
            throw new IllegalArgumentException(
                    "timeout must be at most the timeToLive " + timeToLive + ", was " + timeout);
        }
        if (maxConcurrency < 0) {
            throw new IllegalArgumentException(
                    "maxConcurrency must be at least 1, or 0 for any number, was " + maxConcurrency);
        }
        if (deadLetter != null) {
            Names.check("deadLetter", deadLetter, IllegalArgumentException::new);
        }
        if (batching != null && orderBy != null && orderBy.onDeadLetter() == OrderBy.OnDeadLetter.HOLD) {
            throw new IllegalArgumentException("batching and an order that dead letters HOLD exclude each other:"
                    + " one event of a batch would have to hold the others back");
        }
    }

    private static void checked(String what, Duration value, Duration longest) {
        Objects.requireNonNull(value, what);
        if (value.isZero() || value.isNegative() || value.compareTo(longest) > 0) {
            throw new IllegalArgumentException(
                    what + " must be more than zero and at most " + longest + ", was " + value);
        }
    }

    /** The policy of a gateway and a subscription that say nothing else. */
    public static DeliveryPolicy defaults() {
        return DEFAULT;
    }

    /** One attempt, whatever comes of it: what is not delivered at once is given up. */
    public static DeliveryPolicy atMostOnce() {
        return builder().maxAttempts(1).build();
    }

    /** A builder that starts from {@link #defaults()}. */
    public static Builder builder() {
        return new Builder(DEFAULT);
    }

    /** A builder that starts from this policy. */
    public Builder toBuilder() {
        return new Builder(this);
    }

    @JsonCreator
    static DeliveryPolicy fromJson(
            @JsonProperty("maxAttempts") @Nullable Integer maxAttempts,
            @JsonProperty("backoff") @Nullable Backoff backoff,
            @JsonProperty("timeout") @Nullable Duration timeout,
            @JsonProperty("timeToLive") @Nullable Duration timeToLive,
            @JsonProperty("retryOn") @Nullable RetryOn retryOn,
            @JsonProperty("deadLetter") @Nullable String deadLetter,
            @JsonProperty("orderBy") @Nullable OrderBy orderBy,
            @JsonProperty("maxConcurrency") @Nullable Integer maxConcurrency,
            @JsonProperty("rateLimit") @Nullable RateLimit rateLimit,
            @JsonProperty("batching") @Nullable Batching batching) {
        return new DeliveryPolicy(
                Objects.requireNonNullElse(maxAttempts, DEFAULT.maxAttempts),
                Objects.requireNonNullElse(backoff, DEFAULT.backoff),
                Objects.requireNonNullElse(timeout, DEFAULT.timeout),
                Objects.requireNonNullElse(timeToLive, DEFAULT.timeToLive),
                Objects.requireNonNullElse(retryOn, DEFAULT.retryOn),
                deadLetter,
                orderBy,
                Objects.requireNonNullElse(maxConcurrency, 0),
                rateLimit,
                batching);
    }

    /** Builds a {@link DeliveryPolicy}; {@link #build} checks what was set. Not thread-safe. */
    public static final class Builder {
        private int maxAttempts;
        private Backoff backoff;
        private Duration timeout;
        private Duration timeToLive;
        private RetryOn retryOn;
        private @Nullable String deadLetter;
        private @Nullable OrderBy orderBy;
        private int maxConcurrency;
        private @Nullable RateLimit rateLimit;
        private @Nullable Batching batching;

        private Builder(DeliveryPolicy from) {
            this.maxAttempts = from.maxAttempts;
            this.backoff = from.backoff;
            this.timeout = from.timeout;
            this.timeToLive = from.timeToLive;
            this.retryOn = from.retryOn;
            this.deadLetter = from.deadLetter;
            this.orderBy = from.orderBy;
            this.maxConcurrency = from.maxConcurrency;
            this.rateLimit = from.rateLimit;
            this.batching = from.batching;
        }

        /** How many times the function is called at most, 1 to 1,000. */
        public Builder maxAttempts(int attempts) {
            this.maxAttempts = attempts;
            return this;
        }

        /** How long to wait after a failed attempt. */
        public Builder backoff(Backoff backoff) {
            this.backoff = backoff;
            return this;
        }

        /** How long one attempt may take; more than zero, at most a day. */
        public Builder timeout(Duration timeout) {
            this.timeout = timeout;
            return this;
        }

        /** How long after its acceptance an event is worth delivering; more than zero, at least the timeout, at most a year. */
        public Builder timeToLive(Duration timeToLive) {
            this.timeToLive = timeToLive;
            return this;
        }

        /** Which failures are tried again. */
        public Builder retryOn(RetryOn retryOn) {
            this.retryOn = retryOn;
            return this;
        }

        /** The function that gets what is given up. */
        public Builder deadLetter(String functionId) {
            this.deadLetter = functionId;
            return this;
        }

        /** Deliver in order, key by key; a dead letter lets the next one of its key go. See {@link OrderBy}. */
        public Builder orderBy(String key) {
            return orderBy(key, OrderBy.OnDeadLetter.RELEASE);
        }

        /** Deliver in order, key by key. See {@link OrderBy}. */
        public Builder orderBy(String key, OrderBy.OnDeadLetter onDeadLetter) {
            this.orderBy = new OrderBy(key, onDeadLetter);
            return this;
        }

        /** How many calls may be under way at once, at least 1. */
        public Builder maxConcurrency(int calls) {
            if (calls < 1) {
                throw new IllegalArgumentException("maxConcurrency must be at least 1, was " + calls);
            }
            this.maxConcurrency = calls;
            return this;
        }

        /** How often the function may be called. */
        public Builder rateLimit(RateLimit limit) {
            this.rateLimit = limit;
            return this;
        }

        /** How often the function may be called, as {@link RateLimit#of}. */
        public Builder rateLimit(int permits, Duration per) {
            return rateLimit(RateLimit.of(permits, per));
        }

        /** Up to so many events in one call, the first of which waits at most so long for the others. */
        public Builder batching(int maxEvents, Duration maxWait) {
            this.batching = new Batching(maxEvents, maxWait);
            return this;
        }

        /** One attempt, whatever comes of it. */
        public Builder atMostOnce() {
            return maxAttempts(1);
        }

        /**
         * The policy.
         *
         * @throws IllegalArgumentException if a part is out of its range, or the timeout is above the time to live
         */
        public DeliveryPolicy build() {
            return new DeliveryPolicy(
                    maxAttempts,
                    backoff,
                    timeout,
                    timeToLive,
                    retryOn,
                    deadLetter,
                    orderBy,
                    maxConcurrency,
                    rateLimit,
                    batching);
        }
    }
}
