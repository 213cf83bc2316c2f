package io.eventgateway.invokers.client;

import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/** The URL of an HTTP proxy. */
final class ProxyUrl {
    private ProxyUrl() {}

    /**
     * A proxy's URL.
     *
     * @throws IllegalArgumentException if it is none; the message does not show it
     */
    static HttpUrl parse(String url) {
        @Nullable HttpUrl proxy = HttpUrl.parse(url);
        if (proxy == null || !proxy.scheme().equals("http")) {
            throw new IllegalArgumentException("'proxy' must be an http URL such as http://user:password@host:3128");
        }
        return proxy;
    }
}
