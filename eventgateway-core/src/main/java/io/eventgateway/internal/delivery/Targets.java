package io.eventgateway.internal.delivery;

import io.eventgateway.InvocationException;
import io.eventgateway.Subscription;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.delivery.Pause;
import io.eventgateway.delivery.RateLimit;
import io.eventgateway.delivery.RetryOn;
import io.eventgateway.internal.counters.Counters;
import io.eventgateway.internal.invocation.RegisteredFunction;
import io.eventgateway.internal.observation.GatewayObserver;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The targets of a gateway's subscriptions. Configuring one changes how its deliveries are limited from now on; finding the target of a
 * delivery that was accepted before changes nothing. Thread-safe.
 */
public final class Targets {
    private final Counters counters;
    private final SubscriptionQueues queues;
    private final Breakers breakers;
    private final FailureStreaks streaks;
    private final DeadLetterForwarding forwarding;
    private final DeliveryPolicy defaultPolicy;
    private final Map<String, Predicate<InvocationException>> predicates;
    private final InstantSource clock;
    private final @Nullable GatewayObserver observer;

    Targets(DeliveryEngine engine, EngineSettings.Defaults defaults) {
        this.counters = engine.counters();
        this.queues = engine.queues();
        this.breakers = engine.breakers();
        this.streaks = engine.streaks();
        this.forwarding = engine.forwarding();
        this.defaultPolicy = defaults.policy();
        this.predicates = defaults.predicates();
        this.clock = engine.clock();
        this.observer = engine.observer();
    }

    /** Makes a subscription as it is now ready for delivery, by its policy and the gateway's. */
    public Target configure(Subscription subscription, RegisteredFunction function) {
        if (observer != null) {
            observer.configured(function.space(), subscription);
        }
        long pausedFor = pausedFor(subscription.pause());
        FailureStreak streak = streaks.of(subscription, function);
        if (streak != null) {
            streak.known(subscription, pausedFor > 0);
        }
        return queues.configure(subscription, function, policy(subscription), pausedFor)
                .watchedBy(streak);
    }

    /** Checks that a subscription could be configured; throws what {@link #configure} would throw, and changes nothing. */
    public void check(Subscription subscription) {
        RateLimit rateLimit = policy(subscription).rateLimit();
        if (rateLimit != null) {
            new TokenBucket(rateLimit, 0).nanosUntilToken(0);
        }
    }

    /** Returns for how long a pause goes on; 0 for no pause, {@link Long#MAX_VALUE} for one that only a resume ends. */
    private long pausedFor(@Nullable Pause pause) {
        Instant now = clock.instant();
        if (pause == null || !pause.isOnAt(now)) {
            return 0;
        }
        Instant until = pause.until();
        return until == null ? Long.MAX_VALUE : Math.max(1, DeliveryScheduler.nanos(Duration.between(now, until)));
    }

    /** Makes the target of a delivery that was accepted before, of a subscription as it is now; that changes nothing for others. */
    public Target find(Subscription subscription, RegisteredFunction function) {
        return forwarding.isFor(subscription)
                ? forwarding.target(subscription, function)
                : queues.find(subscription, function, policy(subscription))
                        .watchedBy(streaks.known(subscription, function));
    }

    private EffectivePolicy policy(Subscription subscription) {
        return EffectivePolicy.of(subscription.delivery(), defaultPolicy, subscription.mode(), predicates);
    }

    /** A subscription was deleted: what it held is forgotten when its last delivery has ended. */
    public void subscriptionDeleted(String space, String subscriptionId) {
        counters.of(space).deleted(subscriptionId);
        queues.retire(space, subscriptionId);
        streaks.forget(space, subscriptionId);
    }

    /** A function was deleted. */
    public void functionDeleted(RegisteredFunction function) {
        counters.of(function.space()).functionDeleted(function.id());
        breakers.forget(function);
    }

    /** Returns the retry predicate that a policy names and this gateway does not have; null when there is none. */
    public @Nullable String lackingPredicate(@Nullable DeliveryPolicy policy) {
        RetryOn retryOn = policy == null ? null : policy.retryOn();
        String name = retryOn == null ? null : retryOn.predicate();
        return name == null || predicates.containsKey(name) ? null : name;
    }
}
