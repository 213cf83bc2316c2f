package io.eventgateway.invokers.lambda;

import io.eventgateway.FunctionDefinition;
import io.eventgateway.error.InvalidFunctionException;
import io.eventgateway.spi.Invoker;
import io.eventgateway.spi.InvokerContext;
import io.eventgateway.spi.InvokerProvider;

/**
 * Calls functions on AWS Lambda, and waits for their answers: type {@code awslambda}. Touches the AWS SDK when the first such
 * function is registered; it is an optional dependency ({@code software.amazon.awssdk:lambda}), without which that function is refused.
 *
 * <p>Provider configuration: {@code arn} (required), {@code region}, {@code endpoint}, {@code accessKeyId}, {@code
 * secretAccessKey} and {@code sessionToken}, {@code mode} ({@code data} or {@code structured}).
 */
public final class LambdaInvokerProvider implements InvokerProvider {
    /** Loaded, and with it the SDK, when a function needs it. */
    private static final class Clients {
        static final LambdaClients SHARED = new LambdaClients();
    }

    private static final String SDK_CLIENT = "software.amazon.awssdk.services.lambda.LambdaAsyncClient";

    @Override
    public String type() {
        return "awslambda";
    }

    @Override
    public Invoker create(FunctionDefinition function, InvokerContext context) {
        LambdaConfiguration configuration = context.configuration(function, LambdaConfiguration.class);
        requireSdk(function);
        return new LambdaInvoker(function.functionId(), configuration, Clients.SHARED, context.jsonMapper());
    }

    /** The SDK is the application's to add, since most applications have no Lambda functions and it is larger than all else. */
    private static void requireSdk(FunctionDefinition function) {
        try {
            Class.forName(SDK_CLIENT, false, LambdaInvokerProvider.class.getClassLoader());
        } catch (ClassNotFoundException | LinkageError e) {
            throw new InvalidFunctionException(
                    "function '" + function.functionId() + "' is of type 'awslambda', which needs the AWS SDK; add"
                            + " software.amazon.awssdk:lambda (2.x) to the application's dependencies",
                    e);
        }
    }
}
