package io.eventgateway;

import io.eventgateway.internal.event.FailureText;
import io.eventgateway.internal.event.Thrown;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The call of a function failed. {@link #kind()} says how, {@link #retryable()} whether the same call may succeed later.
 *
 * <p>Invokers and handlers may throw it, or end their stage with it, to say precisely what happened; anything else that a
 * handler throws counts as a retryable {@link Kind#FUNCTION_ERROR}.
 *
 * <p>Its message is one line of at most 1,000 characters, whatever it was given, since servers and functions have a say in it: of a
 * longer text the beginning is kept, line breaks are spaces, other control characters and format characters, such as marks that change
 * the direction of text, are U+FFFD. Its cause is the one that it was given, unless that can't be printed, since its own methods throw, or says more than
 * 65,536 characters: then it is one that stands for it, with its class and its stack trace.
 */
public final class InvocationException extends EventGatewayException {
    private static final long serialVersionUID = 1L;

    /** How a call failed. */
    public enum Kind {
        /** The function ran, or answered, and its answer is a failure. */
        FUNCTION_ERROR,
        /** The function was not reached: no connection, no handler, or a payload that can't be sent. */
        CALL_FAILED,
        /** What runs the function (a cloud provider, the gateway itself) failed or throttled. */
        PROVIDER_ERROR,
        /** The caller may not call the function. */
        ACCESS_DENIED,
        /** The function did not end within the time it was given. */
        TIMEOUT
    }

    private final Kind kind;
    private final boolean retryable;
    private final int statusCode;
    private final transient @Nullable Duration retryAfter;
    private final @Nullable String calledFunctionId;

    private InvocationException(
            Kind kind,
            boolean retryable,
            String message,
            @Nullable Throwable cause,
            int statusCode,
            @Nullable Duration retryAfter,
            @Nullable String calledFunctionId) {
        super(FailureText.of(message), Thrown.printable(cause));
        this.kind = Objects.requireNonNull(kind, "kind");
        this.retryable = retryable;
        this.statusCode = statusCode;
        this.retryAfter = retryAfter;
        this.calledFunctionId = calledFunctionId;
    }

    /** A failure without a status of its own. */
    public InvocationException(Kind kind, boolean retryable, String message) {
        this(kind, retryable, message, null);
    }

    /** A failure without a status of its own, with what led to it. */
    public InvocationException(Kind kind, boolean retryable, String message, @Nullable Throwable cause) {
        this(kind, retryable, message, cause, 0, null, null);
    }

    /** The same failure with the status code that the function or its provider answered. */
    public InvocationException withStatusCode(int code) {
        return new InvocationException(kind, retryable, messageText(), getCause(), code, retryAfter, calledFunctionId);
    }

    /** The same failure with the time after which the function asks to be called again. */
    public InvocationException withRetryAfter(Duration after) {
        return new InvocationException(kind, retryable, messageText(), getCause(), statusCode, after, calledFunctionId);
    }

    /** The same failure, of a function that was called in the place of the one that was asked for. */
    public InvocationException withCalledFunctionId(String functionId) {
        return new InvocationException(
                kind, retryable, messageText(), getCause(), statusCode, retryAfter, Objects.requireNonNull(functionId));
    }

    /** How the call failed. */
    public Kind kind() {
        return kind;
    }

    /** Whether the same call may succeed later. */
    public boolean retryable() {
        return retryable;
    }

    /** The status code that the function or its provider answered, where there was an answer with one. */
    public OptionalInt statusCode() {
        return statusCode == 0 ? OptionalInt.empty() : OptionalInt.of(statusCode);
    }

    /** How long the function or its provider asked to wait before the next call (HTTP's {@code Retry-After}). */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    /**
     * The function that failed where the one that was asked for called another, as a weighted group calls a member; null where it
     * was itself.
     */
    public @Nullable String calledFunctionId() {
        return calledFunctionId;
    }

    private String messageText() {
        return Objects.requireNonNullElse(getMessage(), "");
    }
}
