package io.eventgateway.internal.invocation;

import io.eventgateway.Event;
import io.eventgateway.InvocationException;
import io.eventgateway.Subscription;
import java.util.Map;

/** What a subscription's transform makes of an event. */
@FunctionalInterface
public interface Reshaping {
    /** What is handed over in place of an event. */
    record Reshaped(Event event, Map<String, String> headers) {}

    /**
     * What is handed over for a subscription that has a transform.
     *
     * @throws InvocationException {@code CALL_FAILED}, not retryable, if the transform fails for the event
     */
    Reshaped reshape(Event event, Subscription subscription, String space);
}
