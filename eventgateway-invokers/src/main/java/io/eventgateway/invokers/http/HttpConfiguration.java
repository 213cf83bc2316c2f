package io.eventgateway.invokers.http;

import java.time.Duration;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
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
 */
record HttpConfiguration(
        @Nullable String url,
        @Nullable String method,
        @Nullable Mode mode,
        @Nullable Map<String, String> headers,
        @Nullable Duration connectTimeout,
        @Nullable Duration callTimeout,
        @Nullable Integer maxResponseBytes,
        @Nullable Boolean followRedirects) {
    private static final Duration DEFAULT_CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration MAX_TIMEOUT = Duration.ofDays(1);
    private static final int DEFAULT_MAX_RESPONSE = 1024 * 1024;

    /** How an event is sent (CloudEvents HTTP protocol binding 1.0, section 3). */
    enum Mode {
        /** The data as the body, the attributes as {@code ce-} headers. */
        binary,
        /** The whole event as {@code application/cloudevents+json}. */
        structured,
        /** The data as the body and nothing else. */
        data
    }

    HttpConfiguration {
        checkUrl(url);
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

    /** A message may show the URL's host at most: credentials and tokens are put into every other part. */
    private static void checkUrl(@Nullable String url) {
        if (url == null) {
            throw new IllegalArgumentException("'url' must be an http or https URL, was missing");
        }
        if (HttpUrl.parse(url) == null) {
            int scheme = url.indexOf(':');
            throw new IllegalArgumentException("'url' must be an http or https URL with a host, was "
                    + (scheme > 0 && scheme < 10 ? "one of scheme '" + url.substring(0, scheme) + "'" : "none"));
        }
    }

    private static void checkHeader(String name, @Nullable String value) {
        if (value == null) {
            throw new IllegalArgumentException("'headers." + name + "' must be a string, was null");
        }
        try {
            new Headers.Builder().set(name, value);
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

    HttpUrl target() {
        return HttpUrl.get(String.valueOf(url));
    }

    String verb() {
        return method == null ? "POST" : method.toUpperCase(Locale.ROOT);
    }

    Mode sentAs() {
        return mode == null ? Mode.binary : mode;
    }

    Map<String, String> extraHeaders() {
        return headers == null ? Map.of() : headers;
    }

    Duration connectWithin() {
        return connectTimeout == null ? DEFAULT_CONNECT_TIMEOUT : connectTimeout;
    }

    int largestResponse() {
        return maxResponseBytes == null ? DEFAULT_MAX_RESPONSE : maxResponseBytes;
    }

    boolean redirects() {
        return Boolean.TRUE.equals(followRedirects);
    }

    /** Says where, not with which credentials. */
    @Override
    public String toString() {
        return verb() + " " + target().scheme() + "://" + target().host() + ":" + target().port();
    }
}
