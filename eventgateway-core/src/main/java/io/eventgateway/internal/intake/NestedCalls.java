package io.eventgateway.internal.intake;

import io.eventgateway.internal.invocation.Cause;
import org.jspecify.annotations.Nullable;

/**
 * The bound of calls within calls: {@code handle} and {@code invoke} in a handler that was called by them, and so on. The chain of events
 * gives the depth, and its limit holds, since a function that calls itself would go on until its thread's stack is at its end.
 *
 * @param maxDepth how many events may have led to the event of a call
 */
public record NestedCalls(int maxDepth) {
    /** Returns why a handler may not make a call; null when it may, and where no handler makes it. */
    public @Nullable String objection(@Nullable Cause cause) {
        int depth = cause == null ? 0 : cause.emitted().getChainDepth();
        return depth < maxDepth
                ? null
                : "it would be more than " + maxDepth + " deep in its chain of events and calls, which is the limit";
    }
}
