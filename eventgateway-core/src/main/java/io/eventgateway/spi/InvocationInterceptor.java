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
     * Makes the call ({@code return chain.proceed(invocation)}) or answers in its place. What it throws, or ends its stage with,
     * is the call's failure.
     */
    CompletionStage<InvocationResult> intercept(Invocation invocation, Chain chain);

    /** The rest of the way. */
    @FunctionalInterface
    interface Chain {
        /** Goes on with the call. */
        CompletionStage<InvocationResult> proceed(Invocation invocation);
    }
}
