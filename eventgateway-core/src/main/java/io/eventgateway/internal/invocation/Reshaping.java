package io.eventgateway.internal.invocation;

import io.eventgateway.Event;
import io.eventgateway.InvocationException;
import io.eventgateway.Subscription;
import java.util.Map;

/** Applies a subscription's transform to an event. */
@FunctionalInterface
public interface Reshaping {
    /** The event, with its headers, that a function gets in place of another. */
    record Reshaped(Event event, Map<String, String> headers) {}

    /**
     * Makes the event that a function gets, for a subscription that has a transform.
     *
     * @throws InvocationException {@code CALL_FAILED}, not retryable, if the transform fails for the event
     */
    Reshaped reshape(Event event, Subscription subscription, String space);
}
