package io.eventgateway.invokers.client;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import okhttp3.Authenticator;
import okhttp3.ConnectionPool;
import okhttp3.Credentials;
import okhttp3.Dns;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.Route;
import org.jspecify.annotations.Nullable;

/**
 * The connections and threads of all functions of a provider, from the first function to the last. Thread-safe.
 *
 * <p>All share their threads, their limits and their pool of connections; functions with the same settings share an OkHttp client. A pooled
 * connection is only ever used by functions whose settings are the same, network policies included. The lock of this object guards
 * the counts and the clients.
 */
@SuppressWarnings("exports") // the modules that use it require OkHttp, too
public final class HttpClients {
    private static final int IDLE_CONNECTIONS = 64;
    private static final long IDLE_SECONDS = 60;
    private static final String PROXY_AUTHORIZATION = "Proxy-Authorization";

    private static final int PREPARATIONS = 128;
    private static final int PREPARATIONS_OF_A_FUNCTION = 32;

    private final Dns dns;
    private final Map<ClientOfSettings.Resolved, Client> clients = new HashMap<>();
    private @Nullable Shared shared;
    private int users;

    /** What all clients share while there is one. */
    private record Shared(CallThreads threads, CallSlots slots, CallSlots preparations, OkHttpClient client) {}

    private static final class Client {
        final OkHttpClient client;
        int users;

        Client(OkHttpClient client) {
            this.client = client;
        }
    }

    /** No clients yet; names are resolved by the JVM. */
    public HttpClients() {
        this(Dns.SYSTEM);
    }

    /** No clients yet, whose names are resolved by what is given, as in a test. */
    public HttpClients(Dns dns) {
        this.dns = dns;
    }

    /** Opens what sends the requests of one function, until it is closed. */
    public HttpSender open(ConnectionSettings settings) {
        synchronized (this) {
            if (shared == null) {
                shared = create();
            }
            users++;
        }
        return new HttpSender(this, settings);
    }

    synchronized CallSlots slots() {
        return Objects.requireNonNull(shared, "closed").slots();
    }

    /** Slots for what is done before calls, by function. */
    synchronized CallSlots preparations() {
        return Objects.requireNonNull(shared, "closed").preparations();
    }

    synchronized OkHttpClient acquire(ClientOfSettings.Resolved settings) {
        Client client = clients.get(settings);
        if (client == null) {
            client = new Client(client(Objects.requireNonNull(shared, "closed").client(), settings));
            clients.put(settings, client);
        }
        client.users++;
        return client.client;
    }

    synchronized void release(ClientOfSettings.Resolved settings) {
        Client client = clients.get(settings);
        if (client != null && --client.users == 0) {
            clients.remove(settings);
        }
    }

    void release() {
        Shared last = null;
        synchronized (this) {
            users--;
            if (users == 0) {
                last = shared;
                shared = null;
            }
        }
        if (last != null) {
            last.threads().executor().shutdown();
            last.client().connectionPool().evictAll();
        }
    }

    private Shared create() {
        CallThreads threads = CallThreads.create();
        OkHttpClient client = new OkHttpClient.Builder()
                .connectionPool(new ConnectionPool(IDLE_CONNECTIONS, IDLE_SECONDS, TimeUnit.SECONDS))
                .dns(dns)
                .retryOnConnectionFailure(false)
                .followRedirects(false)
                .followSslRedirects(false)
                .readTimeout(Duration.ZERO)
                .writeTimeout(Duration.ZERO)
                .eventListenerFactory(Attempt.LISTENERS)
                .addNetworkInterceptor(new RetryAfter())
                .build();
        return new Shared(
                threads,
                new CallSlots(threads.executor(), threads.total(), threads.perOrigin()),
                new CallSlots(threads.executor(), PREPARATIONS, PREPARATIONS_OF_A_FUNCTION),
                client);
    }

    private static OkHttpClient client(OkHttpClient shared, ClientOfSettings.Resolved settings) {
        OkHttpClient.Builder builder = shared.newBuilder().connectTimeout(settings.connectTimeout());
        if (!settings.policies().isEmpty()) {
            builder.socketFactory(new GuardedSocketFactory(settings.policies()));
            builder.proxySelector(new WithoutSocks());
        }
        if (settings.trust() != null || settings.certificate() != null) {
            Pem.Tls tls = Pem.context(settings.trust(), settings.certificate(), settings.key());
            builder.sslSocketFactory(tls.sockets(), tls.trust());
        }
        HttpUrl proxy = settings.proxy();
        if (proxy != null) {
            builder.proxy(new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(proxy.host(), proxy.port())));
            if (!proxy.username().isEmpty()) {
                String credentials = Credentials.basic(proxy.username(), proxy.password());
                builder.proxyAuthenticator(new ProxyCredentials(credentials));
                builder.addNetworkInterceptor(plainProxied(credentials));
            }
        }
        return builder.build();
    }

    /** The same client with connections that are used once. */
    OkHttpClient withoutKeptConnections(OkHttpClient client) {
        return client.newBuilder()
                .connectionPool(new ConnectionPool(0, 1, TimeUnit.NANOSECONDS))
                .build();
    }

    /** A request that a proxy passes on as it is needs the credentials itself, while a tunnel asks {@link ProxyCredentials}. */
    private static Interceptor plainProxied(String credentials) {
        return chain -> {
            Request request = chain.request();
            return chain.proceed(
                    request.isHttps()
                            ? request
                            : request.newBuilder()
                                    .header(PROXY_AUTHORIZATION, credentials)
                                    .build());
        };
    }

    /** Gives a tunnel's request the credentials, once. */
    private record ProxyCredentials(String credentials) implements Authenticator {
        @Override
        public @Nullable Request authenticate(@Nullable Route route, Response response) {
            Request request = response.request();
            return request.header(PROXY_AUTHORIZATION) != null
                            || !request.method().equals("CONNECT")
                    ? null
                    : request.newBuilder()
                            .header(PROXY_AUTHORIZATION, credentials)
                            .build();
        }

        @Override
        public String toString() {
            return "ProxyCredentials[]";
        }
    }

    /** The JVM's proxies but those of SOCKS, which would resolve names and connect where no policy sees it. */
    private static final class WithoutSocks extends ProxySelector {
        @Override
        public List<Proxy> select(URI uri) {
            ProxySelector jvm = ProxySelector.getDefault();
            List<Proxy> proxies = jvm == null
                    ? List.of()
                    : jvm.select(uri).stream()
                            .filter(proxy -> proxy.type() != Proxy.Type.SOCKS)
                            .toList();
            return proxies.isEmpty() ? List.of(Proxy.NO_PROXY) : proxies;
        }

        @Override
        public void connectFailed(URI uri, SocketAddress address, IOException e) {
            ProxySelector jvm = ProxySelector.getDefault();
            if (jvm != null) {
                jvm.connectFailed(uri, address, e);
            }
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof WithoutSocks;
        }

        @Override
        public int hashCode() {
            return WithoutSocks.class.hashCode();
        }
    }
}
