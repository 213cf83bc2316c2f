package io.eventgateway.azure;

import io.eventgateway.FunctionDefinition;
import io.eventgateway.invokers.client.ConnectionSettings;
import io.eventgateway.invokers.client.HttpCaller;
import io.eventgateway.invokers.client.HttpClients;
import io.eventgateway.spi.Invoker;
import io.eventgateway.spi.InvokerContext;
import io.eventgateway.spi.InvokerProvider;
import java.time.InstantSource;

/**
 * Publishes to topics of Azure Event Grid: type {@code azureeventgrid}.
 *
 * <p>Provider configuration: {@code endpoint} (required), {@code key} or {@code sasToken} (one is required), {@code sas} (false), {@code
 * apiVersion} (2018-01-01), and as for {@code http}: {@code connectTimeout}, {@code callTimeout}, {@code maxResponseBytes}, {@code network},
 * {@code proxy}.
 */
public final class EventGridInvokerProvider implements InvokerProvider {
    private final HttpClients clients = new HttpClients();
    private final InstantSource clock;

    /** A provider whose functions share their connections. */
    public EventGridInvokerProvider() {
        this(InstantSource.system());
    }

    EventGridInvokerProvider(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public String type() {
        return "azureeventgrid";
    }

    @Override
    public Invoker create(FunctionDefinition function, InvokerContext context) {
        EventGridConfiguration configuration = context.configuration(function, EventGridConfiguration.class);
        ConnectionSettings connections = configuration.options().connections(context.networkPolicy());
        configuration.endpointUrl().checkAllowed(connections);
        HttpCaller caller = new HttpCaller(
                clients.open(connections),
                configuration.authentication(clock),
                configuration.options().calls(function.functionId()));
        return new EventGridInvoker(configuration, caller, context.jsonMapper());
    }
}
