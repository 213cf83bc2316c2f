package io.eventgateway.http;

import com.fasterxml.jackson.annotation.JsonValue;
import io.eventgateway.annotation.CanIgnoreReturnValue;
import io.eventgateway.annotation.CheckReturnValue;
import io.eventgateway.error.DataConversionException;
import io.eventgateway.error.InvalidRequestException;
import io.eventgateway.internal.http.HttpFields;
import io.eventgateway.internal.http.MediaTypes;
import io.eventgateway.internal.http.PercentCoding;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * An HTTP request as a function sees it: the data of an http event. Immutable.
 *
 * <p>A function outside of this process gets it as JSON: {@code method}, {@code path}, {@code params}, {@code query}, {@code
 * headers} (and {@code multiValueHeaders}, lists, when one has several values), and {@code body}, which is the JSON itself for a JSON content type, text for a text one, and Base64 with {@code
 * "isBase64Encoded": true} (as AWS API Gateway has it) for anything else.
 */
@CheckReturnValue
public final class HttpRequest {
    /** The type of the event that carries a request to its function. */
    public static final String EVENT_TYPE = "http.request";

    private final String method;
    private final String path;
    private final String rawPath;
    private final Map<String, List<String>> query;
    private final Headers headers;
    private final Map<String, String> params;
    private final byte[] body;
    private final @Nullable String problem;

    private HttpRequest(Builder builder) {
        this.method = builder.method;
        this.path = builder.target.path();
        this.rawPath = builder.target.rawPath();
        this.query = builder.target.query();
        this.headers = builder.headers.build();
        this.params = builder.params;
        this.body = builder.body;
        this.problem = builder.problem;
    }

    /** A {@code GET} request. */
    public static Builder get(String target) {
        return of("GET", target);
    }

    /**
     * A request of a method (any case) for a target: an absolute path, percent-encoded as it came, with a query or without.
     *
     * @throws IllegalArgumentException if the method is not a token, or the target does not start with {@code /} or is not
     *     properly percent-encoded
     */
    public static Builder of(String method, String target) {
        return new Builder(HttpFields.checkMethod(method), Target.parse(target));
    }

    /**
     * A request as a server received it from a client. Where {@link #of} throws for what a programmer wrote, this takes note of
     * what is malformed, in the method, the target or a header, as the request's {@link #problem()}: {@code handle} then answers
     * 400 and calls no function.
     */
    public static Builder received(String method, String target) {
        return Builder.received(method, target);
    }

    /** What is malformed in a request that was {@linkplain #received received}; null when nothing is. */
    public @Nullable String problem() {
        return problem;
    }

    /** The method, in upper case. */
    public String method() {
        return method;
    }

    /** The path, percent-decoded, without the query. A slash that was encoded is a slash here; routing kept them apart. */
    public String path() {
        return path;
    }

    /** The path as it came, percent-encoded. */
    public String rawPath() {
        return rawPath;
    }

    /** What the subscription's {@code :parameters} and {@code *wildcard} took, percent-decoded. Unmodifiable. */
    public Map<String, String> params() {
        return params;
    }

    /** The query's parameters, decoded; the first value of each. Unmodifiable. */
    public Map<String, String> query() {
        Map<String, String> first = new LinkedHashMap<>();
        query.forEach((name, values) -> first.put(name, values.get(0)));
        return Collections.unmodifiableMap(first);
    }

    /** Every value of a parameter of the query, in order; empty when it has none. */
    public List<String> queryValues(String name) {
        return query.getOrDefault(name, List.of());
    }

    /** The headers, by name in any case; several values of one are joined with commas (RFC 9110, section 5.3). Unmodifiable. */
    public Map<String, String> headers() {
        return headers.combined();
    }

    /** Every value of a header, in order; empty when it has none. */
    public List<String> headerValues(String name) {
        return headers.values(name);
    }

    /** Every header with each of its values, for those that may not be joined. Unmodifiable. */
    public Map<String, List<String>> allHeaders() {
        return headers.all();
    }

    /** How many bytes the body has. */
    public int bodyLength() {
        return body.length;
    }

    /** The body, a copy; empty when there is none. */
    public byte[] body() {
        return body.clone();
    }

    /** The body as text, in the content type's charset or else UTF-8. */
    public String bodyAsString() {
        return new String(body, charset());
    }

    /**
     * The body, read as JSON, as an instance of the class.
     *
     * @throws InvalidRequestException if the body is not JSON or has not what the class wants; a handler that lets it pass makes
     *     {@code handle} answer 400
     * @throws DataConversionException if nothing can be read as the class
     */
    public <T> T bodyAs(Class<T> type) {
        return HttpJson.read(this, body, type);
    }

    /**
     * The body, read as JSON with exact numbers, a new tree at each call; the missing node when there is none.
     *
     * @throws InvalidRequestException if the body is not JSON; a handler that lets it pass makes {@code handle} answer 400
     */
    public JsonNode bodyAsJson() {
        return HttpJson.readTree(this, body);
    }

    private Charset charset() {
        return MediaTypes.charset(headers.combined().get("Content-Type"));
    }

    /** A builder that starts with everything that this request has. */
    public Builder toBuilder() {
        Builder builder = new Builder(method, new Target(rawPath, path, query), new Headers.Builder(headers));
        builder.params = params;
        builder.body = body;
        builder.problem = problem;
        return builder;
    }

    /** The JSON form that the class comment describes, a new tree at each call. */
    @JsonValue
    public JsonNode toJson() {
        return HttpJson.write(this, body);
    }

    /** Method and path; no headers, no query, no body, since they may be secret. */
    @Override
    public String toString() {
        return "HttpRequest[" + method + " " + rawPath + ", " + body.length + " bytes]";
    }

    /** The target's path and query, as they came and decoded. */
    private record Target(String rawPath, String path, Map<String, List<String>> query) {
        static Target parse(String target) {
            Objects.requireNonNull(target, "target must not be null");
            if (!target.startsWith("/")) {
                throw new IllegalArgumentException("target must be a path that starts with '/', was '" + target + "'");
            }
            int fragment = target.indexOf('#');
            String withoutFragment = fragment < 0 ? target : target.substring(0, fragment);
            int mark = withoutFragment.indexOf('?');
            String rawPath = mark < 0 ? withoutFragment : withoutFragment.substring(0, mark);
            return new Target(
                    rawPath,
                    PercentCoding.decode(rawPath),
                    mark < 0 ? Map.of() : parseQuery(withoutFragment.substring(mark + 1)));
        }

        private static Map<String, List<String>> parseQuery(String query) {
            Map<String, List<String>> values = new LinkedHashMap<>();
            for (String pair : query.split("&", -1)) {
                if (!pair.isEmpty()) {
                    int equals = pair.indexOf('=');
                    String name = equals < 0 ? pair : pair.substring(0, equals);
                    String value = equals < 0 ? "" : pair.substring(equals + 1);
                    values.computeIfAbsent(PercentCoding.decodeForm(name), key -> new ArrayList<>(1))
                            .add(PercentCoding.decodeForm(value));
                }
            }
            values.replaceAll((name, list) -> List.copyOf(list));
            return Collections.unmodifiableMap(values);
        }
    }

    /** Builds an {@link HttpRequest}. Not thread-safe. */
    @CanIgnoreReturnValue
    public static final class Builder {
        private final String method;
        private final Target target;
        private final Headers.Builder headers;
        private Map<String, String> params = Map.of();
        private byte[] body = new byte[0];
        private boolean received;
        private @Nullable String problem;

        private Builder(String method, Target target) {
            this(method, target, new Headers.Builder());
        }

        private Builder(String method, Target target, Headers.Builder headers) {
            this.method = method;
            this.target = target;
            this.headers = headers;
        }

        private static Builder received(String method, String target) {
            Builder builder;
            try {
                builder = HttpRequest.of(method, target);
            } catch (IllegalArgumentException e) {
                builder = new Builder(method, new Target(target, target, Map.of()));
                builder.problem = e.getMessage();
            }
            builder.received = true;
            return builder;
        }

        /**
         * Adds a header; a name may come more than once. A null value adds nothing.
         *
         * @throws IllegalArgumentException if the name is not a token or the value has control characters, unless the request was
         *     {@linkplain HttpRequest#received received}
         */
        public Builder header(String name, @Nullable String value) {
            try {
                headers.add(name, value);
            } catch (IllegalArgumentException e) {
                if (!received) {
                    throw e;
                }
                problem = problem == null ? e.getMessage() : problem;
            }
            return this;
        }

        /** Adds every value of every header, as servers and clients of Java have them; as {@link #header(String, String)}. */
        public Builder headers(Map<String, ? extends Collection<String>> headers) {
            Objects.requireNonNull(headers, "headers must not be null");
            headers.forEach((name, values) -> values.forEach(value -> header(name, value)));
            return this;
        }

        /** What the path's parameters took, for a test of a handler; {@code handle} sets what the subscription's path takes. */
        public Builder params(Map<String, String> params) {
            this.params = Collections.unmodifiableMap(new LinkedHashMap<>(params));
            return this;
        }

        /** The body (copied) and its content type. */
        public Builder body(String contentType, byte[] body) {
            headers.set("Content-Type", contentType);
            return body(body);
        }

        /** A body of text, in UTF-8 unless the content type says otherwise. */
        public Builder body(String contentType, String body) {
            return body(contentType, body.getBytes(MediaTypes.charset(contentType)));
        }

        /** The body (copied), whose content type a header says. */
        public Builder body(byte[] body) {
            this.body = body.clone();
            return this;
        }

        /** The request. */
        @CheckReturnValue
        public HttpRequest build() {
            return new HttpRequest(this);
        }
    }
}
