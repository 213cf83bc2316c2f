package io.eventgateway.http;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.eventgateway.internal.http.HttpFields;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which pages of other origins may call an http subscription from a browser (Fetch standard, CORS protocol). An immutable value with
 * a JSON form, whose members and defaults are those of Serverless' Event Gateway 0.9, save that the methods are the subscription's
 * own unless said.
 *
 * <p>A policy is no access control: a request of another origin still reaches the function, and the browser keeps the response from
 * the page.
 *
 * @param origins {@code *}, or origins such as {@code https://app.example.com}, {@code https://*.example.com} (any depth of
 *     subdomains) and {@code http://localhost:*} (any port), kept as browsers send them: in lower case, and without a port that is
 *     the scheme's own; {@code *} unless said
 * @param methods the methods that a preflight allows, in upper case; empty for those that the subscription answers
 * @param headers the request headers that a preflight allows, or {@code *}; {@code Origin}, {@code Accept} and {@code Content-Type}
 *     unless said
 * @param allowCredentials whether a page may send cookies and other credentials, and read the response; false unless said
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record CorsPolicy(List<String> origins, List<String> methods, List<String> headers, boolean allowCredentials) {
    private static final String ANY = "*";
    private static final CorsPolicy DEFAULTS =
            new CorsPolicy(List.of(ANY), List.of(), List.of("Origin", "Accept", "Content-Type"), false);

    /**
     * Copies the lists and checks them.
     *
     * @throws IllegalArgumentException if there is no origin, one is not an origin, a method or header is not a token, or credentials
     *     are allowed and {@code *} is among the origins or headers, which browsers refuse and which would open every user's session to
     *     every page
     */
    public CorsPolicy {
        origins = origins.stream().map(CorsPolicy::checkedOrigin).toList();
        methods = methods.stream().map(HttpFields::checkMethod).toList();
        headers = headers.stream().map(HttpFields::checkName).toList();
        if (origins.isEmpty()) {
            throw new IllegalArgumentException(
                    "origins must not be empty: a policy that allows no origin does nothing");
        }
        if (allowCredentials && (origins.contains(ANY) || headers.contains(ANY))) {
            throw new IllegalArgumentException(
                    "allowCredentials can't be with '*': name the origins and headers that may send credentials");
        }
    }

    @JsonCreator
    static CorsPolicy fromJson(
            @JsonProperty("origins") @Nullable List<String> origins,
            @JsonProperty("methods") @Nullable List<String> methods,
            @JsonProperty("headers") @Nullable List<String> headers,
            @JsonProperty("allowCredentials") @Nullable Boolean allowCredentials) {
        return new CorsPolicy(
                origins == null ? DEFAULTS.origins : origins,
                methods == null ? DEFAULTS.methods : methods,
                headers == null ? DEFAULTS.headers : headers,
                allowCredentials != null && allowCredentials);
    }

    private static String checkedOrigin(String origin) {
        return origin.equals(ANY) ? ANY : WebOrigin.pattern(origin);
    }

    /** Every origin, with the headers {@code Origin}, {@code Accept} and {@code Content-Type}, without credentials. */
    public static CorsPolicy defaults() {
        return DEFAULTS;
    }

    /**
     * The defaults for these origins alone.
     *
     * @throws IllegalArgumentException if there is none, or one is not an origin
     */
    public static CorsPolicy allow(String... origins) {
        return new CorsPolicy(Arrays.asList(origins), DEFAULTS.methods, DEFAULTS.headers, false);
    }

    /** This policy with these methods. */
    public CorsPolicy withMethods(String... names) {
        return new CorsPolicy(origins, Arrays.asList(names), headers, allowCredentials);
    }

    /** This policy with these request headers in place of its own. */
    public CorsPolicy withHeaders(String... names) {
        return new CorsPolicy(origins, methods, Arrays.asList(names), allowCredentials);
    }

    /**
     * This policy with credentials allowed.
     *
     * @throws IllegalArgumentException if {@code *} is among the origins or headers
     */
    public CorsPolicy withCredentials() {
        return new CorsPolicy(origins, methods, headers, true);
    }

    /** Returns whether pages of every origin are allowed, so that a response is the same for all of them. */
    public boolean allowsAnyOrigin() {
        return origins.contains(ANY);
    }

    /** Returns whether pages of an origin are allowed: the value of a request's {@code Origin} header. */
    public boolean allowsOrigin(String origin) {
        String sent = WebOrigin.sent(origin);
        return allowsAnyOrigin() || (sent != null && origins.stream().anyMatch(each -> WebOrigin.matches(each, sent)));
    }

    /** Returns whether a preflight for a method is granted, given that the subscription answers it. */
    public boolean allowsMethod(String method) {
        return methods.isEmpty() || methods.contains(method);
    }

    /** Returns whether a preflight for request headers is granted: the value of {@code Access-Control-Request-Headers}. */
    public boolean allowsHeaders(String requested) {
        if (headers.contains(ANY)) {
            return true;
        }
        for (String name : requested.split(",", -1)) {
            String field = name.strip();
            if (!field.isEmpty() && headers.stream().noneMatch(field::equalsIgnoreCase)) {
                return false;
            }
        }
        return true;
    }
}
