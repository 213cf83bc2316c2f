package io.eventgateway.invokers.client;

import io.eventgateway.http.NetworkPolicy;
import io.eventgateway.spi.Secret;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The entries that the configurations of function types behind HTTP have in common. An immutable value.
 *
 * @param connectTimeout 10 s unless said
 * @param callTimeout for the whole call, within the delivery's own timeout; the latter alone unless said
 * @param maxResponseBytes a longer answer is a failure; 1 MiB unless said
 * @param network where the function may be, beside what the gateway's policy says
 * @param proxy the URL of an HTTP proxy
 */
public record CallOptions(
        @Nullable Duration connectTimeout,
        @Nullable Duration callTimeout,
        @Nullable Integer maxResponseBytes,
        @Nullable NetworkPolicy network,
        @Nullable Secret proxy) {
    private static final Duration MAX_TIMEOUT = Duration.ofDays(1);

    /**
     * Checks the entries.
     *
     * @throws IllegalArgumentException if one is not valid; the message names it
     */
    public CallOptions {
        checkTimeout("connectTimeout", connectTimeout);
        checkTimeout("callTimeout", callTimeout);
        if (maxResponseBytes != null && maxResponseBytes < 1) {
            throw new IllegalArgumentException("'maxResponseBytes' must be at least 1, was " + maxResponseBytes);
        }
    }

    private static void checkTimeout(String name, @Nullable Duration timeout) {
        if (timeout != null && (timeout.isZero() || timeout.isNegative() || timeout.compareTo(MAX_TIMEOUT) > 0)) {
            throw new IllegalArgumentException(
                    "'" + name + "' must be more than zero and at most " + MAX_TIMEOUT + ", was " + timeout);
        }
    }

    /** How connections to the function are made, in a gateway with a policy. */
    public ConnectionSettings connections(NetworkPolicy gateway) {
        return connectionsElsewhere(gateway).withPolicy(network);
    }

    /** How connections are made to what the function needs elsewhere, such as tokens: where the function may be does not hold for that. */
    public ConnectionSettings connectionsElsewhere(NetworkPolicy gateway) {
        return new ConnectionSettings(
                connectTimeout == null ? ConnectionSettings.DEFAULT_CONNECT_TIMEOUT : connectTimeout,
                List.of(gateway),
                null,
                proxy);
    }

    /** What calls of the function have in common; redirects are not followed. */
    public HttpCaller.Settings calls(String functionId) {
        return new HttpCaller.Settings(
                functionId,
                callTimeout,
                maxResponseBytes == null ? HttpCaller.DEFAULT_MAX_RESPONSE_BYTES : maxResponseBytes,
                false);
    }
}
