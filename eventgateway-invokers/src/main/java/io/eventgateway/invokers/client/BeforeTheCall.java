package io.eventgateway.invokers.client;

import io.eventgateway.InvocationException;
import io.eventgateway.InvocationException.Kind;
import java.util.concurrent.CompletionException;

/** Failures of requests that a function's call needs first: whatever became of them, the call was not made. */
final class BeforeTheCall {
    private BeforeTheCall() {}

    /** The failure, as {@code CALL_FAILED} where its kind would say that a function had been called. */
    static Throwable failure(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof InvocationException known
                        && (known.kind() == Kind.PROVIDER_ERROR || known.kind() == Kind.FUNCTION_ERROR)
                ? new InvocationException(Kind.CALL_FAILED, known.retryable(), String.valueOf(known.getMessage()))
                : failure;
    }
}
