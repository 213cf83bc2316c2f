package io.eventgateway.http;

import com.fasterxml.jackson.annotation.JsonValue;
import io.eventgateway.Event;
import io.eventgateway.annotation.CanIgnoreReturnValue;
import io.eventgateway.annotation.CheckReturnValue;
import io.eventgateway.error.DataConversionException;
import io.eventgateway.error.InvalidRequestException;
import io.eventgateway.internal.http.CredentialNames;
import io.eventgateway.internal.http.HttpFields;
import io.eventgateway.internal.http.MediaTypes;
import io.eventgateway.internal.http.ShownText;
import java.nio.charset.Charset;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * An HTTP request as a function sees it: the data of an http event. Immutable.
 *
 * <p>A function outside of this process gets it as JSON. Always there are {@code method}, {@code path}, {@code rawPath}, {@code
 * params}, {@code query} and {@code headers}. Where there is something for them to say there are {@code rawQuery}, {@code
 * multiValueQuery} and {@code multiValueHeaders} (lists, when a name has several values), {@code cookies} (a list), {@code
 * authorization} ({@code principalId} and {@code context}), and {@code body}, which is the JSON itself for a JSON content type, text for a text one, and Base64 with {@code "isBase64Encoded": true} (as
 * AWS API Gateway has it) for anything else. {@code rawBody} is the body as it came, for those who verify a signature: present
 * where {@code body} is not those bytes, which is for JSON and for text that is not in its charset, up to 256 KiB; it is text, or
 * Base64 with {@code "isRawBodyBase64Encoded": true} when the bytes are not UTF-8.
 */
@CheckReturnValue
public final class HttpRequest {
    /** The type of the event that carries a request to its function. */
    public static final String EVENT_TYPE = "http.request";

    private final String method;
    private final RequestTarget target;
    private final Headers headers;
    private final Map<String, String> params;
    private final byte[] body;
    private final @Nullable Authorization authorization;
    private final @Nullable String problem;

    private HttpRequest(Builder builder) {
        this.method = builder.method;
        this.target = builder.target;
        this.headers = builder.headers.build();
        this.params = builder.params;
        this.body = builder.body;
        this.authorization = builder.authorization;
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
        return new Builder(HttpFields.checkMethod(method), RequestTarget.parse(target));
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
        return target.path();
    }

    /** The path as it came, percent-encoded. */
    public String rawPath() {
        return target.rawPath();
    }

    /** The query as it came, percent-encoded, without its question mark; null when the target has none. */
    public @Nullable String rawQuery() {
        return target.rawQuery();
    }

    /** Path and query as they came, percent-encoded: what a signature over the target was made of. */
    public String rawTarget() {
        return target.text();
    }

    /** What the subscription's {@code :parameters} and {@code *wildcard} took, percent-decoded. Unmodifiable. */
    public Map<String, String> params() {
        return params;
    }

    /**
     * What the subscription's authorizer granted; null when the subscription has none. No client can set it: {@code handle} replaces
     * what a request that it is given has.
     */
    public @Nullable Authorization authorization() {
        return authorization;
    }

    /** The query's parameters, decoded; the first value of each. Unmodifiable. */
    public Map<String, String> query() {
        Map<String, String> first = new LinkedHashMap<>();
        target.query().forEach((name, values) -> first.put(name, values.get(0)));
        return Collections.unmodifiableMap(first);
    }

    /** The query's parameters, decoded, with every value of each in order. Unmodifiable. */
    public Map<String, List<String>> allQuery() {
        return target.query();
    }

    /** Every value of a parameter of the query, in order; empty when it has none. */
    public List<String> queryValues(String name) {
        return target.query().getOrDefault(name, List.of());
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

    /** The cookies as the client sent them, each of them {@code name=value}, in order; empty when it sent none. Unmodifiable. */
    public List<String> cookies() {
        return headers.values("Cookie").stream()
                .flatMap(value -> Stream.of(value.split(";", -1)))
                .map(String::strip)
                .filter(cookie -> !cookie.isEmpty())
                .toList();
    }

    /** How many bytes the body has. */
    public int bodyLength() {
        return body.length;
    }

    /** The body byte by byte as it came, a copy; empty when there is none. A signature over the body was made of these bytes. */
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

    /**
     * The events that the request carries, as CloudEvents' HTTP protocol binding 1.0 has it: one in binary mode ({@code ce-} headers) or
     * structured mode ({@code application/cloudevents+json}), up to 10,000 in batched mode ({@code
     * application/cloudevents-batch+json}).
     *
     * @throws InvalidRequestException if the request carries no event, or one that is not valid; a handler that lets it pass makes
     *     {@code handle} answer 400
     */
    public List<Event> toEvents() {
        return CloudEventsBinding.events(this, body);
    }

    private Charset charset() {
        return MediaTypes.charset(headers.combined().get("Content-Type"));
    }

    /** A builder that starts with everything that this request has. */
    public Builder toBuilder() {
        return copy(target, new Headers.Builder(headers));
    }

    /**
     * This request with {@code ***} in place of every value of a header or query parameter whose name says that it is a credential:
     * {@code Authorization}, {@code Cookie}, {@code X-Api-Key}, {@code access_token} and the like; the request itself when it has
     * none. What an authorizer granted is left out. The body and the path stay as they are.
     */
    public HttpRequest withoutCredentials() {
        RequestTarget shown = target.withoutCredentials();
        if (authorization == null
                && shown.equals(target)
                && headers.all().keySet().stream().noneMatch(CredentialNames::include)) {
            return this;
        }
        Headers.Builder fields = new Headers.Builder();
        headers.all()
                .forEach((name, values) -> values.forEach(
                        value -> fields.add(name, CredentialNames.include(name) ? CredentialNames.HIDDEN : value)));
        return copy(shown, fields).authorization(null).build();
    }

    private Builder copy(RequestTarget ofTarget, Headers.Builder fields) {
        Builder builder = new Builder(method, ofTarget, fields);
        builder.params = params;
        builder.body = body;
        builder.authorization = authorization;
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
        return "HttpRequest[" + ShownText.of(method) + " " + ShownText.of(target.rawPath()) + ", " + body.length
                + " bytes]";
    }

    /** Builds an {@link HttpRequest}. Not thread-safe. */
    @CanIgnoreReturnValue
    public static final class Builder {
        private final String method;
        private final RequestTarget target;
        private final Headers.Builder headers;
        private Map<String, String> params = Map.of();
        private byte[] body = new byte[0];
        private @Nullable Authorization authorization;
        private boolean received;
        private @Nullable String problem;

        private Builder(String method, RequestTarget target) {
            this(method, target, new Headers.Builder());
        }

        private Builder(String method, RequestTarget target, Headers.Builder headers) {
            this.method = method;
            this.target = target;
            this.headers = headers;
        }

        private static Builder received(String method, String target) {
            Builder builder;
            try {
                builder = HttpRequest.of(method, target);
            } catch (IllegalArgumentException e) {
                builder = new Builder(method, RequestTarget.malformed(target));
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

        /** What an authorizer granted, for a test of a handler; {@code handle} sets what the subscription's authorizer answers. */
        public Builder authorization(@Nullable Authorization authorization) {
            this.authorization = authorization;
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
