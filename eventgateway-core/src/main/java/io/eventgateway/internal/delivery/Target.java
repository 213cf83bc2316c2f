package io.eventgateway.internal.delivery;

import io.eventgateway.Subscription;
import io.eventgateway.internal.invocation.RegisteredFunction;
import java.time.Duration;

/** A subscription made ready for delivery: with the place of its function and its times in nanoseconds. */
public final class Target {
    /** What an event that nobody wants goes to. */
    public static final Target[] NONE = {};

    private final Subscription subscription;
    private final RegisteredFunction function;
    private final long timeoutNanos;

    /** A target whose attempts may take the given time. */
    public Target(Subscription subscription, RegisteredFunction function, Duration timeout) {
        this.subscription = subscription;
        this.function = function;
        this.timeoutNanos = timeout.toNanos();
    }

    /** The subscription. */
    public Subscription subscription() {
        return subscription;
    }

    RegisteredFunction function() {
        return function;
    }

    long timeoutNanos() {
        return timeoutNanos;
    }
}
