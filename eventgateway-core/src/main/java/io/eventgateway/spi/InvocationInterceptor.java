package io.eventgateway.spi;

import io.eventgateway.InvocationResult;
import java.util.concurrent.CompletionStage;

/**
 * Stands around every call of a function: async, sync and http deliveries, {@code invoke}, and the members of a weighted group.
 * Thread-safe; runs on the thread that makes the call.
 */
@FunctionalInterface
public interface InvocationInterceptor {
    /**
     * Makes the call ({@code return chain.proceed(invocation)}), with another event or other headers ({@code
     * chain.proceed(invocation.withEvent(event))}), or answers in its place. It is asked at each attempt.
     *
     * <p>What it throws, or ends its stage with, is the attempt's failure, as if the function had failed: a retryable {@code
     * FUNCTION_ERROR} that names the function, unless it is an {@link io.eventgateway.InvocationException}, which says itself what
     * it is. When it throws after it went on, the function has run and may run again. Null for a stage is a {@code CALL_FAILED}
     * that names the interceptor and is not retried. A batch may take several calls, where it has events that can't be sent or is
     * too large; an interceptor sees each, the failed one too.
     */
    CompletionStage<InvocationResult> intercept(Invocation invocation, Chain chain);

    /** The rest of the way. */
    @FunctionalInterface
    interface Chain {
        /** Goes on with the call. */
        CompletionStage<InvocationResult> proceed(Invocation invocation);
    }
}
