package io.eventgateway.application;

import io.eventgateway.FunctionDefinition;
import io.eventgateway.InvocationResult;
import io.eventgateway.spi.Invoker;
import io.eventgateway.spi.InvokerContext;
import io.eventgateway.spi.InvokerProvider;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;

/** An application's own function type. */
public final class ShoutInvokerProvider implements InvokerProvider {
    @Override
    public String type() {
        return "shout";
    }

    @Override
    public Invoker create(FunctionDefinition function, InvokerContext context) {
        return invocation -> CompletableFuture.completedFuture(
                InvocationResult.of(invocation.event().dataAs(String.class).toUpperCase(Locale.ROOT)));
    }
}
