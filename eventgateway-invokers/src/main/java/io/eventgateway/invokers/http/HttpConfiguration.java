package io.eventgateway.invokers.http;

import io.eventgateway.http.NetworkPolicy;
import io.eventgateway.invokers.client.AuthSettings;
import io.eventgateway.invokers.client.ConnectionSettings;
import io.eventgateway.invokers.client.EventRequests.Mode;
import io.eventgateway.invokers.client.HttpCaller;
import io.eventgateway.invokers.client.OwnHeaders;
import io.eventgateway.invokers.client.SigningSettings;
import io.eventgateway.invokers.client.TlsSettings;
import io.eventgateway.invokers.client.ValidationSettings;
import io.eventgateway.spi.Secret;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import okhttp3.Credentials;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * What the provider configuration of an {@code http} function may say.
 *
 * @param url where the function is: http or https, required
 * @param method {@code POST} unless said
 * @param mode how the event is sent, {@code binary} unless said
 * @param headers sent with every call; they win over those that the mode makes
 * @param connectTimeout 10 s unless said
 * @param callTimeout for the whole call, within the delivery's own timeout; the latter alone unless said
 * @param maxResponseBytes a longer answer is a failure; 1 MiB unless said
 * @param followRedirects false unless said
 * @param auth how the function is told who calls
 * @param network where the function may be, beside what the gateway's policy says
 * @param tls trusted certificates and the function's own
 * @param proxy the URL of an HTTP proxy
 * @param signing the keys that requests are signed with; not signed unless said
 * @param validate whether and how the endpoint is asked for its permission; not asked unless said
 */
record HttpConfiguration(
        @Nullable Secret url,
        @Nullable String method,
        @Nullable Mode mode,
        @Nullable Map<String, Secret> headers,
        @Nullable Duration connectTimeout,
        @Nullable Duration callTimeout,
        @Nullable Integer maxResponseBytes,
        @Nullable Boolean followRedirects,
        @Nullable AuthSettings auth,
        @Nullable NetworkPolicy network,
        @Nullable TlsSettings tls,
        @Nullable Secret proxy,
        @Nullable SigningSettings signing,
        @Nullable ValidationSettings validate) {
    private static final Duration MAX_TIMEOUT = Duration.ofDays(1);

    /** Where a call goes, and the headers that it has. */
    record Target(HttpUrl url, Headers headers) {
        @Override
        public String toString() {
            return "Target[" + url.scheme() + "://" + url.host() + ":" + url.port() + "]";
        }
    }

    HttpConfiguration {
        if (url == null) {
            throw new IllegalArgumentException("'url' must be an http or https URL, was missing");
        }
        if (!url.isReference()) {
            parsed(url.value());
        }
        if (method != null && !method.matches("[A-Za-z]+")) {
            throw new IllegalArgumentException("'method' must be a method such as POST, was '" + method + "'");
        }
        if (method != null && (method.equalsIgnoreCase("GET") || method.equalsIgnoreCase("HEAD"))) {
            throw new IllegalArgumentException(
                    "'method' must be one that has a body, such as POST, was '" + method + "'");
        }
        headers = headers == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(headers));
        headers.forEach(HttpConfiguration::checkHeader);
        checkTimeout("connectTimeout", connectTimeout);
        checkTimeout("callTimeout", callTimeout);
        if (maxResponseBytes != null && maxResponseBytes < 1) {
            throw new IllegalArgumentException("'maxResponseBytes' must be at least 1, was " + maxResponseBytes);
        }
    }

    /** A message may show the URL's scheme at most: credentials and tokens are put into every other part. */
    private static HttpUrl parsed(String url) {
        HttpUrl parsed = HttpUrl.parse(url);
        if (parsed == null) {
            int scheme = url.indexOf(':');
            throw new IllegalArgumentException("'url' must be an http or https URL with a host, was "
                    + (scheme > 0 && scheme < 10 ? "one of scheme '" + url.substring(0, scheme) + "'" : "none"));
        }
        return parsed;
    }

    private static void checkHeader(String name, @Nullable Secret value) {
        if (value == null) {
            throw new IllegalArgumentException("'headers." + name + "' must be a string, was null");
        }
        set(new Headers.Builder(), name, value.isReference() ? "" : value.value());
        OwnHeaders.check("headers", name);
    }

    private static void set(Headers.Builder headers, String name, String value) {
        try {
            headers.set(name, value);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "'headers." + name + "' must be a header of visible characters"); // its value may be secret
        }
    }

    private static void checkTimeout(String name, @Nullable Duration timeout) {
        if (timeout != null && (timeout.isZero() || timeout.isNegative() || timeout.compareTo(MAX_TIMEOUT) > 0)) {
            throw new IllegalArgumentException(
                    "'" + name + "' must be more than zero and at most " + MAX_TIMEOUT + ", was " + timeout);
        }
    }

    /**
     * Where the call that is made now goes, and its headers.
     *
     * @throws io.eventgateway.InvocationException if a secret can't be read
     * @throws IllegalArgumentException if a secret is not what it should be
     */
    Target target() {
        HttpUrl target = parsed(url == null ? "" : url.value());
        Headers.Builder all = new Headers.Builder();
        if (!target.username().isEmpty() || !target.password().isEmpty()) {
            all.set("Authorization", Credentials.basic(target.username(), target.password()));
        }
        extraHeaders().forEach((name, value) -> set(all, name, value.value()));
        return new Target(target, all.build());
    }

    /** How connections to it are made, in a gateway with a policy. */
    ConnectionSettings connections(NetworkPolicy gateway) {
        ConnectionSettings settings = new ConnectionSettings(
                        connectTimeout == null ? ConnectionSettings.DEFAULT_CONNECT_TIMEOUT : connectTimeout,
                        List.of(gateway),
                        tls,
                        proxy)
                .withPolicy(network);
        if (url != null && !url.isReference()) {
            HttpUrl known = parsed(url.value());
            String refusal = settings.refusal(known.scheme(), known.port());
            if (refusal != null) {
                throw new IllegalArgumentException("'url' may not be called: " + refusal);
            }
        }
        return settings;
    }

    HttpCaller.Settings calls(String functionId) {
        return new HttpCaller.Settings(
                functionId,
                callTimeout,
                maxResponseBytes == null ? HttpCaller.DEFAULT_MAX_RESPONSE_BYTES : maxResponseBytes,
                Boolean.TRUE.equals(followRedirects));
    }

    String verb() {
        return method == null ? "POST" : method.toUpperCase(Locale.ROOT);
    }

    Mode sentAs() {
        return mode == null ? Mode.binary : mode;
    }

    private Map<String, Secret> extraHeaders() {
        return headers == null ? Map.of() : headers;
    }

    /** Says the method alone, since the rest may be secret. */
    @Override
    public String toString() {
        return "HttpConfiguration[" + verb() + "]";
    }
}
