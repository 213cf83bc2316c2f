package io.eventgateway.gcp;

import io.eventgateway.FunctionDefinition;
import io.eventgateway.invokers.client.Authentication;
import io.eventgateway.invokers.client.ConnectionSettings;
import io.eventgateway.invokers.client.EndpointInvoker;
import io.eventgateway.invokers.client.HttpCaller;
import io.eventgateway.invokers.client.HttpClients;
import io.eventgateway.spi.Invoker;
import io.eventgateway.spi.InvokerContext;
import io.eventgateway.spi.InvokerProvider;
import io.eventgateway.spi.Secret;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * Calls Cloud Functions and Cloud Run services with an identity token: type {@code gcpfunction}.
 *
 * <p>Provider configuration: {@code url} (required), {@code audience} (the URL), {@code authenticate} (true), {@code serviceAccountKey}
 * (the machine's own account), {@code mode} ({@code binary}, {@code structured} or {@code data}), and as for {@code http}: {@code
 * connectTimeout}, {@code callTimeout}, {@code maxResponseBytes}, {@code network}, {@code proxy}.
 *
 * <p>Tokens of the machine's account come from Google Cloud's metadata server, or from the host and port that the environment variable {@code
 * GCE_METADATA_HOST} names, as for Google's own libraries. No function's configuration says where that is, so that none can have the
 * gateway ask elsewhere in this network.
 */
public final class GcpFunctionInvokerProvider implements InvokerProvider {
    private static final String METADATA_HOST = "GCE_METADATA_HOST";
    private static final Duration METADATA_CONNECT_TIMEOUT = Duration.ofSeconds(3);

    private final HttpClients clients = new HttpClients();
    private final HttpUrl metadataServer;
    private final InstantSource clock;

    /**
     * A provider whose functions share their connections.
     *
     * @throws IllegalStateException if {@code GCE_METADATA_HOST} is set, and no host and port
     */
    public GcpFunctionInvokerProvider() {
        this(metadataServer(System.getenv(METADATA_HOST)), InstantSource.system());
    }

    GcpFunctionInvokerProvider(HttpUrl metadataServer, InstantSource clock) {
        this.metadataServer = metadataServer;
        this.clock = clock;
    }

    static HttpUrl metadataServer(@Nullable String host) {
        HttpUrl url = HttpUrl.parse("http://" + (host == null || host.isEmpty() ? "metadata.google.internal" : host));
        if (url == null || !url.encodedPath().equals("/")) {
            throw new IllegalStateException(METADATA_HOST + " must be a host and port, was '" + host + "'");
        }
        return url;
    }

    @Override
    public String type() {
        return "gcpfunction";
    }

    @Override
    public Invoker create(FunctionDefinition function, InvokerContext context) {
        GcpFunctionConfiguration configuration = context.configuration(function, GcpFunctionConfiguration.class);
        ConnectionSettings connections = configuration.connections(context.networkPolicy());
        String id = function.functionId();
        Authentication authentication = configuration.isAuthenticated()
                ? new IdentityTokens(id, source(id, configuration, context), configuration::audienceOf, clock)
                : Authentication.none();
        HttpCaller caller = new HttpCaller(
                clients.open(connections),
                authentication,
                configuration.options().calls(id));
        return new EndpointInvoker(
                configuration.endpoint(),
                configuration.sentAs(),
                caller,
                invocation -> GcpAnswers.of(invocation, context.jsonMapper()));
    }

    private TokenSource source(String functionId, GcpFunctionConfiguration configuration, InvokerContext context) {
        Secret key = configuration.serviceAccountKey();
        if (key == null) {
            // the gateway's policy is for where functions are, and must not forbid what only this code calls
            ConnectionSettings fixed = new ConnectionSettings(METADATA_CONNECT_TIMEOUT, List.of(), null, null);
            return new MetadataTokens(functionId, metadataServer, clients.open(fixed));
        }
        ConnectionSettings connections = configuration
                .options()
                .connectionsElsewhere(context.networkPolicy())
                .withPolicy(GcpFunctionConfiguration.NOT_LINK_LOCAL); // a key names its token endpoint
        return new KeyTokens(functionId, key, clients.open(connections), clock);
    }
}
