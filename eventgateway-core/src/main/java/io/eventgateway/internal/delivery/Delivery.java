package io.eventgateway.internal.delivery;

import io.eventgateway.DeliveryStatus;
import io.eventgateway.Event;
import io.eventgateway.EventGatewayException;
import io.eventgateway.InvocationException;
import io.eventgateway.InvocationResult;
import io.eventgateway.Subscription;
import io.eventgateway.internal.invocation.Causes;
import io.eventgateway.internal.invocation.Invocations;
import io.eventgateway.internal.invocation.RegisteredFunction;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * One accepted event on its way to one function, on the gateway's threads. It ends exactly once, by whoever moves it to
 * {@code ENDED}: its worker, the stage that it waits for, the deadlines, or the gateway's close.
 *
 * <pre>
 * QUEUED --worker--> RUNNING --stage returned--> WAITING
 *    |                 |   \                        |
 *    |                 |    INTERRUPTING            |
 *    v                 v         v                  v
 *   ENDED            ENDED     ENDED              ENDED
 * </pre>
 *
 * {@code INTERRUPTING} lasts as long as the deadline's thread needs to interrupt the worker, which waits it out, so that the
 * interruption never hits what the worker runs next.
 */
abstract class Delivery implements Runnable {
    private static final int QUEUED = 0;
    private static final int RUNNING = 1;
    private static final int WAITING = 2;
    private static final int INTERRUPTING = 3;
    private static final int ENDED = 4;

    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(Delivery.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Deliveries room;
    private final RegisteredFunction function;
    private final @Nullable Subscription subscription;
    private final Event event;
    private final long timeoutNanos;

    private volatile int state = QUEUED;
    private volatile long deadlineNanos;
    /** Written before the state becomes RUNNING, read after. */
    private @Nullable Thread runner;
    /** What its thread was running when it was called there; only for that thread. */
    private @Nullable Delivery enclosing;
    /** Written before the state becomes WAITING, read after. */
    private @Nullable CompletableFuture<InvocationResult> outcome;

    Delivery(
            Deliveries room,
            RegisteredFunction function,
            @Nullable Subscription subscription,
            Event event,
            long timeoutNanos) {
        this.room = room;
        this.function = function;
        this.subscription = subscription;
        this.event = event;
        this.timeoutNanos = timeoutNanos;
    }

    /** Says how it ended; called once. */
    abstract void ended(
            DeliveryStatus status,
            int attempts,
            @Nullable InvocationResult result,
            @Nullable EventGatewayException failure);

    long deadlineNanos() {
        return deadlineNanos;
    }

    /** Starts the clock; for a delivery that somebody waits for before it is queued, for any other when its call begins. */
    final void startClock() {
        deadlineNanos = room.deadlines().now() + timeoutNanos;
        room.deadlines().watch(this);
    }

    /** How long ago its clock was started; zero when it was not. */
    final Duration elapsed() {
        return deadlineNanos == 0
                ? Duration.ZERO
                : Duration.ofNanos(room.deadlines().now() - (deadlineNanos - timeoutNanos));
    }

    /** What this thread is running, the innermost first. */
    static Set<Delivery> onThisThread() {
        Set<Delivery> running = new HashSet<>();
        for (Delivery at = (Delivery) Causes.slot()[1]; at != null; at = at.enclosing) {
            running.add(at);
        }
        return running;
    }

    private boolean move(int from, int to) {
        return STATE.compareAndSet(this, from, to);
    }

    @Override
    public final void run() {
        runner = Thread.currentThread();
        if (!move(QUEUED, RUNNING)) {
            return; // it ended while it waited for a thread
        }
        if (deadlineNanos == 0) {
            startClock();
        }
        @Nullable Object[] slot = Causes.slot();
        Object outer = slot[0];
        enclosing = (Delivery) slot[1];
        slot[0] = event;
        slot[1] = this;
        CompletableFuture<InvocationResult> returned;
        try {
            returned = room.invocations().invoke(function, subscription, event, 1, deadlineNanos);
        } catch (Throwable e) { // what was accepted ends, whatever happens on the way
            returned = CompletableFuture.failedFuture(new InvocationException(
                    InvocationException.Kind.PROVIDER_ERROR,
                    true,
                    "the call of function '" + function.id() + "' failed in the gateway: " + e,
                    e));
        } finally {
            slot[0] = outer;
            slot[1] = enclosing;
        }
        outcome = returned;
        if (returned.isDone() ? !finish(RUNNING, returned) : !await(returned)) {
            afterOverrun(returned);
        }
    }

    private boolean await(CompletableFuture<InvocationResult> returned) {
        if (!move(RUNNING, WAITING)) {
            return false;
        }
        returned.whenComplete((result, failure) -> finish(WAITING, returned));
        return true;
    }

    private boolean finish(int from, CompletableFuture<InvocationResult> done) {
        if (!move(from, ENDED)) {
            return from == WAITING; // whoever ended it first has said so
        }
        InvocationException failure = null;
        InvocationResult result = null;
        try {
            result = done.join();
        } catch (CompletionException e) {
            failure = (InvocationException) Objects.requireNonNull(e.getCause());
        }
        end(failure == null ? DeliveryStatus.DELIVERED : DeliveryStatus.DEAD_LETTERED, 1, result, failure);
        return true;
    }

    /** The delivery was ended while its function ran: its worker is free again, and what came back is for nobody. */
    private void afterOverrun(CompletableFuture<InvocationResult> returned) {
        while (state == INTERRUPTING) {
            Thread.onSpinWait();
        }
        Thread.interrupted(); // it was meant for the function that has returned
        room.workers().recovered();
        Invocations.abandon(returned, Invocations.timeout(function.id(), null));
    }

    /** Ends it because its time is up. */
    final void expire() {
        stop(
                DeliveryStatus.DEAD_LETTERED,
                state == QUEUED
                        ? new InvocationException(
                                InvocationException.Kind.TIMEOUT,
                                true,
                                "function '" + function.id()
                                        + "' was not called before the deadline: no thread was free")
                        : Invocations.timeout(function.id(), null));
    }

    /** Ends it because the gateway closes; false when it had ended. */
    final boolean abandon() {
        return stop(
                DeliveryStatus.DROPPED,
                new InvocationException(
                        InvocationException.Kind.CALL_FAILED,
                        true,
                        "the gateway closed before the delivery could end"));
    }

    /** Ends it, whatever it is doing; false when it had ended. */
    private boolean stop(DeliveryStatus status, InvocationException failure) {
        if (move(QUEUED, ENDED)) {
            end(status, 0, null, failure);
            return true;
        }
        if (move(RUNNING, INTERRUPTING)) {
            room.workers().overran();
            Objects.requireNonNull(runner).interrupt();
            state = ENDED;
            room.offThisThread(() -> end(status, 1, null, failure));
            return true;
        }
        if (move(WAITING, ENDED)) {
            room.offThisThread(() -> {
                end(status, 1, null, failure);
                Invocations.abandon(Objects.requireNonNull(outcome), failure);
            });
            return true;
        }
        return false;
    }

    private void end(
            DeliveryStatus status,
            int attempts,
            @Nullable InvocationResult result,
            @Nullable EventGatewayException failure) {
        room.deadlines().unwatch(this);
        try {
            ended(status, attempts, result, failure);
        } finally {
            room.backlog().giveBack(1);
        }
    }
}
