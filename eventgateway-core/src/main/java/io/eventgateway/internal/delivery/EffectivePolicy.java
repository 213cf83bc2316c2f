package io.eventgateway.internal.delivery;

import io.eventgateway.InvocationException;
import io.eventgateway.SubscriptionMode;
import io.eventgateway.delivery.Backoff;
import io.eventgateway.delivery.Batching;
import io.eventgateway.delivery.CircuitBreakerPolicy;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.delivery.OrderBy;
import io.eventgateway.delivery.RateLimit;
import io.eventgateway.delivery.RetryOn;
import io.eventgateway.spi.EventStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What holds for the deliveries of one subscription: what its own policy sets, then what the gateway's sets, then the library's
 * defaults. Its times are numbers and its retry predicate is found, so that no delivery has to work that out again. Immutable.
 */
public final class EffectivePolicy {
    private static final DeliveryPolicy NOTHING = DeliveryPolicy.builder().build();
    private static final DeliveryPolicy DEFAULTS = DeliveryPolicy.defaults();

    private final int maxAttempts;
    private final Backoff backoff;
    private final Duration timeout;
    private final long timeoutNanos;
    private final Duration timeToLive;
    private final long timeToLiveMillis;
    private final Predicate<InvocationException> retried;
    private final @Nullable String deadLetter;
    private final @Nullable OrderBy orderBy;
    private final OptionalInt maxConcurrency;
    private final @Nullable RateLimit rateLimit;
    private final @Nullable Batching batching;
    private final @Nullable CircuitBreakerPolicy circuitBreaker;
    private final @Nullable Duration pauseAfterFailing;
    private final boolean atMostOnce;
    private final boolean keepsDeadLetters;

    private EffectivePolicy(
            DeliveryPolicy own,
            DeliveryPolicy gateways,
            SubscriptionMode mode,
            Map<String, Predicate<InvocationException>> predicates,
            boolean keepsDeadLetters) {
        boolean once =
                mode == SubscriptionMode.SYNC; // its emitter waits, so it is tried again only where it says so itself
        this.maxAttempts =
                required(own.maxAttempts(), once ? Integer.valueOf(1) : gateways.maxAttempts(), DEFAULTS.maxAttempts());
        this.backoff = required(own.backoff(), gateways.backoff(), DEFAULTS.backoff());
        this.timeToLive = required(own.timeToLive(), gateways.timeToLive(), DEFAULTS.timeToLive());
        Duration limit = required(own.timeout(), gateways.timeout(), DEFAULTS.timeout());
        this.timeout = own.timeout() == null && limit.compareTo(timeToLive) > 0 ? timeToLive : limit;
        this.timeoutNanos = timeout.toNanos();
        this.timeToLiveMillis = timeToLive.toMillis();
        RetryOn retryOn = required(own.retryOn(), gateways.retryOn(), DEFAULTS.retryOn());
        String predicate = retryOn.predicate();
        this.retried = Decision.retried(retryOn, predicate == null ? null : predicates.get(predicate));
        this.deadLetter = either(own.deadLetter(), gateways.deadLetter());
        this.rateLimit = either(own.rateLimit(), gateways.rateLimit());
        this.circuitBreaker = either(own.circuitBreaker(), gateways.circuitBreaker());
        this.pauseAfterFailing = either(own.pauseAfterFailing(), gateways.pauseAfterFailing());
        Integer calls = either(own.maxConcurrency(), gateways.maxConcurrency());
        this.maxConcurrency = calls == null ? OptionalInt.empty() : OptionalInt.of(calls);
        boolean ownOnce = own.guarantee() == DeliveryPolicy.Guarantee.AT_MOST_ONCE;
        OrderBy order = either(own.orderBy(), gateways.orderBy());
        Batching batches = either(own.batching(), gateways.batching());
        boolean excludes = ownOnce || (batches != null && own.orderBy() == null); // one of both is the gateway's
        this.orderBy = order != null && holds(order) && excludes
                ? new OrderBy(order.key(), OrderBy.OnDeadLetter.RELEASE)
                : order;
        this.batching = ownOnce || (own.batching() == null && holds(order)) ? null : batches;
        this.keepsDeadLetters = keepsDeadLetters;
        this.atMostOnce = maxAttempts == 1
                && either(own.guarantee(), gateways.guarantee()) == DeliveryPolicy.Guarantee.AT_MOST_ONCE
                && batching == null
                && !holds(orderBy);
    }

    private static boolean holds(@Nullable OrderBy order) {
        return order != null && order.onDeadLetter() == OrderBy.OnDeadLetter.HOLD;
    }

    private static <T> @Nullable T either(@Nullable T own, @Nullable T gateways) {
        return own != null ? own : gateways;
    }

    private static <T> T required(@Nullable T own, @Nullable T gateways, @Nullable T defaults) {
        T set = either(own, gateways);
        return set != null ? set : Objects.requireNonNull(defaults);
    }

    /** The policy that holds where nobody but the gateway says anything, with no retry predicates. */
    public static EffectivePolicy of(DeliveryPolicy gateways) {
        return of(null, gateways, SubscriptionMode.ASYNC, Map.of());
    }

    /** The policy that holds for a subscription. */
    static EffectivePolicy of(
            @Nullable DeliveryPolicy own,
            DeliveryPolicy gateways,
            SubscriptionMode mode,
            Map<String, Predicate<InvocationException>> predicates) {
        return new EffectivePolicy(own == null ? NOTHING : own, gateways, mode, predicates, true);
    }

    /** The policy by which a dead letter is handed to the function that gets dead letters; it leaves no dead letter itself. */
    static EffectivePolicy ofHandingOn(
            DeliveryPolicy gateways, Map<String, Predicate<InvocationException>> predicates) {
        return new EffectivePolicy(NOTHING, gateways, SubscriptionMode.ASYNC, predicates, false);
    }

    int maxAttempts() {
        return maxAttempts;
    }

    Backoff backoff() {
        return backoff;
    }

    /** Returns how long one attempt may take. */
    public Duration timeout() {
        return timeout;
    }

    long timeoutNanos() {
        return timeoutNanos;
    }

    Duration timeToLive() {
        return timeToLive;
    }

    /** Tells which failures are tried again. */
    Predicate<InvocationException> retried() {
        return retried;
    }

    @Nullable String deadLetter() {
        return deadLetter;
    }

    @Nullable OrderBy orderBy() {
        return orderBy;
    }

    OptionalInt maxConcurrency() {
        return maxConcurrency;
    }

    @Nullable RateLimit rateLimit() {
        return rateLimit;
    }

    @Nullable Batching batching() {
        return batching;
    }

    @Nullable CircuitBreakerPolicy circuitBreaker() {
        return circuitBreaker;
    }

    /** Returns for how long all attempts fail before a pause; zero for never; null when that goes by the function's type. */
    @Nullable Duration pauseAfterFailing() {
        return pauseAfterFailing;
    }

    /** Returns whether the delivery's end is written before its only call. */
    boolean isAtMostOnce() {
        return atMostOnce;
    }

    /** Returns whether deliveries need a queue, because something orders or limits them. */
    boolean isLimited() {
        return orderBy != null
                || maxConcurrency.isPresent()
                || rateLimit != null
                || batching != null
                || circuitBreaker != null;
    }

    /** Returns whether what is given up is a dead letter; not when it is itself the handing on of one. */
    boolean keepsDeadLetters() {
        return keepsDeadLetters;
    }

    /** Returns when a delivery's time is out, in milliseconds of the clock: its time to live begins when it is due. */
    long expiresAtMillis(long acceptedAtMillis, EventStore.@Nullable Terms terms) {
        Instant notBefore = terms == null ? null : terms.notBefore();
        long dueAt = notBefore == null ? acceptedAtMillis : Math.max(acceptedAtMillis, millis(notBefore));
        long byPolicy = dueAt > Long.MAX_VALUE - timeToLiveMillis ? Long.MAX_VALUE : dueAt + timeToLiveMillis;
        Instant byEmitter = terms == null ? null : terms.expiresAt();
        return byEmitter == null ? byPolicy : Math.min(byPolicy, millis(byEmitter));
    }

    /** An instant in milliseconds, or the last one that can be told in them. */
    static long millis(Instant instant) {
        try {
            return instant.toEpochMilli();
        } catch (ArithmeticException e) {
            return instant.isBefore(Instant.EPOCH) ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }
}
