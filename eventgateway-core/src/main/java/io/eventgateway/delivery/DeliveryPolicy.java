package io.eventgateway.delivery;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.eventgateway.EventGateway;
import io.eventgateway.SystemEvent;
import io.eventgateway.internal.json.ValueJson;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How long and how often the gateway tries to deliver an event to one subscription, and under which limits. An immutable value
 * with a JSON form, which has only what is set.
 *
 * <p>A part that is not set is null, and comes from the gateway's {@linkplain EventGateway.Builder#defaultDelivery default policy};
 * what that does not set either is as in {@link #defaults()}. A sync subscription makes one attempt unless its own policy says
 * {@code maxAttempts}. Where a part that is set excludes one that would come from the default, the part that is set holds. A sync
 * subscription's own policy may set {@code maxAttempts}, {@code backoff}, {@code timeout}, {@code timeToLive}, {@code retryOn} and {@code
 * deadLetter}, an http subscription's {@code timeout}: the other parts would do nothing, so the subscription is refused.
 */
@JsonAutoDetect(
        getterVisibility = JsonAutoDetect.Visibility.NONE,
        isGetterVisibility = JsonAutoDetect.Visibility.NONE,
        fieldVisibility = JsonAutoDetect.Visibility.NONE)
@JsonInclude(JsonInclude.Include.NON_NULL)
public final class DeliveryPolicy {
    private static final DeliveryPolicy DEFAULTS = builder()
            .maxAttempts(5)
            .backoff(Backoff.exponential(Duration.ofSeconds(1), 2, Duration.ofMinutes(1)))
            .timeout(Duration.ofSeconds(30))
            .timeToLive(Duration.ofHours(24))
            .retryOn(RetryOn.retryable())
            .build();

    /** How often a function may be called for one delivery when a process ends in the middle. */
    public enum Guarantee {
        /** The delivery is kept until the function took it, so a crash in mid-call has it called again. */
        AT_LEAST_ONCE,
        /** The delivery's end is written before the call, so a crash in mid-call loses the event. */
        AT_MOST_ONCE
    }

    private final @Nullable Integer maxAttempts;
    private final @Nullable Backoff backoff;
    private final @Nullable Duration timeout;
    private final @Nullable Duration timeToLive;
    private final @Nullable RetryOn retryOn;
    private final @Nullable String deadLetter;
    private final @Nullable OrderBy orderBy;
    private final @Nullable Integer maxConcurrency;
    private final @Nullable RateLimit rateLimit;
    private final @Nullable Batching batching;
    private final @Nullable CircuitBreakerPolicy circuitBreaker;
    private final @Nullable Duration pauseAfterFailing;
    private final @Nullable Guarantee guarantee;

    private DeliveryPolicy(Builder builder) {
        boolean once = builder.guarantee == Guarantee.AT_MOST_ONCE;
        this.maxAttempts = builder.maxAttempts == null && once ? Integer.valueOf(1) : builder.maxAttempts;
        this.backoff = builder.backoff;
        this.timeout = builder.timeout;
        this.timeToLive = builder.timeToLive;
        this.retryOn = builder.retryOn;
        this.deadLetter = builder.deadLetter;
        this.orderBy = builder.orderBy;
        this.maxConcurrency = builder.maxConcurrency;
        this.rateLimit = builder.rateLimit;
        this.batching = builder.batching;
        this.circuitBreaker = builder.circuitBreaker;
        this.pauseAfterFailing = builder.pauseAfterFailing;
        this.guarantee = builder.guarantee;
        PolicyRules.check(this);
    }

    /** The policy of a gateway and a subscription that say nothing else: 5 attempts, from 1 s to 1 min apart, 30 s each, for 24 h. */
    public static DeliveryPolicy defaults() {
        return DEFAULTS;
    }

    /** One attempt, even if the process ends in the middle of it. See {@link Builder#atMostOnce}. */
    public static DeliveryPolicy atMostOnce() {
        return builder().atMostOnce().build();
    }

    /** A builder of a policy that sets nothing. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder that starts with what this policy sets. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.maxAttempts = maxAttempts;
        builder.backoff = backoff;
        builder.timeout = timeout;
        builder.timeToLive = timeToLive;
        builder.retryOn = retryOn;
        builder.deadLetter = deadLetter;
        builder.orderBy = orderBy;
        builder.maxConcurrency = maxConcurrency;
        builder.rateLimit = rateLimit;
        builder.batching = batching;
        builder.circuitBreaker = circuitBreaker;
        builder.pauseAfterFailing = pauseAfterFailing;
        builder.guarantee = guarantee;
        return builder;
    }

    /**
     * A policy from its JSON form.
     *
     * @throws IllegalArgumentException if the text is not the JSON form of a policy
     */
    public static DeliveryPolicy fromJson(String json) {
        return ValueJson.read("a delivery policy", json, DeliveryPolicy.class, IllegalArgumentException::new);
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
            @JsonProperty("batching") @Nullable Batching batching,
            @JsonProperty("circuitBreaker") @Nullable CircuitBreakerPolicy circuitBreaker,
            @JsonProperty("pauseAfterFailing") @Nullable Duration pauseAfterFailing,
            @JsonProperty("guarantee") @Nullable Guarantee guarantee) {
        Builder builder = new Builder();
        builder.maxAttempts = maxAttempts;
        builder.backoff = backoff;
        builder.timeout = timeout;
        builder.timeToLive = timeToLive;
        builder.retryOn = retryOn;
        builder.deadLetter = deadLetter;
        builder.orderBy = orderBy;
        builder.maxConcurrency = maxConcurrency;
        builder.rateLimit = rateLimit;
        builder.batching = batching;
        builder.circuitBreaker = circuitBreaker;
        builder.pauseAfterFailing = pauseAfterFailing;
        builder.guarantee = guarantee;
        return builder.build();
    }

    /** The JSON form, which has only what is set. */
    public String toJson() {
        return ValueJson.write(this);
    }

    /** How many times the function is called at most; null when that is not set. */
    @JsonProperty
    public @Nullable Integer maxAttempts() {
        return maxAttempts;
    }

    /**
     * How long to wait after a failed attempt; null when that is not set. Where the function answers {@code Retry-After}, or its
     * provider throttles, the longer of the two.
     */
    @JsonProperty
    public @Nullable Backoff backoff() {
        return backoff;
    }

    /**
     * How long one attempt may take, measured from the moment the function is called, and for {@code invoke} and {@code handle},
     * whose callers wait, from the moment of their call; null when that is not set. Enforced to within about 20 ms, but not on the
     * thread of an emitter who calls a sync subscription's function: only a stage that this one returns is bounded.
     */
    @JsonProperty
    public @Nullable Duration timeout() {
        return timeout;
    }

    /**
     * How long an event is worth delivering, from its acceptance on, or from the time on that it is delayed to; null when that is
     * not set. No attempt begins later.
     */
    @JsonProperty
    public @Nullable Duration timeToLive() {
        return timeToLive;
    }

    /** Which failures are tried again; null when that is not set. */
    @JsonProperty
    public @Nullable RetryOn retryOn() {
        return retryOn;
    }

    /**
     * The function that gets what is given up, as an event of type {@link SystemEvent#DELIVERY_DEAD_LETTERED}; once the function
     * took it, the dead letter is not kept. Null when that is not set: dead letters are kept.
     */
    @JsonProperty
    public @Nullable String deadLetter() {
        return deadLetter;
    }

    /** In which order events are delivered; null when that is not set. */
    @JsonProperty
    public @Nullable OrderBy orderBy() {
        return orderBy;
    }

    /** How many calls of the function may be under way for this subscription; null when that is not set. */
    @JsonProperty
    public @Nullable Integer maxConcurrency() {
        return maxConcurrency;
    }

    /** How often the function may be called for this subscription; null when that is not set. */
    @JsonProperty
    public @Nullable RateLimit rateLimit() {
        return rateLimit;
    }

    /** How many events one call may have; null when that is not set. */
    @JsonProperty
    public @Nullable Batching batching() {
        return batching;
    }

    /** When this subscription's deliveries are paused because its calls keep failing; null when that is not set. */
    @JsonProperty
    public @Nullable CircuitBreakerPolicy circuitBreaker() {
        return circuitBreaker;
    }

    /**
     * For how long all attempts must have failed for the subscription to be paused; zero for never; null when that is not set: five
     * days, and never for a function of type {@code java}. See {@link Builder#pauseAfterFailing}.
     */
    @JsonProperty
    public @Nullable Duration pauseAfterFailing() {
        return pauseAfterFailing;
    }

    /** Whether a crash in mid-call has the function called again; null when that is not set. */
    @JsonProperty
    public @Nullable Guarantee guarantee() {
        return guarantee;
    }

    private List<@Nullable Object> parts() {
        List<@Nullable Object> parts = new ArrayList<>();
        parts.add(maxAttempts);
        parts.add(backoff);
        parts.add(timeout);
        parts.add(timeToLive);
        parts.add(retryOn);
        parts.add(deadLetter);
        parts.add(orderBy);
        parts.add(maxConcurrency);
        parts.add(rateLimit);
        parts.add(batching);
        parts.add(circuitBreaker);
        parts.add(pauseAfterFailing);
        parts.add(guarantee);
        return parts;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof DeliveryPolicy that && parts().equals(that.parts());
    }

    @Override
    public int hashCode() {
        return parts().hashCode();
    }

    @Override
    public String toString() {
        return "DeliveryPolicy" + toJson();
    }

    /** Builds a {@link DeliveryPolicy}; {@link #build} checks what was set. Not thread-safe. */
    public static final class Builder {
        private @Nullable Integer maxAttempts;
        private @Nullable Backoff backoff;
        private @Nullable Duration timeout;
        private @Nullable Duration timeToLive;
        private @Nullable RetryOn retryOn;
        private @Nullable String deadLetter;
        private @Nullable OrderBy orderBy;
        private @Nullable Integer maxConcurrency;
        private @Nullable RateLimit rateLimit;
        private @Nullable Batching batching;
        private @Nullable CircuitBreakerPolicy circuitBreaker;
        private @Nullable Duration pauseAfterFailing;
        private @Nullable Guarantee guarantee;

        private Builder() {}

        /** How many times the function is called at most, 1 to 1,000. */
        public Builder maxAttempts(int attempts) {
            this.maxAttempts = attempts;
            return this;
        }

        /** How long to wait after a failed attempt. */
        public Builder backoff(Backoff backoff) {
            this.backoff = Objects.requireNonNull(backoff, "backoff must not be null");
            return this;
        }

        /** How long one attempt may take; more than zero, at most a day. */
        public Builder timeout(Duration timeout) {
            this.timeout = Objects.requireNonNull(timeout, "timeout must not be null");
            return this;
        }

        /**
         * How long an event is worth delivering, from its acceptance on, or from the time on that it is delayed to: more than zero, at
         * least the timeout, at most a year.
         */
        public Builder timeToLive(Duration timeToLive) {
            this.timeToLive = Objects.requireNonNull(timeToLive, "timeToLive must not be null");
            return this;
        }

        /** Which failures are tried again. */
        public Builder retryOn(RetryOn retryOn) {
            this.retryOn = Objects.requireNonNull(retryOn, "retryOn must not be null");
            return this;
        }

        /** The function that gets what is given up; it has to be registered before a subscription with this policy is. */
        public Builder deadLetter(String functionId) {
            this.deadLetter = Objects.requireNonNull(functionId, "functionId must not be null");
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
            PolicyRules.checkMaxConcurrency(calls);
            this.maxConcurrency = calls;
            return this;
        }

        /** How often the function may be called. */
        public Builder rateLimit(RateLimit limit) {
            this.rateLimit = Objects.requireNonNull(limit, "limit must not be null");
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

        /**
         * When this subscription's deliveries are paused because its calls keep failing; in addition to the gateway's {@linkplain
         * EventGateway.Builder#circuitBreaker breaker} of the function.
         */
        public Builder circuitBreaker(CircuitBreakerPolicy breaker) {
            this.circuitBreaker = Objects.requireNonNull(breaker, "breaker must not be null");
            return this;
        }

        /**
         * Pauses the subscription when all attempts have failed for that long, a minute to a year, or zero for never. A success in
         * between begins the time anew, and so do 24 hours without an attempt. What waits stays; {@link
         * io.eventgateway.Subscriptions#resume} is the way back. See {@link SystemEvent.SubscriptionPaused}.
         */
        public Builder pauseAfterFailing(Duration time) {
            this.pauseAfterFailing = Objects.requireNonNull(time, "time must not be null");
            return this;
        }

        /**
         * One attempt, even if the process ends in the middle of it: the delivery's end is written before its call. What fails
         * while the process lives is a dead letter. A store that gateways share has the delivery no more while it is called, so
         * an order or a number of calls is then kept within each gateway.
         *
         * <p>As a gateway's default it does not hold for subscriptions whose own policy sets {@code maxAttempts} above 1, batching or
         * an order that dead letters HOLD.
         */
        public Builder atMostOnce() {
            this.guarantee = Guarantee.AT_MOST_ONCE;
            return maxAttempts(1);
        }

        /** The delivery is kept until the function took it; this overrides a gateway's default of at most once. */
        public Builder atLeastOnce() {
            this.guarantee = Guarantee.AT_LEAST_ONCE;
            return this;
        }

        /**
         * The policy.
         *
         * @throws IllegalArgumentException if a part is out of its range, or one makes another meaningless
         */
        public DeliveryPolicy build() {
            return new DeliveryPolicy(this);
        }
    }
}
