package io.eventgateway.invokers.http;

import io.eventgateway.FunctionDefinition;
import io.eventgateway.error.InvalidFunctionException;
import io.eventgateway.invokers.client.AuthSettings;
import io.eventgateway.invokers.client.Authentication;
import io.eventgateway.invokers.client.ConnectionSettings;
import io.eventgateway.invokers.client.HttpCaller;
import io.eventgateway.invokers.client.HttpClients;
import io.eventgateway.invokers.client.SigningSettings;
import io.eventgateway.invokers.client.ValidationSettings;
import io.eventgateway.invokers.client.WebhookPermission;
import io.eventgateway.invokers.client.WebhookSignature;
import io.eventgateway.spi.Invoker;
import io.eventgateway.spi.InvokerContext;
import io.eventgateway.spi.InvokerProvider;

/**
 * Calls functions behind HTTP endpoints: type {@code http}.
 *
 * <p>Provider configuration: {@code url} (required), {@code method} (POST), {@code mode} ({@code binary}, {@code structured} or
 * {@code data}), {@code headers}, {@code connectTimeout} and {@code callTimeout} (ISO 8601, such as {@code PT5S}), {@code
 * maxResponseBytes} (1 MiB), {@code followRedirects} (false), {@code auth} (none), {@code network} (the gateway's policy alone), {@code tls}, {@code proxy}, {@code signing}, {@code validate} (false).
 */
public final class HttpInvokerProvider implements InvokerProvider {
    private final HttpClients clients;

    /** A provider whose functions share their connections. */
    public HttpInvokerProvider() {
        this(new HttpClients());
    }

    HttpInvokerProvider(HttpClients clients) {
        this.clients = clients;
    }

    @Override
    public String type() {
        return "http";
    }

    @Override
    public Invoker create(FunctionDefinition function, InvokerContext context) {
        HttpConfiguration configuration = context.configuration(function, HttpConfiguration.class);
        ConnectionSettings connections;
        Authentication authentication;
        try {
            connections = configuration.connections(context.networkPolicy());
            authentication = authentication(function.functionId(), configuration, connections, context);
        } catch (IllegalArgumentException e) {
            throw new InvalidFunctionException(
                    "provider of function '" + function.functionId() + "' (type http): " + e.getMessage(), e);
        }
        HttpCaller caller =
                new HttpCaller(clients.open(connections), authentication, configuration.calls(function.functionId()));
        return new HttpInvoker(configuration, caller, context.jsonMapper());
    }

    /** What a request gets before it is sent: the proof of who calls, the endpoint's permission, and a signature of all that. */
    private Authentication authentication(
            String functionId,
            HttpConfiguration configuration,
            ConnectionSettings connections,
            InvokerContext context) {
        AuthSettings auth = configuration.auth();
        Authentication proof =
                auth == null ? Authentication.none() : auth.authentication(functionId, clients, connections);
        Authentication all = proof;
        ValidationSettings validation = configuration.validate();
        if (validation != null) {
            all = all.then(new WebhookPermission(
                    new WebhookPermission.Handshake(functionId, validation, proof, () -> configuration
                            .target()
                            .headers()),
                    clients.open(connections),
                    context.clock()));
        }
        SigningSettings signing = configuration.signing();
        return signing == null ? all : all.then(new WebhookSignature(signing, context.clock()));
    }
}
