package io.eventgateway.azure;

import io.eventgateway.FunctionDefinition;
import io.eventgateway.invokers.client.ConnectionSettings;
import io.eventgateway.invokers.client.EndpointInvoker;
import io.eventgateway.invokers.client.HttpCaller;
import io.eventgateway.invokers.client.HttpClients;
import io.eventgateway.spi.Invoker;
import io.eventgateway.spi.InvokerContext;
import io.eventgateway.spi.InvokerProvider;

/**
 * Calls functions of Azure Functions that an HTTP trigger starts: type {@code azurefunction}.
 *
 * <p>Provider configuration: {@code url} (required), {@code key} (none), {@code mode} ({@code binary}, {@code structured} or {@code data}),
 * and as for {@code http}: {@code connectTimeout}, {@code callTimeout}, {@code maxResponseBytes}, {@code network}, {@code proxy}.
 */
public final class AzureFunctionInvokerProvider implements InvokerProvider {
    private final HttpClients clients = new HttpClients();

    /** A provider whose functions share their connections. */
    public AzureFunctionInvokerProvider() {}

    @Override
    public String type() {
        return "azurefunction";
    }

    @Override
    public Invoker create(FunctionDefinition function, InvokerContext context) {
        AzureFunctionConfiguration configuration = context.configuration(function, AzureFunctionConfiguration.class);
        ConnectionSettings connections = configuration.options().connections(context.networkPolicy());
        configuration.endpoint().checkAllowed(connections);
        HttpCaller caller = new HttpCaller(
                clients.open(connections),
                configuration.authentication(),
                configuration.options().calls(function.functionId()));
        return new EndpointInvoker(
                configuration.endpoint(),
                configuration.sentAs(),
                caller,
                invocation -> AzureFunctionAnswers.of(invocation, context.jsonMapper()));
    }
}
