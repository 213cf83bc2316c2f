package io.eventgateway.internal.delivery;

import io.eventgateway.Event;
import io.eventgateway.InvocationException;
import io.eventgateway.InvocationResult;
import io.eventgateway.delivery.DeadLetter;
import io.eventgateway.delivery.DeliveryAttempt;
import io.eventgateway.delivery.DeliveryStatus;
import io.eventgateway.internal.delivery.Decision.Outcome;
import io.eventgateway.internal.invocation.Cause;
import io.eventgateway.internal.invocation.Invocations;
import io.eventgateway.internal.time.DrivenClock;
import io.eventgateway.spi.EventStore.DeliveryId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The sync deliveries: calls on the emitter's thread, one attempt each unless the subscription's own policy names a number. Those
 * that fail are dead letters like all others.
 */
final class DirectCalls {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final DeliveryEngine engine;

    DirectCalls(DeliveryEngine engine) {
        this.engine = engine;
    }

    void make(PendingEmission emission, Target[] targets, @Nullable Object[] slot) {
        Event event = emission.event();
        int measured = Sampling.oneOf(targets.length);
        Object outer = slot[0];
        slot[0] = emission;
        try {
            if (measured >= 0) {
                makeMeasured(emission, targets, measured);
                return;
            }
            for (int i = 0; i < targets.length; i++) {
                Target target = targets[i];
                emission.calling(i);
                CompletableFuture<InvocationResult> outcome = call(target, event, 1, emission);
                if (outcome != null) {
                    settle(emission, i, target, outcome);
                }
            }
        } finally {
            slot[0] = outer;
        }
    }

    /** Makes the calls of an emission of which one is measured: a loop of its own, so that the usual one stays small enough to be inlined. */
    private void makeMeasured(PendingEmission emission, Target[] targets, int measured) {
        Event event = emission.event();
        for (int i = 0; i < targets.length; i++) {
            Target target = targets[i];
            emission.calling(i);
            long begun = i == measured ? System.nanoTime() : 0;
            CompletableFuture<InvocationResult> outcome = call(target, event, 1, emission);
            if (outcome != null) {
                settle(emission, i, target, outcome);
            }
            if (i == measured) {
                target.count().took(event.getType(), System.nanoTime() - begun);
            }
        }
    }

    private @Nullable CompletableFuture<InvocationResult> call(
            Target target, Event event, int attempt, PendingEmission emission) {
        DrivenClock driver = engine.driver();
        if (driver == null) {
            return callHere(target, event, attempt, emission);
        }
        AtomicReference<@Nullable CompletableFuture<InvocationResult>> outcome = new AtomicReference<>();
        driver.together(() -> outcome.set(callHere(target, event, attempt, emission)));
        return outcome.get();
    }

    private @Nullable CompletableFuture<InvocationResult> callHere(
            Target target, Event event, int attempt, PendingEmission emission) {
        return engine.invocations()
                .invokeDirectly(
                        target.function(),
                        target.subscription(),
                        event,
                        emission,
                        attempt,
                        target.policy().timeoutNanos(),
                        target.isTransformed());
    }

    /** Attempts a call that failed again if the policy wants it, and notes how a call ended that failed or returned something. */
    private void settle(PendingEmission emission, int index, Target target, CompletableFuture<InvocationResult> first) {
        Event event = emission.event();
        Instant acceptedAt = engine.clock().instant();
        int maxAttempts = target.policy().maxAttempts();
        CompletableFuture<InvocationResult> outcome = first;
        for (int attempt = 1; ; attempt++) {
            InvocationException failure;
            try {
                InvocationResult result = outcome == null ? InvocationResult.empty() : await(target, outcome);
                if (attempt > 1 || !result.isEmpty()) {
                    emission.syncEnded(index, DeliveryStatus.DELIVERED, attempt, result, null);
                }
                return;
            } catch (InvocationException e) {
                failure = e;
            }
            Instant now = engine.clock().instant();
            Outcome next = attempt >= maxAttempts || Thread.currentThread().isInterrupted()
                    ? new Outcome.GivenUp(
                            DeadLetter.Reason.ATTEMPTS_EXHAUSTED,
                            Objects.requireNonNullElse(failure.getMessage(), ""),
                            failure)
                    : Decision.decide(
                            target.policy(),
                            new Decision.Progress(
                                    attempt, acceptedAt.plus(target.policy().timeToLive())),
                            new Decision.Result(null, failure),
                            now,
                            ThreadLocalRandom.current().nextDouble());
            target.count().failedAttempt(event.getType(), next instanceof Outcome.Retry);
            if (next instanceof Outcome.Retry retry && pass(Duration.between(now, retry.at()))) {
                outcome = call(target, event, attempt + 1, emission);
            } else {
                DeadLetter.Reason reason = next instanceof Outcome.GivenUp givenUp
                        ? givenUp.reason()
                        : DeadLetter.Reason.ATTEMPTS_EXHAUSTED;
                giveUp(emission, index, target, attempt, reason, failure);
                return;
            }
        }
    }

    private void giveUp(
            PendingEmission emission,
            int index,
            Target target,
            int attempts,
            DeadLetter.Reason reason,
            InvocationException failure) {
        Event event = emission.event();
        String message = Objects.requireNonNullElse(failure.getMessage(), "");
        Instant now = engine.clock().instant();
        DeliveryAttempt last = DeliveryAttempt.failed(attempts, now, Duration.ZERO, failure);
        List<DeliveryId> ids = engine.deliveryStore()
                .keepDead(event, now, new Target[] {target}, reason, message, last, emission.position());
        boolean hasExpired = ids == null && reason == DeadLetter.Reason.EXPIRED;
        target.count().lost(event.getType(), true, !hasExpired);
        emission.syncEnded(
                index, hasExpired ? DeliveryStatus.EXPIRED : DeliveryStatus.DEAD_LETTERED, attempts, null, failure);
        Cause dead = Cause.of(event, emission);
        engine.forwarding()
                .deadLettered(target, dead, ids == null ? null : ids.get(0), reason, message, attempts, failure);
    }

    /** Waits for the next attempt on the emitter's thread; false when it is interrupted, whose flag is then set again. */
    private boolean pass(Duration time) {
        DrivenClock driver = engine.driver();
        if (driver != null) {
            driver.pass(time);
            return true;
        }
        try {
            TimeUnit.NANOSECONDS.sleep(time.toNanos());
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Waits for a stage in real time first, since it may come from another thread; then until the clock shows the deadline. */
    private void awaitDriven(DrivenClock driver, CompletableFuture<InvocationResult> outcome, long deadline) {
        Duration left = Duration.ofNanos(deadline - engine.scheduler().now());
        if (!driver.await(outcome::isDone, () -> true, left.compareTo(PATIENCE) < 0 ? left : PATIENCE)) {
            driver.awaitAsleep(
                    outcome::isDone,
                    () -> true,
                    Duration.ofNanos(Math.max(0, deadline - engine.scheduler().now())));
        }
    }

    /** Waits for a stage that a function returned. */
    private InvocationResult await(Target target, CompletableFuture<InvocationResult> outcome) {
        long deadline = engine.scheduler().now() + target.policy().timeoutNanos();
        DrivenClock driver = engine.driver();
        if (driver != null) {
            awaitDriven(driver, outcome, deadline);
        }
        try {
            while (true) {
                try {
                    return outcome.get(DeliveryScheduler.TICK_NANOS, TimeUnit.NANOSECONDS);
                } catch (TimeoutException e) {
                    if (deadline - engine.scheduler().now() <= 0) {
                        InvocationException timeout = Invocations.timeout(target.functionId(), e);
                        Invocations.abandon(outcome, timeout);
                        throw timeout;
                    }
                }
            }
        } catch (ExecutionException e) {
            throw (InvocationException) e.getCause();
        } catch (InterruptedException e) {
            InvocationException interrupted = new InvocationException(
                    InvocationException.Kind.CALL_FAILED,
                    true,
                    "the emitter was interrupted while function '" + target.functionId() + "' ran",
                    e);
            Invocations.abandon(outcome, interrupted);
            Thread.currentThread().interrupt();
            throw interrupted;
        }
    }
}
