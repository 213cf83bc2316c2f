package io.eventgateway.internal.delivery;

import io.eventgateway.InvocationException;
import io.eventgateway.InvocationResult;
import io.eventgateway.delivery.DeadLetter;
import io.eventgateway.delivery.RetryOn;
import io.eventgateway.internal.event.Thrown;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The decision what becomes of a delivery after an attempt. Pure functions: no clock, no thread, no store, no chance but what they are given. */
final class Decision {
    private static final Logger log = LoggerFactory.getLogger(Decision.class);

    private Decision() {}

    /** The outcome of an attempt. */
    sealed interface Outcome {
        /** The function took it. */
        record Delivered(InvocationResult result) implements Outcome {}

        /** The delivery is attempted again at that time. */
        record Retry(Instant at, InvocationException cause) implements Outcome {}

        /** The delivery is given up. */
        record GivenUp(DeadLetter.Reason reason, String message, InvocationException cause) implements Outcome {}
    }

    /** The result of an attempt; exactly one of both is present. */
    record Result(
            @Nullable InvocationResult value, @Nullable InvocationException failure) {}

    /**
     * How far a delivery has come.
     *
     * @param attempts how many were made since it was accepted or redriven, the last one included
     * @param expiresAt when its time is out
     */
    record Progress(int attempts, Instant expiresAt) {}

    /**
     * What becomes of a delivery after an attempt.
     *
     * @param random in {@code [0, 1)}, for the jitter
     */
    static Outcome decide(EffectivePolicy policy, Progress progress, Result result, Instant now, double random) {
        InvocationException failure = result.failure();
        if (failure == null) {
            return new Outcome.Delivered(result.value() == null ? InvocationResult.empty() : result.value());
        }
        if (!policy.retried().test(failure)) {
            return givenUp(DeadLetter.Reason.NOT_RETRYABLE, "its failure is not one to try again", failure);
        }
        if (progress.attempts() >= policy.maxAttempts()) {
            return givenUp(
                    DeadLetter.Reason.ATTEMPTS_EXHAUSTED,
                    progress.attempts() == 1
                            ? "its only attempt failed"
                            : "all of its " + progress.attempts() + " attempts failed",
                    failure);
        }
        Duration delay = policy.backoff().delay(progress.attempts(), random);
        Duration asked = failure.retryAfter().orElse(Duration.ZERO);
        Duration wait = asked.compareTo(delay) > 0 ? asked : delay;
        Duration left = Duration.between(now, progress.expiresAt());
        if (wait.compareTo(left) >= 0) {
            return givenUp(
                    DeadLetter.Reason.EXPIRED,
                    "its next attempt would come in " + wait + ", after its time is out at " + progress.expiresAt(),
                    failure);
        }
        return new Outcome.Retry(now.plus(wait), failure);
    }

    private static Outcome givenUp(DeadLetter.Reason reason, String why, InvocationException failure) {
        return new Outcome.GivenUp(reason, why + ": " + failure.getMessage(), failure);
    }

    /** The rule for which failures are tried again, with its predicate if it names one; one that throws leaves it to the failure. */
    static Predicate<InvocationException> retried(RetryOn rule, @Nullable Predicate<InvocationException> predicate) {
        if (predicate == null) {
            return failure -> matches(rule, failure);
        }
        return failure -> {
            try {
                return predicate.test(failure);
            } catch (Throwable e) { // foreign code: an Error too must not keep the delivery from its end
                log.warn(
                        "The retry predicate '{}' threw; the failure itself says whether it is retryable",
                        rule.predicate(),
                        Thrown.printable(e));
                return failure.retryable();
            }
        };
    }

    /** The rule without a predicate: the status codes decide; else the kinds; else what the failure says of itself. */
    private static boolean matches(RetryOn rule, InvocationException failure) {
        if (!rule.statusCodes().isEmpty() && failure.statusCode().isPresent()) {
            return rule.statusCodes().contains(failure.statusCode().getAsInt());
        }
        return rule.kinds().isEmpty() ? failure.retryable() : rule.kinds().contains(failure.kind());
    }
}
