package io.eventgateway.invokers.http;

import io.eventgateway.InvocationException;
import io.eventgateway.InvocationException.Kind;
import io.eventgateway.InvocationResult;
import io.eventgateway.http.HttpResponse;
import io.eventgateway.internal.http.MediaTypes;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Locale;
import java.util.Set;
import okhttp3.Response;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Makes results and failures of responses. */
final class Answers {
    private static final int MAX_EXCERPT = 200;
    private static final int MIN_SECRET = 4;
    /** What concerns one connection alone (RFC 9110, section 7.6.1), and what is the next sender's to say. */
    private static final Set<String> NOT_PASSED_ON = Set.of(
            "connection",
            "keep-alive",
            "proxy-authenticate",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "content-length");

    private final String functionId;
    private final HttpConfiguration configuration;
    private final JsonMapper mapper;

    Answers(String functionId, HttpConfiguration configuration, JsonMapper mapper) {
        this.functionId = functionId;
        this.configuration = configuration;
        this.mapper = mapper;
    }

    InvocationResult asResult(Response response) throws IOException {
        byte[] body = read(response);
        if (!response.isSuccessful()) {
            throw failure(response, body);
        }
        return InvocationResult.ofBytes(response.header("Content-Type"), body, mapper);
    }

    /** The result for an http event: whatever the function answers is the response, except that it failed. */
    InvocationResult asResponse(Response response) throws IOException {
        byte[] body = read(response);
        if (response.code() >= 500) {
            throw failure(response, body);
        }
        HttpResponse.Builder answer = HttpResponse.builder(response.code()).body(body);
        for (int i = 0; i < response.headers().size(); i++) {
            String name = response.headers().name(i);
            if (!NOT_PASSED_ON.contains(name.toLowerCase(Locale.ROOT))) {
                answer.header(name, response.headers().value(i));
            }
        }
        return InvocationResult.of(answer.build());
    }

    private byte[] read(Response response) throws IOException {
        BufferedSource source = response.body().source();
        int largest = configuration.largestResponse();
        if (source.request(largest + 1L)) {
            throw new InvocationException(
                            Kind.FUNCTION_ERROR,
                            false,
                            "function '" + functionId + "' answered more than " + largest + " bytes (maxResponseBytes)")
                    .withStatusCode(response.code());
        }
        return source.readByteArray();
    }

    private InvocationException failure(Response response, byte[] body) {
        int status = response.code();
        boolean retryable = status == 408 || status == 425 || status == 429 || status >= 500;
        String hint = status >= 300 && status < 400 ? "; redirects are not followed unless followRedirects is set" : "";
        InvocationException failure = new InvocationException(
                        Kind.FUNCTION_ERROR,
                        retryable,
                        "function '" + functionId + "' answered " + status + hint + excerpt(response, body))
                .withStatusCode(status);
        Duration retryAfter = retryAfter(response);
        return retryAfter == null ? failure : failure.withRetryAfter(retryAfter);
    }

    /** The beginning of a text, without what this function was sent as a credential, should it be echoed. */
    private String excerpt(Response response, byte[] body) {
        String contentType = response.header("Content-Type");
        if (body.length == 0 || !(MediaTypes.isJson(contentType) || MediaTypes.isText(contentType))) {
            return "";
        }
        String text = new String(body, MediaTypes.charset(contentType));
        for (String secret : configuration.extraHeaders().values()) {
            if (secret.length() >= MIN_SECRET) {
                text = text.replace(secret, "***");
            }
        }
        String password = configuration.target().password();
        if (password.length() >= MIN_SECRET) {
            text = text.replace(password, "***");
        }
        text = text.replaceAll("\\s+", " ").strip();
        return ": " + (text.length() > MAX_EXCERPT ? text.substring(0, MAX_EXCERPT) + "..." : text);
    }

    /**
     * RFC 9110, section 10.2.3: seconds, or a date, which is the server's, so it is held against the server's own {@code Date};
     * null when there is none that can be read.
     */
    private static @Nullable Duration retryAfter(Response response) {
        String value = response.header("Retry-After");
        if (value == null) {
            return null;
        }
        if (value.matches("\\d{1,9}")) {
            return Duration.ofSeconds(Long.parseLong(value));
        }
        Date at = response.headers().getDate("Retry-After");
        if (at == null) {
            return null;
        }
        Date now = response.headers().getDate("Date");
        Duration wait = Duration.between(now == null ? Instant.now() : now.toInstant(), at.toInstant());
        return wait.isNegative() ? Duration.ZERO : wait;
    }
}
