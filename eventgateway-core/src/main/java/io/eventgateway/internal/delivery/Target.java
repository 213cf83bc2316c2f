package io.eventgateway.internal.delivery;

import io.eventgateway.Subscription;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.internal.invocation.RegisteredFunction;
import org.jspecify.annotations.Nullable;

/** A subscription made ready for delivery: with the place of its function, its policy, and its lane if it needs one. */
public final class Target {
    /** What an event that nobody wants goes to. */
    public static final Target[] NONE = {};

    private final Subscription subscription;
    private final RegisteredFunction function;
    private final EffectivePolicy policy;
    /**
     * Whether the subscription has a transform. Asking the subscription at each call would cost the direct path more than the call: where
     * no transform was ever made, its class is not loaded, and the compiler does not inline a method that returns one.
     */
    private final boolean transformed;

    /** Set while this target has an order or limits; those of a crowded pool come and go. */
    private volatile @Nullable Lane lane;

    Target(Subscription subscription, RegisteredFunction function, EffectivePolicy policy, @Nullable Lane lane) {
        this.subscription = subscription;
        this.function = function;
        this.policy = policy;
        this.transformed = subscription.transform() != null;
        this.lane = lane;
    }

    /** A target with neither order nor limits. */
    public static Target withoutLimits(Subscription subscription, RegisteredFunction function, DeliveryPolicy policy) {
        return new Target(subscription, function, EffectivePolicy.of(policy), null);
    }

    /** The subscription. */
    public Subscription subscription() {
        return subscription;
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

    EffectivePolicy policy() {
        return policy;
    }

    @Nullable Lane lane() {
        return lane;
    }

    void lane(@Nullable Lane now) {
        this.lane = now;
    }
}
