package io.eventgateway.http;

import com.fasterxml.jackson.annotation.JsonValue;
import io.eventgateway.annotation.CanIgnoreReturnValue;
import io.eventgateway.annotation.CheckReturnValue;
import io.eventgateway.internal.http.MediaTypes;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** An HTTP response: what {@code handle} answers, and what a function may return to say precisely what it answers. Immutable. */
@CheckReturnValue
public final class HttpResponse {
    private static final Set<String> MEMBERS = Set.of(
            "statusCode", "statusDescription", "headers", "multiValueHeaders", "cookies", "body", "isBase64Encoded");
    private static final byte[] NO_BODY = new byte[0];

    private final int statusCode;
    private final Headers headers;
    private final byte[] body;

    private HttpResponse(int statusCode, Headers headers, byte[] body) {
        if (statusCode < 200 || statusCode > 599) { // 1xx is between the server and its client
            throw new IllegalArgumentException("statusCode must be 200 to 599, was " + statusCode);
        }
        this.statusCode = statusCode;
        this.headers = headers;
        this.body = body;
    }

    /**
     * A response without a body.
     *
     * @throws IllegalArgumentException if the status code is not 200 to 599
     */
    public static HttpResponse of(int statusCode) {
        return new HttpResponse(statusCode, Headers.NONE, NO_BODY);
    }

    /** A response with a body (copied) of a content type. */
    public static HttpResponse of(int statusCode, String contentType, byte[] body) {
        return builder(statusCode)
                .header("Content-Type", contentType)
                .body(body)
                .build();
    }

    /** A response with a body of text, in UTF-8 unless the content type says otherwise. */
    public static HttpResponse of(int statusCode, String contentType, String body) {
        return of(statusCode, contentType, body.getBytes(MediaTypes.charset(contentType)));
    }

    /** A builder of a response. */
    public static Builder builder(int statusCode) {
        return new Builder(statusCode, new Headers.Builder());
    }

    /**
     * Whether a JSON result means a response: an object that has a {@code statusCode} and nothing but {@code statusCode},
     * {@code statusDescription}, {@code headers}, {@code multiValueHeaders}, {@code cookies}, {@code body} and {@code
     * isBase64Encoded}, as the proxy integrations of AWS have them.
     */
    public static boolean isResponse(JsonNode json) {
        return json.isObject() && json.has("statusCode") && MEMBERS.containsAll(json.propertyNames());
    }

    /**
     * The response that a JSON result means. {@code headers} holds strings or lists of strings; {@code multiValueHeaders} lists
     * of strings, which stand in place of {@code headers} of the same name; {@code cookies} a list of strings, each of which is a
     * {@code Set-Cookie} header. A {@code body} that is not a string is sent as JSON. {@code statusDescription}, a string, is read
     * and not sent, since the text behind a status is the server's.
     *
     * @throws IllegalArgumentException if a member is not what it must be; the message says which
     */
    public static HttpResponse fromJson(JsonNode json) {
        JsonNode status = json.path("statusCode");
        if (!status.isIntegralNumber() || !status.canConvertToInt()) {
            throw new IllegalArgumentException("statusCode must be an integer from 200 to 599, was " + brief(status));
        }
        JsonNode description = json.path("statusDescription");
        if (!isAbsent(description) && !description.isString()) {
            throw new IllegalArgumentException("statusDescription must be a string, was " + brief(description));
        }
        Builder builder = builder(status.intValue());
        addHeaders(builder, "headers", json.path("headers"), false);
        addHeaders(builder, "multiValueHeaders", json.path("multiValueHeaders"), true);
        addCookies(builder, json.path("cookies"));
        JsonNode body = json.path("body");
        boolean base64 = isBase64(json.path("isBase64Encoded"));
        if (body.isString()) {
            builder.body(
                    base64
                            ? decoded(body.stringValue())
                            : body.stringValue().getBytes(MediaTypes.charset(builder.contentType())));
        } else if (!isAbsent(body)) {
            if (base64) {
                throw new IllegalArgumentException(
                        "body must be a string, since isBase64Encoded is true, was " + brief(body));
            }
            if (builder.contentType() == null) {
                builder.header("Content-Type", "application/json");
            }
            builder.body(body.toString().getBytes(StandardCharsets.UTF_8));
        }
        return builder.build();
    }

    private static boolean isAbsent(JsonNode value) {
        return value.isMissingNode() || value.isNull();
    }

    private static void addHeaders(Builder builder, String member, JsonNode headers, boolean inPlace) {
        if (headers.isObject()) {
            headers.properties().forEach(header -> {
                if (inPlace) {
                    builder.headers.remove(header.getKey());
                }
                addHeader(builder, member, header.getKey(), header.getValue());
            });
        } else if (!isAbsent(headers)) {
            throw new IllegalArgumentException(member + " must be an object, was " + brief(headers));
        }
    }

    private static void addCookies(Builder builder, JsonNode cookies) {
        if (cookies.isArray()) {
            for (JsonNode cookie : cookies.values()) {
                if (!cookie.isString()) {
                    throw new IllegalArgumentException("cookies must be a list of strings, had " + brief(cookie));
                }
                builder.header("Set-Cookie", cookie.stringValue());
            }
        } else if (!isAbsent(cookies)) {
            throw new IllegalArgumentException("cookies must be a list of strings, was " + brief(cookies));
        }
    }

    private static boolean isBase64(JsonNode value) {
        if (!isAbsent(value) && !value.isBoolean()) {
            throw new IllegalArgumentException("isBase64Encoded must be true or false, was " + brief(value));
        }
        return value.asBoolean(false);
    }

    private static void addHeader(Builder builder, String member, String name, JsonNode value) {
        if (value.isArray()) {
            value.values().forEach(each -> addHeader(builder, member, name, each));
        } else if (value.isString() || value.isNumber() || value.isBoolean()) {
            builder.header(name, value.asString());
        } else {
            throw new IllegalArgumentException(
                    member + "." + name + " must be a string or a list of strings, was " + brief(value));
        }
    }

    private static byte[] decoded(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "body must be Base64, since isBase64Encoded is true: " + e.getMessage(), e);
        }
    }

    private static String brief(JsonNode value) {
        return value.isMissingNode()
                ? "missing"
                : value.isContainer() ? "a JSON " + value.getNodeType() : value.toString();
    }

    /** The status code, 200 to 599. */
    public int statusCode() {
        return statusCode;
    }

    /** The headers, by name in any case; several values of one are joined with commas (RFC 9110, section 5.3). Unmodifiable. */
    public Map<String, String> headers() {
        return headers.combined();
    }

    /** Every header with each of its values, for those that may not be joined, such as {@code Set-Cookie}. Unmodifiable. */
    public Map<String, List<String>> allHeaders() {
        return headers.all();
    }

    /** The body, a copy; empty when there is none. */
    public byte[] body() {
        return body.clone();
    }

    /** The body as text, in the content type's charset or else UTF-8. */
    public String bodyAsString() {
        return new String(body, MediaTypes.charset(headers.combined().get("Content-Type")));
    }

    /** The same response without its body: what {@code HEAD} answers. */
    public HttpResponse withoutBody() {
        return body.length == 0 ? this : new HttpResponse(statusCode, headers, NO_BODY);
    }

    /** A builder that starts with everything that this response has. */
    public Builder toBuilder() {
        Builder builder = new Builder(statusCode, new Headers.Builder(headers));
        builder.contentType = headers.combined().get("Content-Type");
        builder.body = body;
        return builder;
    }

    /** The JSON form that {@link #fromJson} reads, a new tree at each call. */
    @JsonValue
    public JsonNode toJson() {
        ObjectNode json = HttpJson.MAPPER.createObjectNode();
        json.put("statusCode", statusCode);
        ObjectNode fields = json.putObject("headers");
        headers.all().forEach((name, values) -> {
            if (values.size() == 1) {
                fields.put(name, values.get(0));
            } else {
                values.forEach(fields.withArray(name)::add);
            }
        });
        String contentType = headers.combined().get("Content-Type");
        if (MediaTypes.isJson(contentType) || MediaTypes.isText(contentType) || body.length == 0) {
            json.put("body", bodyAsString());
        } else {
            json.put("body", Base64.getEncoder().encodeToString(body));
            json.put("isBase64Encoded", true);
        }
        return json;
    }

    /** Status and size; no headers and no body, since they may be secret. */
    @Override
    public String toString() {
        return "HttpResponse[" + statusCode + ", " + body.length + " bytes]";
    }

    /** Builds an {@link HttpResponse}. Not thread-safe. */
    @CanIgnoreReturnValue
    public static final class Builder {
        private final int statusCode;
        private final Headers.Builder headers;
        private @Nullable String contentType;
        private byte[] body = NO_BODY;

        private Builder(int statusCode, Headers.Builder headers) {
            this.statusCode = statusCode;
            this.headers = headers;
        }

        private @Nullable String contentType() {
            return contentType;
        }

        /**
         * Adds a header; a name may come more than once. A null value adds nothing.
         *
         * @throws IllegalArgumentException if the name is not a token or the value has control characters
         */
        public Builder header(String name, @Nullable String value) {
            headers.add(name, value);
            if (value != null && name.equalsIgnoreCase("Content-Type")) {
                contentType = value;
            }
            return this;
        }

        /** The body (copied). */
        public Builder body(byte[] body) {
            this.body = body.clone();
            return this;
        }

        /**
         * The response.
         *
         * @throws IllegalArgumentException if the status code is not 200 to 599
         */
        @CheckReturnValue
        public HttpResponse build() {
            return new HttpResponse(statusCode, headers.build(), body);
        }
    }
}
