package io.eventgateway.invokers.lambda;

import io.eventgateway.FunctionDefinition;
import io.eventgateway.error.InvalidFunctionException;
import io.eventgateway.invokers.aws.AwsAccess;
import io.eventgateway.invokers.aws.AwsClients;
import io.eventgateway.invokers.aws.AwsSignature;
import io.eventgateway.invokers.client.ConnectionSettings;
import io.eventgateway.invokers.client.HttpCaller;
import io.eventgateway.invokers.client.HttpClients;
import io.eventgateway.spi.Invoker;
import io.eventgateway.spi.InvokerContext;
import io.eventgateway.spi.InvokerProvider;
import okhttp3.HttpUrl;
import software.amazon.awssdk.services.lambda.LambdaAsyncClient;

/**
 * Calls functions on AWS Lambda: type {@code awslambda}. Touches the AWS SDK when the first such function is registered; it is an optional
 * dependency ({@code software.amazon.awssdk:lambda}), without which that function is refused.
 *
 * <p>Provider configuration: {@code arn} or {@code functionUrl} (one is required), {@code region}, {@code endpoint}, {@code accessKeyId},
 * {@code secretAccessKey} and {@code sessionToken}, {@code mode} ({@code data}, {@code structured}; for a URL {@code binary}, too), {@code
 * invocationType} ({@code RequestResponse} or {@code Event}), {@code maxResponseBytes} (6 MiB).
 */
public final class LambdaInvokerProvider implements InvokerProvider {
    /** Loaded, and with it the SDK, when a function needs it. */
    private static final class Clients {
        static final AwsClients<LambdaAsyncClient> LAMBDA = AwsClients.of(LambdaAsyncClient::builder);
        static final HttpClients HTTP = new HttpClients();
    }

    private static final String SDK_CLIENT = "software.amazon.awssdk.services.lambda.LambdaAsyncClient";

    @Override
    public String type() {
        return "awslambda";
    }

    @Override
    public Invoker create(FunctionDefinition function, InvokerContext context) {
        requireSdk(function);
        LambdaConfiguration configuration = context.configuration(function, LambdaConfiguration.class);
        AwsAccess access;
        try {
            access = configuration.access(context.networkPolicy());
        } catch (IllegalArgumentException e) {
            throw new InvalidFunctionException(
                    "provider of function '" + function.functionId() + "' (type awslambda): " + e.getMessage());
        }
        HttpUrl url = configuration.functionUrl() == null ? null : HttpUrl.parse(configuration.functionUrl());
        return url == null
                ? new LambdaInvoker(function.functionId(), configuration, access, Clients.LAMBDA, context.jsonMapper())
                : new FunctionUrlInvoker(
                        url,
                        configuration.urlMode(),
                        new HttpCaller(
                                Clients.HTTP.open(ConnectionSettings.of(context.networkPolicy())),
                                new AwsSignature("lambda", access),
                                new HttpCaller.Settings(
                                        function.functionId(), null, configuration.largestResponse(), false)),
                        context.jsonMapper());
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
