package io.eventgateway.invokers.client;

import io.eventgateway.InvocationException;
import io.eventgateway.InvocationException.Kind;
import io.eventgateway.internal.http.MediaTypes;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import okhttp3.Headers;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/** What a server answered: a status, headers, and a body of bounded size. Immutable, but for the body's array, which must not be changed. */
@SuppressWarnings("exports") // the modules that read it require OkHttp, too
public final class Answer {
    private static final int MAX_EXCERPT = 200;
    /** Of a longer text only the beginning is searched for secrets, and shown in part. */
    private static final int MAX_SEARCHED = 16 * MAX_EXCERPT;

    private final Sent sent;
    private final int status;
    private final Headers headers;
    private final byte[] body;
    private final @Nullable InvocationException cut;

    Answer(Sent sent, int status, Headers headers, byte[] body, @Nullable InvocationException cut) {
        this.sent = sent;
        this.status = status;
        this.headers = headers;
        this.body = body;
        this.cut = cut;
    }

    /** The status code. */
    public int status() {
        return status;
    }

    /** Returns whether the status is from 200 to 299. */
    public boolean isSuccessful() {
        return status >= 200 && status <= 299;
    }

    /** Returns whether the status is from 500 to 599. */
    public boolean isServerError() {
        return status >= 500 && status <= 599;
    }

    /** The headers; with {@code Retry-After} as the server sent it. */
    public Headers headers() {
        return headers;
    }

    /** The value of a header; the last one of several, null for none. */
    public @Nullable String header(String name) {
        return headers.get(name);
    }

    /** The body; empty when there is none. Of an answer that is no success it may be the beginning alone, see {@link #requireWhole()}. */
    public byte[] body() {
        return body;
    }

    /**
     * Checks that the whole body is here, for an answer that is no success and is passed on all the same.
     *
     * @throws InvocationException if the body was longer than what is read, or did not come as a whole
     */
    public void requireWhole() {
        if (cut != null) {
            throw cut;
        }
    }

    /** The body as text, by the charset of its content type. */
    public String text() {
        return new String(body, MediaTypes.charset(header("Content-Type")));
    }

    /** The request that was answered. */
    public Request request() {
        return sent.request();
    }

    /**
     * A failure for an answer that is none of success: {@code FUNCTION_ERROR} with the status, the beginning of a body that is text, and the
     * time that {@code Retry-After} asks for. It is retryable for 408, 425, 429 and 5xx.
     */
    public InvocationException failure() {
        boolean retryable = status == 408 || status == 425 || status == 429 || isServerError();
        return failure(Kind.FUNCTION_ERROR, retryable, "");
    }

    /**
     * A failure of another kind, with all that {@link #failure()} has.
     *
     * @param hint what to do about it, to stand after the status; may be empty
     */
    public InvocationException failure(Kind kind, boolean retryable, String hint) {
        return failure(kind, retryable, hint, excerpt());
    }

    /**
     * A failure that shows a text of the answer in place of the beginning of its body.
     *
     * @param said for example the member of the body that says what happened; secrets are taken out of it, and it is cut
     */
    public InvocationException failure(Kind kind, boolean retryable, String hint, String said) {
        String shown = shown(said);
        InvocationException failure = new InvocationException(
                        kind,
                        retryable,
                        sent.what() + " answered " + status + (hint.isEmpty() ? "" : "; " + hint)
                                + (shown.isEmpty() ? "" : ": " + shown))
                .withStatusCode(status);
        Duration retryAfter = retryAfter();
        return retryAfter == null ? failure : failure.withRetryAfter(retryAfter);
    }

    /**
     * The beginning of a body that is text, on one line and without anything secret of the request, should it be echoed; empty for any
     * other body.
     */
    public String excerpt() {
        String contentType = header("Content-Type");
        if (body.length == 0 || !(MediaTypes.isJson(contentType) || MediaTypes.isText(contentType))) {
            return "";
        }
        int searched = Math.min(body.length, 4 * MAX_SEARCHED);
        return shown(new String(body, 0, searched, MediaTypes.charset(contentType)));
    }

    private String shown(String text) {
        String shown = sent.redact(text.substring(0, Math.min(text.length(), MAX_SEARCHED)))
                .replaceAll("\\s+", " ")
                .strip();
        return shown.length() > MAX_EXCERPT ? shown.substring(0, MAX_EXCERPT) + "..." : shown;
    }

    /**
     * How long the server asks to wait (RFC 9110, section 10.2.3): seconds, or a date, which is the server's, so it is held against the
     * server's own {@code Date}; null when there is none that can be read.
     */
    public @Nullable Duration retryAfter() {
        String value = header("Retry-After");
        if (value == null) {
            return null;
        }
        Duration seconds = DelaySeconds.parse(value);
        if (seconds != null) {
            return seconds;
        }
        Date at = headers.getDate("Retry-After");
        if (at == null) {
            return null;
        }
        Date now = headers.getDate("Date");
        Duration wait = Duration.between(now == null ? Instant.now() : now.toInstant(), at.toInstant());
        return wait.isNegative() ? Duration.ZERO : wait;
    }

    /** Says the status and the size. */
    @Override
    public String toString() {
        return "Answer[" + status + ", " + body.length + " bytes]";
    }
}
