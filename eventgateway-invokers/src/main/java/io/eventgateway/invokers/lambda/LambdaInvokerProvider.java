package io.eventgateway.invokers.lambda;

import io.eventgateway.FunctionDefinition;
import io.eventgateway.spi.Invoker;
import io.eventgateway.spi.InvokerContext;
import io.eventgateway.spi.InvokerProvider;

/**
 * Calls functions on AWS Lambda, and waits for their answers: type {@code awslambda}. Touches the AWS SDK when the first such
 * function is registered.
 *
 * <p>Provider configuration: {@code arn} (required), {@code region}, {@code endpoint}, {@code accessKeyId}, {@code
 * secretAccessKey} and {@code sessionToken}, {@code mode} ({@code data} or {@code structured}).
 */
public final class LambdaInvokerProvider implements InvokerProvider {
    /** Loaded, and with it the SDK, when a function needs it. */
    private static final class Clients {
        static final LambdaClients SHARED = new LambdaClients();
    }

    @Override
    public String type() {
        return "awslambda";
    }

    @Override
    public Invoker create(FunctionDefinition function, InvokerContext context) {
        LambdaConfiguration configuration = context.configuration(function, LambdaConfiguration.class);
        return new LambdaInvoker(function.functionId(), configuration, Clients.SHARED, context.jsonMapper());
    }
}
