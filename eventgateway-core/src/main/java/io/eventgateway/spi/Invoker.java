package io.eventgateway.spi;

import io.eventgateway.Event;
import io.eventgateway.InvocationResult;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

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

    /**
     * What keeps an event of a batch together with others: events with equal keys are called for together, and apart from those of other
     * keys. Must be quick; the same for the same event. What it throws counts as null.
     *
     * @return null, which it is unless the function hands different events to different places, for events that may be with any other
     */
    default @Nullable Object batchKey(Event event) {
        return null;
    }

    /**
     * Returns whether this process can call what the invoker calls. An invoker that hands events to other functions answers by
     * {@link InvokerContext#isCallable} for all of them that it may choose. While it is false, deliveries wait for another process that can,
     * as those of a function do whose invoker can't be made. Must be quick, and hold no lock; what it throws counts as true.
     */
    default boolean isCallable() {
        return true;
    }

    /** Releases what the invoker holds. Called once, after the last call has ended. */
    @Override
    default void close() {}
}
