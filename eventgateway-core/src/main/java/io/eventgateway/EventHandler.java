package io.eventgateway;

import io.eventgateway.error.DataConversionException;

/**
 * Code of this process that takes one value of each event: the event itself, or its data as a class.
 *
 * <p>Called by many threads at once, as a {@link FunctionHandler} is. What it returns is nothing: a handler that begins work which
 * ends later is given to {@link EventGateway#subscribeAsync}, since the gateway can't wait for a stage that a lambda drops.
 *
 * @param <T> what it takes
 */
@FunctionalInterface
public interface EventHandler<T> {
    /**
     * Handles one value; never null.
     *
     * @throws Exception any failure of the attempt: a retryable {@code FUNCTION_ERROR}, unless it is an {@link
     *     InvocationException}, which says itself what it is. What can't be converted to {@code T} never gets here: it is a failure
     *     that is not retried, with the message of a {@link DataConversionException}
     */
    void handle(T value) throws Exception;
}
