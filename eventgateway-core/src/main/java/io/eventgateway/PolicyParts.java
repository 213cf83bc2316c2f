package io.eventgateway;

import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.error.InvalidSubscriptionException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which parts of a delivery policy mean something for a subscription of a mode. A part that a subscription's own policy sets, and
 * that would do nothing, is refused; what the gateway's default policy sets and does not concern a subscription does nothing.
 */
final class PolicyParts {
    private PolicyParts() {}

    /**
     * Checks a subscription's own policy.
     *
     * @throws InvalidSubscriptionException if the policy sets a part that does nothing for a subscription of the mode
     */
    static void check(String subscriptionId, SubscriptionMode mode, @Nullable DeliveryPolicy policy) {
        if (policy == null || mode == SubscriptionMode.ASYNC) {
            return;
        }
        List<String> meaningless = new ArrayList<>();
        if (mode == SubscriptionMode.HTTP) {
            add(meaningless, "maxAttempts", policy.maxAttempts());
            add(meaningless, "backoff", policy.backoff());
            add(meaningless, "timeToLive", policy.timeToLive());
            add(meaningless, "retryOn", policy.retryOn());
            add(meaningless, "deadLetter", policy.deadLetter());
        }
        add(meaningless, "orderBy", policy.orderBy());
        add(meaningless, "maxConcurrency", policy.maxConcurrency());
        add(meaningless, "rateLimit", policy.rateLimit());
        add(meaningless, "batching", policy.batching());
        add(meaningless, "circuitBreaker", policy.circuitBreaker());
        add(meaningless, "pauseAfterFailing", policy.pauseAfterFailing());
        add(meaningless, "guarantee", policy.guarantee());
        if (!meaningless.isEmpty()) {
            throw new InvalidSubscriptionException("the delivery policy of subscription '" + subscriptionId + "' sets "
                    + String.join(", ", meaningless) + ", which would do nothing: "
                    + (mode == SubscriptionMode.HTTP
                            ? "an http subscription's function is called once for each request, and its policy may set timeout"
                            : "a sync subscription's function is called on the emitter's thread, and its policy may set"
                                    + " maxAttempts, backoff, timeout, timeToLive, retryOn and deadLetter"));
        }
    }

    private static void add(List<String> parts, String name, @Nullable Object value) {
        if (value != null) {
            parts.add(name);
        }
    }
}
