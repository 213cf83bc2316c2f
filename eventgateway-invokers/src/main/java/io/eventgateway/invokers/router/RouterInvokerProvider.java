package io.eventgateway.invokers.router;

import io.eventgateway.EventGateway;
import io.eventgateway.FunctionDefinition;
import io.eventgateway.error.InvalidFunctionException;
import io.eventgateway.spi.Invoker;
import io.eventgateway.spi.InvokerContext;
import io.eventgateway.spi.InvokerProvider;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;

/**
 * Emits each event into another space of the gateway, or into another gateway: type {@code router}. Immutable and thread-safe.
 *
 * <p>The emitted event continues the chain of the one that it was made of, so that the guard of chains stops a loop between spaces.
 *
 * <p>Provider configuration: {@code space} (a space of this gateway) or {@code gateway} (the name of another one, which {@link
 * #withGateway} makes known), {@code eventType}, {@code awaitDelivery} (false).
 */
public final class RouterInvokerProvider implements InvokerProvider {
    private final Map<String, EventGateway> gateways;

    /** Creates a provider that knows the spaces of its own gateway. */
    public RouterInvokerProvider() {
        this(Map.of());
    }

    private RouterInvokerProvider(Map<String, EventGateway> gateways) {
        this.gateways = gateways;
    }

    /**
     * Returns this provider with another gateway that functions may name.
     *
     * @param gateway the gateway, or a view on one of its spaces; whoever gives it closes it, after this provider's own gateway
     */
    public RouterInvokerProvider withGateway(String name, EventGateway gateway) {
        Map<String, EventGateway> all = new HashMap<>(gateways);
        all.put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(gateway, "gateway"));
        return new RouterInvokerProvider(Map.copyOf(all));
    }

    @Override
    public String type() {
        return "router";
    }

    @Override
    public Invoker create(FunctionDefinition function, InvokerContext context) {
        RouterConfiguration configuration = context.configuration(function, RouterConfiguration.class);
        return new RouterInvoker(function.functionId(), configuration, destination(function, configuration, context));
    }

    private RouterInvoker.Destination destination(
            FunctionDefinition function, RouterConfiguration configuration, InvokerContext context) {
        String space = configuration.space();
        if (space != null) {
            return (event, invocation) -> context.emit(space, event, invocation);
        }
        EventGateway gateway = gateways.get(String.valueOf(configuration.gateway()));
        if (gateway == null) {
            throw new InvalidFunctionException("function '" + function.functionId()
                    + "' of type router: 'gateway' must be one that the application makes known by"
                    + " RouterInvokerProvider.withGateway, which are " + new TreeSet<>(gateways.keySet()) + ", was '"
                    + configuration.gateway() + "'");
        }
        return (event, invocation) -> context.emit(gateway, event, invocation);
    }
}
