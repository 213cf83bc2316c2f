package io.eventgateway.internal.delivery;

import io.eventgateway.Event;
import io.eventgateway.InvocationException;
import io.eventgateway.InvocationResult;
import io.eventgateway.Subscription;
import io.eventgateway.internal.invocation.Causes;
import io.eventgateway.internal.invocation.RegisteredFunction;
import io.eventgateway.internal.observation.GatewayObserver;
import io.eventgateway.internal.time.DrivenClock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The calls of functions whose outcome a caller waits for: {@code invoke} and {@code handle}. Thread-safe. */
final class AwaitedCalls {
    /** How long, in real time, a caller waits that is the only one who could move the clock. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Where a thread's slot has the last call that broke off. */
    private static final int BROKEN_OFF = 3;

    private final DeliveryEngine engine;
    private final @Nullable DrivenClock driver;

    AwaitedCalls(DeliveryEngine engine, @Nullable DrivenClock driver) {
        this.engine = engine;
        this.driver = driver;
    }

    /** Calls a function; see {@link DeliveryEngine#call}. */
    CompletableFuture<InvocationResult> call(
            RegisteredFunction function,
            @Nullable Subscription subscription,
            Event event,
            Duration timeout,
            boolean insideHandler) {
        AwaitedDelivery delivery =
                new AwaitedDelivery(engine, function, subscription, event, DeliveryScheduler.nanos(timeout));
        GatewayObserver observer = engine.observer();
        @Nullable Object[] slot = Causes.slot();
        engine.backlog().takeForCaller(insideHandler);
        try {
            if (!engine.live().accepted(delivery, driver == null)) {
                delivery.abandon();
                return delivery.result();
            }
            if (observer != null) {
                observer.awaited(delivery.result());
            }
            delivery.startClock();
            if (driver != null) {
                driver.together(delivery::beginHere);
            } else if (engine.workers().callHere()) {
                delivery.beginHere();
            } else {
                delivery.begin();
            }
        } catch (Throwable e) { // as where the stack is at its end, so that nothing but a write is sure to succeed here
            delivery.brokeOffBefore = (AwaitedDelivery) slot[BROKEN_OFF];
            slot[BROKEN_OFF] = delivery;
            throw e;
        } finally {
            if (slot[BROKEN_OFF] != null) {
                endBrokenOff(slot);
            }
        }
        return delivery.result();
    }

    /** Ends the calls that broke off on this thread; those that the stack is still too small for are left to the call around this one. */
    private static void endBrokenOff(@Nullable Object[] slot) {
        try {
            for (Object at = slot[BROKEN_OFF]; at != null; at = slot[BROKEN_OFF]) {
                AwaitedDelivery delivery = (AwaitedDelivery) at;
                delivery.endBrokenOff();
                slot[BROKEN_OFF] = delivery.brokeOffBefore;
            }
        } catch (StackOverflowError e) {
            // the outermost call on the thread has the stack for it
        }
    }

    /** Waits for the result of a call, which ends by itself. */
    InvocationResult await(CompletableFuture<InvocationResult> result, String functionId) {
        try {
            if (driver != null) {
                driver.await(result::isDone, engine::isBusy, PATIENCE);
                return result.get(0, TimeUnit.NANOSECONDS);
            }
            return result.get();
        } catch (TimeoutException e) {
            throw new InvocationException(
                    InvocationException.Kind.TIMEOUT,
                    true,
                    "function '" + functionId + "' has not answered, and the thread that waits for it is the one that"
                            + " would move the clock to its deadline; use invokeAsync and advance the clock",
                    e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof InvocationException failure) {
                throw failure;
            }
            throw new CompletionException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InvocationException(
                    InvocationException.Kind.CALL_FAILED,
                    true,
                    "the caller was interrupted while it waited for function '" + functionId + "'",
                    e);
        }
    }
}
