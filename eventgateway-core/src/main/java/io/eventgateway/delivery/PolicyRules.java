package io.eventgateway.delivery;

import io.eventgateway.delivery.DeliveryPolicy.Guarantee;
import io.eventgateway.internal.event.Names;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Checks the parts of a delivery policy, each by itself and against the others. */
final class PolicyRules {
    private static final Duration MAX_TIMEOUT = Duration.ofDays(1);
    private static final Duration MAX_TIME_TO_LIVE = Duration.ofDays(365);
    private static final Duration SHORTEST_FAILING = Duration.ofMinutes(1);
    private static final int MAX_ATTEMPTS = 1_000;

    private PolicyRules() {}

    /**
     * Checks a policy.
     *
     * @throws IllegalArgumentException if a part is out of its range, or one makes another meaningless
     */
    static void check(DeliveryPolicy policy) {
        checkParts(policy);
        checkTogether(policy);
    }

    private static void checkParts(DeliveryPolicy policy) {
        Integer maxAttempts = policy.maxAttempts();
        if (maxAttempts != null && (maxAttempts < 1 || maxAttempts > MAX_ATTEMPTS)) {
            throw new IllegalArgumentException("maxAttempts must be 1 to " + MAX_ATTEMPTS + ", was " + maxAttempts);
        }
        checkDuration("timeout", policy.timeout(), MAX_TIMEOUT);
        checkDuration("timeToLive", policy.timeToLive(), MAX_TIME_TO_LIVE);
        Duration pauseAfterFailing = policy.pauseAfterFailing();
        if (pauseAfterFailing != null
                && !pauseAfterFailing.isZero()
                && (pauseAfterFailing.compareTo(SHORTEST_FAILING) < 0
                        || pauseAfterFailing.compareTo(MAX_TIME_TO_LIVE) > 0)) {
            throw new IllegalArgumentException("pauseAfterFailing must be " + SHORTEST_FAILING + " to "
                    + MAX_TIME_TO_LIVE + ", or zero for never, was " + pauseAfterFailing);
        }
        if (policy.maxConcurrency() != null) {
            checkMaxConcurrency(policy.maxConcurrency());
        }
        if (policy.deadLetter() != null) {
            Names.check("deadLetter", policy.deadLetter(), IllegalArgumentException::new);
        }
    }

    static void checkMaxConcurrency(int calls) {
        if (calls < 1) {
            throw new IllegalArgumentException(
                    "maxConcurrency must be at least 1, was " + calls + "; leave it out for any number of calls");
        }
    }

    private static void checkTogether(DeliveryPolicy policy) {
        Duration timeout = policy.timeout();
        Duration timeToLive = policy.timeToLive();
        if (timeout != null && timeToLive != null && timeout.compareTo(timeToLive) > 0) {
            throw new IllegalArgumentException(
                    "timeout must be at most the timeToLive " + timeToLive + ", was " + timeout);
        }
        boolean batching = policy.batching() != null;
        OrderBy orderBy = policy.orderBy();
        boolean holds = orderBy != null && orderBy.onDeadLetter() == OrderBy.OnDeadLetter.HOLD;
        if (batching && holds) {
            throw new IllegalArgumentException("batching and an order that dead letters HOLD exclude each other:"
                    + " one event of a batch would have to hold the others back");
        }
        if (policy.guarantee() != Guarantee.AT_MOST_ONCE) {
            return;
        }
        Integer maxAttempts = policy.maxAttempts();
        if (maxAttempts != null && maxAttempts > 1) {
            throw new IllegalArgumentException(
                    "at most once and more than one attempt exclude each other: maxAttempts must be 1, was "
                            + maxAttempts);
        }
        if (batching || holds) {
            throw new IllegalArgumentException("at most once excludes batching and an order that dead letters HOLD:"
                    + " the delivery has left its store when its call ends");
        }
    }

    private static void checkDuration(String what, @Nullable Duration value, Duration longest) {
        if (value != null && (value.isZero() || value.isNegative() || value.compareTo(longest) > 0)) {
            throw new IllegalArgumentException(
                    what + " must be more than zero and at most " + longest + ", was " + value);
        }
    }
}
