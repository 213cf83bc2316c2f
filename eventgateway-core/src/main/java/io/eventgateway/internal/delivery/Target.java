package io.eventgateway.internal.delivery;

import io.eventgateway.Subscription;
import io.eventgateway.Transform;
import io.eventgateway.delivery.Batching;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.delivery.OrderBy;
import io.eventgateway.internal.counters.Counters;
import io.eventgateway.internal.counters.TargetCount;
import io.eventgateway.internal.invocation.RegisteredFunction;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** A subscription made ready for delivery: with the place of its function, its policy, and its queue if it needs one. */
public final class Target {
    /** The targets of an event that nobody wants. */
    public static final Target[] NONE = {};

    private final Subscription subscription;
    private final RegisteredFunction function;
    private final EffectivePolicy policy;
    /**
     * Whether the subscription has a transform. Asking the subscription at each call would cost the direct path more than the call: where
     * no transform was ever made, its class is not loaded, and the compiler does not inline a method that returns one.
     */
    private final boolean transformed;

    private final @Nullable KeyOrder order;
    private final CallShape callShape;
    private final TargetCount count;
    /** Where its deliveries wait; null while nothing orders or limits them. */
    private volatile @Nullable SubscriptionQueue queue;
    /** For how long its attempts fail; null where that is not watched. Set before the target is seen by others. */
    private @Nullable FailureStreak streak;

    Target(
            Subscription subscription,
            RegisteredFunction function,
            EffectivePolicy policy,
            @Nullable SubscriptionQueue queue,
            TargetCount count) {
        this.count = count;
        this.subscription = subscription;
        this.function = function;
        this.policy = policy;
        this.transformed = subscription.transform() != null;
        this.queue = queue;
        this.order = queue == null ? null : queue.order(policy);
        this.callShape = new CallShape(function, subscription.transform(), policy.batching(), policy.timeoutNanos());
    }

    /** A target with neither order nor limits. */
    public static Target withoutLimits(Subscription subscription, RegisteredFunction function, DeliveryPolicy policy) {
        return new Target(
                subscription,
                function,
                EffectivePolicy.of(policy),
                null,
                new Counters(InstantSource.system())
                        .of(function.space())
                        .subscription(subscription.id(), function.id(), subscription.eventType()));
    }

    /** The subscription. */
    public Subscription subscription() {
        return subscription;
    }

    /** The counts of its deliveries. */
    public TargetCount count() {
        return count;
    }

    /** The function's id: the subscription's, or that of a redrive. */
    public String functionId() {
        return function.id();
    }

    /** The function. */
    public RegisteredFunction function() {
        return function;
    }

    boolean isTransformed() {
        return transformed;
    }

    /** Returns whether the function is called once at most, and rather not at all than twice. */
    public boolean isAtMostOnce() {
        return policy.isAtMostOnce();
    }

    /** How long one call of the function may take. */
    public Duration timeout() {
        return Duration.ofNanos(policy.timeoutNanos());
    }

    EffectivePolicy policy() {
        return policy;
    }

    /**
     * What deliveries must have in common to wait in one queue, and to be called together: those of a subscription as it was before an
     * update, or as a redrive names it, may go to another function.
     */
    record CallShape(
            RegisteredFunction function,
            @Nullable Transform transform,
            @Nullable Batching batching,
            long timeoutNanos) {}

    CallShape callShape() {
        return callShape;
    }

    /** The order of its deliveries; null for none. */
    @Nullable KeyOrder order() {
        return order;
    }

    /** Returns whether the later deliveries of a key wait until a dead letter of it is gone. */
    boolean holdsKeyOf(EmittedDelivery delivery) {
        OrderBy orderBy = policy.orderBy();
        return delivery.key() != null && orderBy != null && orderBy.onDeadLetter() == OrderBy.OnDeadLetter.HOLD;
    }

    @Nullable SubscriptionQueue queue() {
        return queue;
    }

    @Nullable FailureStreak streak() {
        return streak;
    }

    /** This target, whose failures are watched. */
    Target watchedBy(@Nullable FailureStreak watching) {
        this.streak = watching;
        return this;
    }

    void queue(SubscriptionQueue added) {
        this.queue = added;
    }
}
