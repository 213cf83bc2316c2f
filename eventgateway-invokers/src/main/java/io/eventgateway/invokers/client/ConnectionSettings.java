package io.eventgateway.invokers.client;

import io.eventgateway.http.NetworkPolicy;
import io.eventgateway.spi.Secret;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How the connections of a function are made. An immutable value.
 *
 * @param connectTimeout for a TCP connection, and again for TLS
 * @param policies all of which must allow a place; those that allow any are left out
 * @param tls the trusted certificates and the function's own; null for the JVM's and none
 * @param proxy the URL of an HTTP proxy, with {@code user:password@} if it wants them; null for the JVM's
 */
public record ConnectionSettings(
        Duration connectTimeout,
        List<NetworkPolicy> policies,
        @Nullable TlsSettings tls,
        @Nullable Secret proxy) {
    /** Ten seconds to connect. */
    public static final Duration DEFAULT_CONNECT_TIMEOUT = Duration.ofSeconds(10);

    /** Leaves out the policies that refuse nothing, and checks a proxy's URL that refers to no secret. */
    public ConnectionSettings {
        if (proxy != null && !proxy.isReference()) {
            ProxyUrl.parse(proxy.value());
        }
        policies = policies.stream()
                .filter(policy -> !policy.isAnywhere())
                .distinct()
                .toList();
    }

    /** The settings of a function without any of its own, in a gateway with a policy. */
    public static ConnectionSettings of(NetworkPolicy gateway) {
        return new ConnectionSettings(DEFAULT_CONNECT_TIMEOUT, List.of(gateway), null, null);
    }

    /** These settings with a function's own policy beside the gateway's; null for none. */
    public ConnectionSettings withPolicy(@Nullable NetworkPolicy function) {
        return function == null
                ? this
                : new ConnectionSettings(
                        connectTimeout,
                        Stream.concat(policies.stream(), Stream.of(function)).toList(),
                        tls,
                        proxy);
    }

    /** Returns why a URL's scheme or port may not be used; null if they may. */
    public @Nullable String refusal(String scheme, int port) {
        for (NetworkPolicy policy : policies) {
            String refusal = policy.refusal(scheme, port);
            if (refusal != null) {
                return refusal;
            }
        }
        return null;
    }

    boolean areFixed() {
        return tls == null && proxy == null;
    }
}
