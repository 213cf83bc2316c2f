package io.eventgateway.internal.delivery;

import io.eventgateway.Event;
import io.eventgateway.InvocationException;
import io.eventgateway.InvocationResult;
import io.eventgateway.Subscription;
import io.eventgateway.internal.counters.SpaceCounters;
import io.eventgateway.internal.counters.TargetCount;
import io.eventgateway.internal.invocation.RegisteredFunction;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A delivery whose result a caller waits for: one attempt. */
final class AwaitedDelivery extends Delivery {
    private final RegisteredFunction function;
    private final @Nullable Subscription subscription;
    private final Event event;
    private final long timeoutNanos;
    private final CompletableFuture<InvocationResult> result = new CompletableFuture<>();
    /** The call that broke off on the thread before this one; for {@link AwaitedCalls}. */
    @Nullable AwaitedDelivery brokeOffBefore;

    private boolean hasGivenBack;

    AwaitedDelivery(
            DeliveryEngine engine,
            RegisteredFunction function,
            @Nullable Subscription subscription,
            Event event,
            long timeoutNanos) {
        super(engine);
        this.function = function;
        this.subscription = subscription;
        this.event = event;
        this.timeoutNanos = timeoutNanos;
        result.whenComplete((value, failure) -> {
            if (result.isCancelled()) {
                cancel();
            }
        });
    }

    @Override
    public RegisteredFunction function() {
        return function;
    }

    @Override
    @Nullable Subscription subscription() {
        return subscription;
    }

    @Override
    public Event event() {
        return event;
    }

    @Override
    long timeoutNanos() {
        return timeoutNanos;
    }

    CompletableFuture<InvocationResult> result() {
        return result;
    }

    @Override
    void attemptEnded(boolean called, @Nullable InvocationResult value, @Nullable InvocationException failure) {
        over();
        counts().called(failure == null, elapsed().toNanos());
        end(value, failure);
    }

    @Override
    void dropped(int attemptsBegun, InvocationException failure) {
        end(null, failure);
    }

    /** Ends a call that broke off, as by the end of its thread's stack, and what its own end has left undone. */
    void endBrokenOff() {
        if (breakOff() || (isOver() && !result.isDone())) {
            end(
                    null,
                    new InvocationException(
                            InvocationException.Kind.CALL_FAILED,
                            false,
                            "the call of function '" + function.id() + "' broke off in the gateway"));
        }
    }

    /** The counts of the subscription, or of the calls of the function that no subscription is for. */
    private TargetCount counts() {
        SpaceCounters counters = engine().counters().of(function.space());
        return subscription == null
                ? counters.calls(function.id())
                : counters.find(subscription.id(), function.id(), subscription.eventType());
    }

    private void end(@Nullable InvocationResult value, @Nullable InvocationException failure) {
        if (!hasGivenBack) { // first, since who waits for the result may ask for room at once
            hasGivenBack = true;
            engine().backlog().giveBack(1);
        }
        engine().live().ended(this);
        engine().backlog().changed();
        if (failure != null) {
            result.completeExceptionally(failure);
        } else {
            result.complete(value);
        }
    }
}
