package io.eventgateway.http;

import com.fasterxml.jackson.annotation.JsonValue;
import io.eventgateway.error.DataConversionException;
import io.eventgateway.internal.http.HttpFields;
import io.eventgateway.internal.http.MediaTypes;
import io.eventgateway.internal.http.PercentCoding;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * An HTTP request as a function sees it: the data of an http event. Immutable.
 *
 * <p>A function outside of this process gets it as JSON: {@code method}, {@code path}, {@code params}, {@code query}, {@code
 * headers}, and {@code body}, which is the JSON itself for a JSON content type, text for a text one, and Base64 with {@code
 * "isBase64Encoded": true} (as AWS API Gateway has it) for anything else.
 */
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

    private HttpRequest(
            String method,
            String path,
            String rawPath,
            Map<String, List<String>> query,
            Headers headers,
            Map<String, String> params,
            byte[] body) {
        this.method = method;
        this.path = path;
        this.rawPath = rawPath;
        this.query = query;
        this.headers = headers;
        this.params = params;
        this.body = body;
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
        return new Builder(method, target);
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
     * @throws DataConversionException if it can't be
     */
    public <T> T bodyAs(Class<T> type) {
        try {
            T converted = HttpJson.MAPPER.readValue(body, type);
            if (converted == null) {
                throw new DataConversionException("the request's body is JSON null, not a " + type.getName());
            }
            return converted;
        } catch (JacksonException e) {
            throw new DataConversionException(
                    "the request's body can't be read as " + type.getName() + ": " + e.getOriginalMessage(), e);
        }
    }

    private Charset charset() {
        return MediaTypes.charset(headers.combined().get("Content-Type"));
    }

    /** The same request with what its path's parameters took. */
    public HttpRequest withParams(Map<String, String> taken) {
        return new HttpRequest(
                method, path, rawPath, query, headers, Collections.unmodifiableMap(new LinkedHashMap<>(taken)), body);
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

    /** Builds an {@link HttpRequest}. Not thread-safe. */
    public static final class Builder {
        private final String method;
        private final String rawPath;
        private final String path;
        private final Map<String, List<String>> query;
        private final Headers.Builder headers = new Headers.Builder();
        private byte[] body = new byte[0];

        private Builder(String method, String target) {
            this.method = HttpFields.checkMethod(method);
            Objects.requireNonNull(target, "target");
            if (!target.startsWith("/")) {
                throw new IllegalArgumentException("target must be a path that starts with '/', was '" + target + "'");
            }
            int fragment = target.indexOf('#');
            String withoutFragment = fragment < 0 ? target : target.substring(0, fragment);
            int mark = withoutFragment.indexOf('?');
            this.rawPath = mark < 0 ? withoutFragment : withoutFragment.substring(0, mark);
            this.path = PercentCoding.decode(rawPath);
            this.query = mark < 0 ? Map.of() : parseQuery(withoutFragment.substring(mark + 1));
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

        /** Adds a header; a name may come more than once. */
        public Builder header(String name, String value) {
            headers.add(name, value);
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
        public HttpRequest build() {
            return new HttpRequest(method, path, rawPath, query, headers.build(), Map.of(), body);
        }
    }
}
