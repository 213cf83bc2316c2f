package io.eventgateway.azure;

import io.eventgateway.FunctionDefinition;
import io.eventgateway.invokers.client.Authentication;
import io.eventgateway.invokers.client.ConnectionSettings;
import io.eventgateway.invokers.client.EndpointInvoker;
import io.eventgateway.invokers.client.HttpCaller;
import io.eventgateway.invokers.client.HttpClients;
import io.eventgateway.spi.Invoker;
import io.eventgateway.spi.InvokerContext;
import io.eventgateway.spi.InvokerProvider;

/**
 * Starts workflows of Azure Logic Apps that a request trigger starts: type {@code azurelogicapp}.
 *
 * <p>Provider configuration: {@code url} (required, the trigger's with its signature), {@code mode} ({@code binary}, {@code structured} or
 * {@code data}), and as for {@code http}: {@code connectTimeout}, {@code callTimeout}, {@code maxResponseBytes}, {@code network}, {@code
 * proxy}.
 */
public final class LogicAppInvokerProvider implements InvokerProvider {
    private final HttpClients clients = new HttpClients();

    /** A provider whose functions share their connections. */
    public LogicAppInvokerProvider() {}

    @Override
    public String type() {
        return "azurelogicapp";
    }

    @Override
    public Invoker create(FunctionDefinition function, InvokerContext context) {
        LogicAppConfiguration configuration = context.configuration(function, LogicAppConfiguration.class);
        ConnectionSettings connections = configuration.options().connections(context.networkPolicy());
        configuration.endpoint().checkAllowed(connections);
        HttpCaller caller = new HttpCaller(
                clients.open(connections),
                Authentication.none(), // the URL is signed
                configuration.options().calls(function.functionId()));
        return new EndpointInvoker(
                configuration.endpoint(),
                configuration.sentAs(),
                caller,
                invocation -> LogicAppAnswers.of(invocation, context.jsonMapper()));
    }
}
