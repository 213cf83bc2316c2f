package io.eventgateway.invokers.openwhisk;

import io.eventgateway.FunctionDefinition;
import io.eventgateway.invokers.client.ConnectionSettings;
import io.eventgateway.invokers.client.HttpCaller;
import io.eventgateway.invokers.client.HttpClients;
import io.eventgateway.spi.Invoker;
import io.eventgateway.spi.InvokerContext;
import io.eventgateway.spi.InvokerProvider;
import java.time.Duration;

/**
 * Invokes actions of Apache OpenWhisk: type {@code openwhisk}.
 *
 * <p>Provider configuration: {@code apiHost}, {@code action} and {@code auth} (required), {@code namespace} ({@code _}), {@code blocking}
 * (true), {@code mode} ({@code data} or {@code structured}), and as for {@code http}: {@code connectTimeout}, {@code callTimeout}, {@code
 * maxResponseBytes}, {@code network}, {@code proxy}.
 */
public final class OpenWhiskInvokerProvider implements InvokerProvider {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);

    private final HttpClients clients = new HttpClients();
    private final Duration firstPause;

    /** A provider whose functions share their connections. */
    public OpenWhiskInvokerProvider() {
        this(FIRST_PAUSE);
    }

    OpenWhiskInvokerProvider(Duration firstPause) {
        this.firstPause = firstPause;
    }

    @Override
    public String type() {
        return "openwhisk";
    }

    @Override
    public Invoker create(FunctionDefinition function, InvokerContext context) {
        OpenWhiskConfiguration configuration = context.configuration(function, OpenWhiskConfiguration.class);
        ConnectionSettings connections = configuration.options().connections(context.networkPolicy());
        configuration.endpoint().checkAllowed(connections);
        HttpCaller caller = new HttpCaller(
                clients.open(connections),
                new KeyAuthentication(configuration.key()),
                configuration.options().calls(function.functionId()));
        return new OpenWhiskInvoker(configuration, caller, context.jsonMapper(), firstPause);
    }
}
