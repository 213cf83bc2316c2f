package io.eventgateway.delivery;

import io.eventgateway.Event;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * A delivery that was given up, kept with everything that is known of it. An immutable value.
 *
 * @param id names it in its gateway
 * @param reason why it was given up
 * @param message the same for people, with what the last attempt failed with
 * @param attempts every attempt, the first first; those before a redrive too
 * @param at when it was given up
 */
public record DeadLetter(
        String id,
        Event event,
        String subscriptionId,
        String functionId,
        Reason reason,
        String message,
        List<DeliveryAttempt> attempts,
        Instant at) {

    /** Why a delivery is given up. */
    public enum Reason {
        /** The function was called as often as its policy allows. */
        ATTEMPTS_EXHAUSTED,
        /** The failure is not one that the policy tries again. */
        NOT_RETRYABLE,
        /** The event's time ran out, or would before the next attempt. */
        EXPIRED,
        /** The chain guard stopped the event; the message has the chain's path. */
        CHAIN_STOPPED
    }

    /** Copies the attempts. */
    public DeadLetter {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(event, "event");
        Objects.requireNonNull(subscriptionId, "subscriptionId");
        Objects.requireNonNull(functionId, "functionId");
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(message, "message");
        Objects.requireNonNull(at, "at");
        attempts = List.copyOf(attempts);
    }
}
