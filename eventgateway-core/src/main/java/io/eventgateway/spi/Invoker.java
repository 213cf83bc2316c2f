package io.eventgateway.spi;

import io.eventgateway.InvocationResult;
import java.util.concurrent.CompletionStage;

/** Calls one function. Thread-safe. */
@FunctionalInterface
public interface Invoker extends AutoCloseable {
    /**
     * Calls the function. Should hold no thread while it waits for an answer.
     *
     * <p>The stage ends with the result, or exceptionally with an {@link io.eventgateway.InvocationException}; anything else
     * that is thrown, or ends it, counts as a retryable {@code CALL_FAILED}. After {@link Invocation#deadline()} the gateway does
     * not wait any more: it cancels the stage's future and interrupts the thread if this method has not returned.
     */
    CompletionStage<InvocationResult> invoke(Invocation invocation);

    /** Releases what the invoker holds. Called once, after the last call has ended. */
    @Override
    default void close() {}
}
