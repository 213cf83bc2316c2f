package io.eventgateway.internal.delivery;

import io.eventgateway.FunctionDefinition;
import io.eventgateway.InvocationException;
import io.eventgateway.Subscription;
import io.eventgateway.SubscriptionMode;
import io.eventgateway.SystemEvent;
import io.eventgateway.delivery.FailingPeriod;
import io.eventgateway.internal.invocation.RegisteredFunction;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The streaks of a gateway's async subscriptions: it pauses those all of whose attempts have failed for long, as Svix disables an
 * endpoint. Thread-safe.
 */
public final class FailureStreaks {
    private static final Logger log = LoggerFactory.getLogger(FailureStreaks.class);
    /** Svix's. */
    private static final Duration ELSEWHERE = Duration.ofDays(5);

    private final DeliveryEngine engine;
    private final Map<String, Map<String, FailureStreak>> streaks = new ConcurrentHashMap<>();
    private volatile @Nullable FailingSubscriptions subscriptions;

    FailureStreaks(DeliveryEngine engine) {
        this.engine = engine;
    }

    /** Sets where it is written down; nothing is paused before. */
    public void writeTo(FailingSubscriptions registry) {
        this.subscriptions = registry;
    }

    /** Returns the streak of a subscription that is configured; null for one that is not, or can't be paused. */
    @Nullable FailureStreak known(Subscription subscription, RegisteredFunction function) {
        Map<String, FailureStreak> ofSpace = streaks.get(function.space());
        return ofSpace == null ? null : ofSpace.get(subscription.id());
    }

    /** Returns the streak of a subscription that is being configured; null for one that can't be paused. */
    @Nullable FailureStreak of(Subscription subscription, RegisteredFunction function) {
        return subscription.mode() == SubscriptionMode.ASYNC
                ? streaks.computeIfAbsent(function.space(), space -> new ConcurrentHashMap<>())
                        .computeIfAbsent(subscription.id(), id -> new FailureStreak())
                : null;
    }

    /** A subscription was deleted. */
    void forget(String space, String subscriptionId) {
        Map<String, FailureStreak> ofSpace = streaks.get(space);
        if (ofSpace != null) {
            ofSpace.remove(subscriptionId);
        }
    }

    /** A function took an event. */
    void succeeded(Target target) {
        FailureStreak streak = target.streak();
        if (streak != null && streak.isFailing() && streak.succeeded()) {
            engine.offThisThread(() -> store(target, streak));
        }
    }

    /** An attempt failed. */
    void failed(EmittedDelivery delivery, InvocationException failure) {
        Target target = delivery.target();
        FailureStreak streak = target.streak();
        boolean ownSide = failure.kind() == InvocationException.Kind.CALL_FAILED && !failure.retryable();
        if (streak == null || ownSide) { // an event that can't be sent says nothing about the function
            return;
        }
        Duration limit = limit(target);
        if (limit.isZero()) {
            return;
        }
        switch (streak.failed(engine.now().toEpochMilli(), limit.toMillis())) {
            case NOTHING -> {}
            case STORE -> engine.offThisThread(() -> store(target, streak));
            case PAUSE -> engine.offThisThread(() -> pause(delivery, streak));
        }
    }

    private static Duration limit(Target target) {
        Duration set = target.policy().pauseAfterFailing();
        if (set != null) {
            return set;
        }
        FunctionDefinition function = target.function().definition();
        return function == null || function.type().equals(FunctionDefinition.JAVA) ? Duration.ZERO : ELSEWHERE;
    }

    private void store(Target target, FailureStreak streak) {
        FailingSubscriptions registry = subscriptions;
        if (registry == null) {
            return;
        }
        try {
            registry.failing(target.function().space(), target.subscription().id(), streak.period());
        } catch (RuntimeException e) { // it is written again hours later, and the deliveries don't depend on it
            log.debug("It was not written down for how long {} fails", target.subscription(), e);
        }
    }

    private void pause(EmittedDelivery delivery, FailureStreak streak) {
        Target target = delivery.target();
        FailingPeriod period = streak.period();
        FailingSubscriptions registry = subscriptions;
        if (registry == null || period == null) {
            return; // a success came in between
        }
        String space = target.function().space();
        String id = target.subscription().id();
        try {
            if (!registry.pauseFailing(space, id, period)) {
                return;
            }
        } catch (RuntimeException e) { // the next failure tries again
            log.warn("Subscription '{}' of space '{}' should be paused and could not be", id, space, e);
            return;
        }
        log.warn(
                "Subscription '{}' of space '{}' was paused: all calls of function '{}' have failed since {}; its events"
                        + " wait until it is resumed",
                id,
                space,
                target.functionId(),
                period.since());
        target.function()
                .systemEvents()
                .paused(new SystemEvent.SubscriptionPaused(
                        space, id, target.functionId(), period.since(), delivery.event()));
    }
}
