package io.eventgateway.internal.delivery;

import io.eventgateway.Emission;
import io.eventgateway.Event;
import io.eventgateway.InvocationException;
import io.eventgateway.InvocationResult;
import io.eventgateway.Subscription;
import io.eventgateway.error.GatewayClosedException;
import io.eventgateway.internal.invocation.Cause;
import io.eventgateway.internal.invocation.Causes;
import io.eventgateway.internal.invocation.Invocations;
import io.eventgateway.internal.invocation.RegisteredFunction;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One accepted event on its way to one function, on the gateway's threads, through as many attempts as it takes: what a worker runs. Its
 * {@linkplain AttemptState state} says who may do what.
 */
public abstract class Delivery extends AttemptState implements Runnable, Cause {
    private static final Logger log = LoggerFactory.getLogger(Delivery.class);

    /** What an attempt waits for, and which attempt that is. */
    private record Awaited(int attempt, CompletableFuture<InvocationResult> outcome) {}

    /** Not in the registry, or in which of its lists; for {@link LiveDeliveries}, whose lock guards them. */
    static final byte NOT_LIVE = 0;

    static final byte WAITS = 1;
    static final byte UNDER_WAY = 2;
    static final byte GONE = 3;

    byte liveList;
    byte liveStripe;

    @Nullable Delivery livePrevious;

    @Nullable Delivery liveNext;

    private final DeliveryEngine engine;

    private volatile boolean abandoned;
    private volatile long deadlineNanos;
    /** Written before the state becomes Phase.RUNNING, read after. */
    private @Nullable Thread runner;
    /** What its thread was running when it was called there; only for that thread. */
    private @Nullable Delivery enclosing;
    /** Written before the state becomes Phase.WAITING, read after. */
    private @Nullable Awaited awaited;

    Delivery(DeliveryEngine engine) {
        this.engine = engine;
    }

    /** Returns the function. */
    public abstract RegisteredFunction function();

    /** Returns the subscription; null for a call that no subscription is for. */
    abstract @Nullable Subscription subscription();

    /** Returns the event. */
    public abstract Event event();

    /** Returns whether the function may get an attempt twice. */
    boolean mayBeRepeated() {
        return false;
    }

    /** Returns how long an attempt may take. */
    abstract long timeoutNanos();

    /**
     * An attempt has ended; what is next is decided here, by {@link #again}, {@link #over}, or not at all when the delivery has
     * ended meanwhile. Called once for each attempt.
     *
     * @param called whether the function was called
     */
    abstract void attemptEnded(
            boolean called, @Nullable InvocationResult result, @Nullable InvocationException failure);

    /** The delivery was ended by the gateway's close or a full backlog, and not by an attempt. Called once at most. */
    abstract void dropped(int attemptsBegun, InvocationException failure);

    /** Returns whether the attempt may begin now; if not, the delivery waits again or has ended. */
    protected boolean mayBegin() {
        return true;
    }

    /** Returns how many attempts were made before the one that begins. */
    protected int attemptsBefore() {
        return 0;
    }

    protected final DeliveryEngine engine() {
        return engine;
    }

    @Override
    public final boolean isWanted() {
        int attempt = attemptsBegun();
        return isIn(attempt, Phase.RUNNING) || isIn(attempt, Phase.WAITING);
    }

    @Override
    public final Event emitted() {
        return event();
    }

    @Override
    void due() {
        throw new IllegalStateException("only a delivery for an emission waits for a time");
    }

    /** Returns when the time of the attempt that is under way is up; 0 when none is. */
    long deadlineNanos() {
        return isSettled() ? 0 : deadlineNanos;
    }

    /** Returns whether the time of the attempt that is under way is up. */
    final boolean isOverdue(long now) {
        long deadline = deadlineNanos();
        return deadline != 0 && deadline - now <= 0;
    }

    /** Returns whether the delivery takes room of its own in the backlog. */
    boolean isCounted() {
        return true;
    }

    /**
     * When it may go on, on the clock's timer: a time in the past while it is attempted or nothing but other deliveries keeps it
     * from that, {@link Long#MAX_VALUE} when it is not known to go on by itself.
     */
    long goesOnAt() {
        return Long.MIN_VALUE;
    }

    /** Starts the clock; for a delivery that somebody waits for before it is queued, for any other when its call begins. */
    final void startClock() {
        deadlineNanos = engine.scheduler().now() + timeoutNanos();
        boolean open = engine.live().begins(this);
        engine.scheduler().lookOften();
        if (!open) {
            abandon(); // it was started while the gateway closed, and nobody looks at it any more
        }
    }

    /** Returns how long the attempt has taken; zero when it did not begin. */
    final Duration elapsed() {
        return deadlineNanos == 0
                ? Duration.ZERO
                : Duration.ofNanos(engine.scheduler().now() - (deadlineNanos - timeoutNanos()));
    }

    /** Returns the deliveries that this thread is running, the innermost first. */
    static Set<Delivery> onThisThread() {
        Set<Delivery> running = new HashSet<>();
        for (Delivery at = (Delivery) Causes.slot()[1]; at != null && running.add(at); at = at.enclosing) {
            running.addAll(at.members());
        }
        return running;
    }

    /** The deliveries that its call is for, besides itself. */
    List<? extends Delivery> members() {
        return List.of();
    }

    /** Has a worker run it: it is its time and its turn. False when it has ended meanwhile. */
    final boolean begin() {
        if (!move(Phase.PARKED, Phase.READY)) {
            return false;
        }
        engine.dispatcher().enqueue(this);
        return true;
    }

    /** Runs right here. */
    final void beginHere() {
        if (move(Phase.PARKED, Phase.READY)) {
            run();
        }
    }

    /** Its attempt is not to begin yet after all; false when it has ended meanwhile. */
    protected final boolean putBack() {
        deadlineNanos = 0;
        if (!move(Phase.RUNNING, Phase.PARKED)) {
            return false;
        }
        if (engine.live().waits(this)) {
            return true;
        }
        abandon();
        return false;
    }

    /** Ends an attempt that was one call for several deliveries, with this delivery's part of the outcome. */
    final void endInBatch(@Nullable InvocationResult result, @Nullable InvocationException failure) {
        if (move(Phase.WAITING, Phase.SETTLING)) {
            attemptEnded(true, result, failure);
        }
    }

    /**
     * Has the delivery wait for another attempt; called by whoever decides on the last one. Returns false when the gateway has closed,
     * which ended the delivery.
     */
    final boolean again() {
        deadlineNanos = 0;
        set(attemptsBegun() + 1, Phase.PARKED);
        if (engine.live().waits(this)) {
            return true;
        }
        abandon();
        return false;
    }

    /** Calls the function; with several events for a batch. */
    CompletableFuture<InvocationResult> call(int attempt, long deadline) {
        return engine.invocations()
                .invoke(function(), subscription(), event(), emission(), attempt, deadline, mayBeRepeated());
    }

    @Override
    public final String functionId() {
        return function().id();
    }

    @Override
    public final String space() {
        return function().space();
    }

    /** The emission that it is for; null when a caller waits for it. */
    @Override
    public @Nullable Emission emission() {
        return null;
    }

    @Override
    public final void run() {
        int attempt = attemptsBegun();
        runner = Thread.currentThread();
        if (!move(attempt, Phase.READY, Phase.RUNNING)) {
            return; // it ended while it waited for a thread
        }
        if (!mayBegin()) {
            return;
        }
        if (deadlineNanos == 0) {
            startClock();
        }
        @Nullable Object[] slot = Causes.slot();
        Object outerCause = slot[0];
        Delivery outer = (Delivery) slot[1];
        enclosing = outer;
        slot[0] = this;
        slot[1] = this;
        CompletableFuture<InvocationResult> returned;
        try {
            returned = call(attemptsBefore() + 1, deadlineNanos);
        } catch (Throwable e) { // what was accepted ends, whatever happens on the way
            returned = CompletableFuture.failedFuture(new InvocationException(
                    InvocationException.Kind.PROVIDER_ERROR,
                    true,
                    "the call of function '" + function().id() + "' failed in the gateway: " + e,
                    e));
        } finally {
            slot[0] = outerCause;
            slot[1] = outer;
        }
        if (returned.isDone() ? !finish(attempt, Phase.RUNNING, returned) : !await(attempt, returned)) {
            afterOverrun(attempt, returned);
        }
    }

    private boolean await(int attempt, CompletableFuture<InvocationResult> returned) {
        if (!isIn(attempt, Phase.RUNNING)) {
            return false;
        }
        awaited = new Awaited(attempt, returned);
        if (!move(attempt, Phase.RUNNING, Phase.WAITING)) {
            return false;
        }
        returned.whenComplete((result, failure) -> finish(attempt, Phase.WAITING, returned));
        return true;
    }

    private boolean finish(int attempt, int from, CompletableFuture<InvocationResult> done) {
        if (!move(attempt, from, Phase.SETTLING)) {
            return from == Phase.WAITING; // whoever ended it first has said so
        }
        InvocationException failure = null;
        InvocationResult result = null;
        try {
            result = done.join();
        } catch (CompletionException e) {
            failure = (InvocationException) Objects.requireNonNull(e.getCause());
        }
        settle(true, result, failure);
        return true;
    }

    /** Decides what is next after an attempt. Whatever goes wrong on the way, what was accepted ends. */
    private void settle(boolean called, @Nullable InvocationResult result, @Nullable InvocationException failure) {
        try {
            attemptEnded(called, result, failure);
        } catch (Throwable e) {
            log.error(
                    "Event '{}' to function '{}': the end of an attempt failed in the gateway",
                    event().getId(),
                    function().id(),
                    e);
            if (move(Phase.SETTLING, Phase.ENDED)) {
                dropped(
                        attemptsBegun() + 1,
                        new InvocationException(
                                InvocationException.Kind.PROVIDER_ERROR,
                                true,
                                "the end of an attempt failed in the gateway: "
                                        + e.getClass().getName(),
                                e));
            }
        }
    }

    /** Ends the attempt before the function is called; for {@link #mayBegin}. */
    final void settleUncalled(InvocationException failure) {
        if (move(Phase.RUNNING, Phase.SETTLING)) {
            settle(false, null, failure);
        }
    }

    /** The attempt was ended while its function ran: its worker is free again, and what came back is for nobody. */
    private void afterOverrun(int attempt, CompletableFuture<InvocationResult> returned) {
        while (isIn(attempt, Phase.INTERRUPTING)) {
            Thread.onSpinWait();
        }
        Thread.interrupted(); // it was meant for the function that has returned
        Invocations.abandon(returned, Invocations.timeout(function().id(), null));
    }

    /** Ends the attempt if its time is up. */
    final void expireAt(long now) {
        int attempt = attemptsBegun(); // read before the deadline, which is the next attempt's when the state is
        long deadline = deadlineNanos;
        if (deadline == 0 || deadline - now > 0) {
            return;
        }
        if (move(attempt, Phase.READY, Phase.SETTLING)) {
            InvocationException late = new InvocationException(
                    InvocationException.Kind.TIMEOUT,
                    true,
                    "function '" + function().id() + "' was not called before the deadline: no thread was free");
            engine.dispatcher().endOverdue(() -> settle(false, null, late));
            return;
        }
        InvocationException failure = Invocations.timeout(function().id(), null);
        if (interrupt(attempt, Phase.SETTLING)) {
            engine.dispatcher().endOverdue(() -> settle(true, null, failure));
        } else if (move(attempt, Phase.WAITING, Phase.SETTLING)) {
            CompletableFuture<InvocationResult> outcome = outcomeOf(attempt);
            engine.dispatcher().endOverdue(() -> {
                try {
                    if (outcome != null) {
                        Invocations.abandon(outcome, failure); // first, so that no other call begins beside it
                    }
                } finally {
                    settle(true, null, failure);
                }
            });
        }
    }

    private boolean interrupt(int attempt, int next) {
        if (!move(attempt, Phase.RUNNING, Phase.INTERRUPTING)) {
            return false;
        }
        Objects.requireNonNull(runner).interrupt();
        set(attempt, next);
        return true;
    }

    private @Nullable CompletableFuture<InvocationResult> outcomeOf(int attempt) {
        Awaited waitedFor = awaited;
        return waitedFor != null && waitedFor.attempt() == attempt ? waitedFor.outcome() : null;
    }

    /**
     * Ends a delivery on the thread that ran it, whose run broke off wherever it was; returns false where a stage is waited for, which
     * has its deadline, and where it was ended before.
     */
    final boolean breakOff() {
        return endParked() || endReady() || move(Phase.RUNNING, Phase.ENDED) || move(Phase.SETTLING, Phase.ENDED);
    }

    /** Ends it because the gateway closes, whatever it is doing; false when it had ended, or is about to. */
    final boolean abandon() {
        InvocationException failure = new InvocationException(
                InvocationException.Kind.CALL_FAILED,
                true,
                "the gateway closed before the delivery could end",
                new GatewayClosedException("the gateway is closed"));
        return endWith(failure, true);
    }

    /** Ends it because its caller does not wait for the outcome any more; false when it had ended, or is about to. */
    final boolean cancel() {
        return endWith(
                new InvocationException(
                        InvocationException.Kind.CALL_FAILED,
                        false,
                        "the call of function '" + function().id() + "' was cancelled"),
                false);
    }

    private boolean endWith(InvocationException failure, boolean closes) {
        int attempt = attemptsBegun();
        if (endParked() || endReady()) {
            abandoned = closes;
            dropped(attempt, failure);
            return true;
        }
        if (interrupt(attempt, Phase.ENDED)) {
            abandoned = closes;
            engine.offThisThread(() -> dropped(attempt + 1, failure));
            return true;
        }
        if (move(attempt, Phase.WAITING, Phase.ENDED)) {
            abandoned = closes;
            CompletableFuture<InvocationResult> outcome = outcomeOf(attempt);
            engine.offThisThread(() -> {
                dropped(attempt + 1, failure);
                if (outcome != null) {
                    Invocations.abandon(outcome, failure);
                }
            });
            return true;
        }
        return false;
    }

    /** Returns whether the close of the gateway ended the delivery. */
    final boolean isAbandoned() {
        return abandoned;
    }
}
