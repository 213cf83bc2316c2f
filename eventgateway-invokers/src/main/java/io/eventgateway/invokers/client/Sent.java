package io.eventgateway.invokers.client;

import io.eventgateway.InvocationException;
import io.eventgateway.InvocationException.Kind;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Arrays;
import java.util.Set;
import okhttp3.HttpUrl;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/**
 * A request, and what messages may say of it.
 *
 * @param what is called, to begin a message with: {@code function 'x'}
 * @param hidden what messages must not show, beside what can be seen to be secret in the request
 */
record Sent(String what, Request request, Set<String> hidden) {
    String redact(String text) {
        return Redaction.of(request, hidden).apply(text);
    }

    /** Where the request goes: scheme, host and port; every other part of a URL may be secret. */
    String place() {
        HttpUrl url = request.url();
        return url.scheme() + "://" + url.host() + ":" + url.port();
    }

    InvocationException refused(String reason) {
        return new InvocationException(
                Kind.CALL_FAILED, false, what + " at " + place() + " may not be called: " + reason);
    }

    InvocationException late(@Nullable IOException e) {
        return new InvocationException(
                Kind.TIMEOUT, true, what + " at " + place() + " did not answer in time", e == null ? null : shown(e));
    }

    InvocationException failed(IOException e) {
        if (e instanceof InterruptedIOException) {
            return late(e);
        }
        if (e instanceof LongAnswerException answer) {
            return new InvocationException(Kind.FUNCTION_ERROR, false, what + " " + e.getMessage())
                    .withStatusCode(answer.status());
        }
        if (isRefusal(e)) {
            return refused(String.valueOf(e.getMessage()));
        }
        return new InvocationException(
                Kind.CALL_FAILED,
                true,
                what + " at " + place() + " was not reached: " + redact(e.toString()),
                shown(e));
    }

    /** Returns whether every address of a host was refused. */
    private static boolean isRefusal(IOException e) {
        return e instanceof RefusedAddressException
                && Arrays.stream(e.getSuppressed()).allMatch(RefusedAddressException.class::isInstance);
    }

    /** The exception itself, unless it or what led to it says what must not be shown. */
    private Throwable shown(IOException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            String text = cause.toString();
            if (!redact(text).equals(text)) {
                IOException redacted = new IOException(redact(e.toString()));
                redacted.setStackTrace(e.getStackTrace());
                return redacted;
            }
        }
        return e;
    }

    /** An answer had more bytes than its caller reads. */
    static final class LongAnswerException extends IOException {
        private static final long serialVersionUID = 1L;
        private final int status;

        LongAnswerException(int status, int largest) {
            super("answered more than " + largest + " bytes (maxResponseBytes)");
            this.status = status;
        }

        int status() {
            return status;
        }
    }
}
