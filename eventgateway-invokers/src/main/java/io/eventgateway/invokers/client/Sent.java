package io.eventgateway.invokers.client;

import io.eventgateway.InvocationException;
import io.eventgateway.InvocationException.Kind;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ProtocolException;
import java.util.Arrays;
import java.util.Set;
import javax.net.ssl.SSLHandshakeException;
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
        return url.scheme() + "://" + HostAddress.written(url.host()) + ":" + url.port();
    }

    InvocationException refused(String reason) {
        return new InvocationException(
                Kind.CALL_FAILED, false, what + " at " + place() + " may not be called: " + reason);
    }

    InvocationException late(@Nullable IOException e) {
        return new InvocationException(
                Kind.TIMEOUT, true, what + " at " + place() + " did not answer in time", e == null ? null : shown(e));
    }

    InvocationException tooLong(int status, HttpSender.Sending sending) {
        String bound = sending.bound();
        return new InvocationException(
                        Kind.FUNCTION_ERROR,
                        false,
                        what + " answered more than " + sending.maxBytes() + " bytes, "
                                + (bound == null
                                        ? "which is the most that is read"
                                        : "the bound that '" + bound + "' sets"))
                .withStatusCode(status);
    }

    /** A failure for what ended an attempt without an answer. */
    InvocationException failed(Throwable e, Attempt attempt) {
        if (e instanceof InterruptedIOException io) {
            return late(io);
        }
        if (e instanceof IOException io && isRefusal(io)) {
            String reason = String.valueOf(e.getMessage());
            String proxy = attempt.proxy();
            return proxy == null ? refused(reason) : refused("its proxy " + proxy + " may not be: " + reason);
        }
        if (attempt.isSent() && !(e instanceof SSLHandshakeException)) { // TLS 1.3 refuses a certificate that late
            return unanswered(e, attempt);
        }
        if (e instanceof IOException io) {
            return new InvocationException(
                    Kind.CALL_FAILED,
                    true,
                    what + " at " + place() + " was not reached: " + redact(e.toString()),
                    shown(io));
        }
        return new InvocationException(
                Kind.CALL_FAILED, false, what + " at " + place() + " can't be called: " + redact(e.toString()));
    }

    /**
     * A failure after the request was sent, which the server may have acted on. It has no cause, since causes quote what the server
     * wrote.
     */
    private InvocationException unanswered(Throwable e, Attempt attempt) {
        String happened;
        if (e instanceof Error) {
            happened = "answered, but the answer could not be read: "
                    + e.getClass().getName();
        } else if (!(e instanceof IOException)) { // OkHttp trips over what it does not check
            happened = "answered what is no valid HTTP";
        } else if (attempt.isAnswered() || e instanceof ProtocolException) {
            happened = "answered what can't be read: " + redact(e.toString());
        } else {
            happened = "ended before it answered: " + redact(e.toString());
        }
        return new InvocationException(
                Kind.PROVIDER_ERROR, !(e instanceof Error), what + " at " + place() + " " + happened);
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
}
