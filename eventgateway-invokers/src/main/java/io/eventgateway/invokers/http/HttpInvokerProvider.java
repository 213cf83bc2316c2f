package io.eventgateway.invokers.http;

import io.eventgateway.FunctionDefinition;
import io.eventgateway.spi.Invoker;
import io.eventgateway.spi.InvokerContext;
import io.eventgateway.spi.InvokerProvider;

/**
 * Calls functions behind HTTP endpoints: type {@code http}.
 *
 * <p>Provider configuration: {@code url} (required), {@code method} (POST), {@code mode} ({@code binary}, {@code structured} or
 * {@code data}), {@code headers}, {@code connectTimeout} and {@code callTimeout} (ISO 8601, such as {@code PT5S}), {@code
 * maxResponseBytes} (1 MiB), {@code followRedirects} (false).
 */
public final class HttpInvokerProvider implements InvokerProvider {
    private final SharedClient clients = new SharedClient();

    @Override
    public String type() {
        return "http";
    }

    @Override
    public Invoker create(FunctionDefinition function, InvokerContext context) {
        HttpConfiguration configuration = context.configuration(function, HttpConfiguration.class);
        return new HttpInvoker(function.functionId(), configuration, clients, context.jsonMapper());
    }
}
