package io.eventgateway.invokers.client;

import io.eventgateway.InvocationException;
import io.eventgateway.http.NetworkPolicy;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/**
 * The OkHttp client of one function's settings. Where these refer to secrets, which may change at any time, it is made anew when they have. The lock
 * of this object guards what is current.
 */
final class ClientOfSettings implements AutoCloseable {
    private final HttpClients clients;
    private final ConnectionSettings settings;
    private @Nullable Resolved resolved;
    private boolean isClosed;
    private volatile @Nullable Current current;

    /** What settings are once secrets are read: what the clients of functions with the same are shared by. */
    record Resolved(
            Duration connectTimeout,
            List<NetworkPolicy> policies,
            @Nullable String trust,
            @Nullable String certificate,
            @Nullable String key,
            @Nullable HttpUrl proxy) {
        @Override
        public String toString() {
            return "Resolved[]"; // all but the time may be secret
        }
    }

    /** A client, and what messages must not show of its settings. */
    record Current(OkHttpClient client, Set<String> hidden) {}

    ClientOfSettings(HttpClients clients, ConnectionSettings settings) {
        this.clients = clients;
        this.settings = settings;
    }

    /**
     * The client.
     *
     * @throws io.eventgateway.InvocationException if a secret can't be read
     * @throws IllegalArgumentException if a secret is not what it should be
     */
    Current current() {
        Current known = current;
        return known != null && settings.areFixed() ? known : refreshed(resolve());
    }

    private Resolved resolve() {
        TlsSettings tls = settings.tls();
        return new Resolved(
                settings.connectTimeout(),
                settings.policies(),
                tls == null ? null : TlsSettings.text(tls.trust()),
                tls == null ? null : TlsSettings.text(tls.certificate()),
                tls == null ? null : TlsSettings.text(tls.key()),
                settings.proxy() == null
                        ? null
                        : ProxyUrl.parse(settings.proxy().value()));
    }

    private synchronized Current refreshed(Resolved now) {
        if (isClosed) { // while a secret was read, of which the call had ended; nobody would release the client
            throw new InvocationException(InvocationException.Kind.CALL_FAILED, true, "the function was closed");
        }
        Current known = current;
        if (known != null && now.equals(resolved)) {
            return known;
        }
        Current made = new Current(clients.acquire(now), hidden(now));
        if (resolved != null) {
            clients.release(resolved);
        }
        resolved = now;
        current = made;
        return made;
    }

    private static Set<String> hidden(Resolved settings) {
        HttpUrl proxy = settings.proxy();
        if (proxy == null || proxy.username().isEmpty()) {
            return Set.of();
        }
        Set<String> hidden = new HashSet<>();
        hidden.add(proxy.username());
        hidden.add(proxy.password());
        hidden.add(proxy.username() + ":" + proxy.password());
        return Set.copyOf(hidden);
    }

    @Override
    public synchronized void close() {
        isClosed = true;
        if (resolved != null) {
            clients.release(resolved);
            resolved = null;
            current = null;
        }
    }
}
