package io.eventgateway.internal.invocation;

import io.eventgateway.EventGatewayException;
import io.eventgateway.InvocationException;
import io.eventgateway.InvocationException.Kind;
import io.eventgateway.InvocationResult;
import io.eventgateway.error.EventRejectedException;
import io.eventgateway.internal.event.Thrown;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/** Makes an {@link InvocationException} of whatever comes out of a call. Nothing here throws, whatever was thrown there. */
final class CallFailures {
    private CallFailures() {}

    static CompletableFuture<InvocationResult> failed(InvocationException failure) {
        return CompletableFuture.failedFuture(failure);
    }

    /** A function that did not end in time. */
    static InvocationException timeout(String functionId, @Nullable Throwable cause) {
        return new InvocationException(
                Kind.TIMEOUT, true, "function '" + functionId + "' did not end before its deadline", cause);
    }

    /** The failure that is made of what a function's own code threw. */
    static InvocationException ofFunction(Throwable thrown, String functionId) {
        return of(thrown, "function '" + functionId + "'");
    }

    /** The failure that is made of what an interceptor threw. */
    static InvocationException ofInterceptor(Throwable thrown, Object interceptor, String functionId) {
        return of(
                thrown,
                "an interceptor of function '" + functionId + "', "
                        + interceptor.getClass().getName() + ",");
    }

    private static InvocationException of(Throwable thrown, String who) {
        Throwable cause = Thrown.unwrapped(thrown);
        return cause instanceof InvocationException failure
                ? failure
                : new InvocationException(
                        Kind.FUNCTION_ERROR,
                        !(cause instanceof EventRejectedException), // what it emits would be rejected again
                        who + " threw " + Thrown.text(cause),
                        cause);
    }

    /** The failure that is made of what an invoker threw, or ended its stage with. */
    static InvocationException ofInvoker(Throwable thrown, String functionId) {
        Throwable cause = Thrown.unwrapped(thrown);
        if (cause instanceof InvocationException failure) {
            return failure;
        }
        boolean lasting = cause instanceof EventGatewayException
                || cause instanceof JacksonException // the event would be written in the same way again
                || cause instanceof LinkageError;
        return new InvocationException(
                Kind.CALL_FAILED,
                !lasting,
                "function '" + functionId + "' can't be called: " + Thrown.text(cause),
                cause);
    }

    /** The failure of the gateway's own side of a call: of a transform, or of a step before the function. */
    static InvocationException ofGateway(Throwable thrown, String functionId) {
        Throwable cause = Thrown.unwrapped(thrown);
        return cause instanceof InvocationException failure
                ? failure
                : new InvocationException(
                        Kind.PROVIDER_ERROR,
                        true,
                        "the call of function '" + functionId + "' failed in the gateway: " + Thrown.text(cause),
                        cause);
    }

    /** The failure of replies that were not accepted. */
    static InvocationException ofReplies(Throwable thrown, String functionId, int replies) {
        String why = thrown instanceof StackOverflowError
                ? "sync functions reply to each other without end"
                : thrown instanceof EventGatewayException ? Thrown.message(thrown) : Thrown.text(thrown);
        return new InvocationException(
                Kind.PROVIDER_ERROR,
                !(thrown instanceof EventRejectedException), // it would be rejected again
                replies == 1
                        ? "the reply of function '" + functionId + "' was not accepted: " + why
                        : "none of the " + replies + " replies of function '" + functionId
                                + "' was emitted, since one of them was not accepted: " + why,
                thrown);
    }
}
