package io.eventgateway.aws.stepfunctions;

import io.eventgateway.FunctionDefinition;
import io.eventgateway.aws.EventContent;
import io.eventgateway.invokers.aws.AwsAccess;
import io.eventgateway.invokers.aws.AwsClients;
import io.eventgateway.spi.Invoker;
import io.eventgateway.spi.InvokerContext;
import io.eventgateway.spi.InvokerProvider;
import software.amazon.awssdk.services.sfn.SfnAsyncClient;

/**
 * Starts state machines of AWS Step Functions: type {@code awsstepfunctions}.
 *
 * <p>Provider configuration: {@code stateMachineArn} (required), {@code sync} (false), {@code region}, {@code endpoint}, {@code accessKeyId},
 * {@code secretAccessKey} and {@code sessionToken}, {@code mode} ({@code structured} or {@code data}), {@code maxResponseBytes} (1 MiB).
 */
public final class StepFunctionsInvokerProvider implements InvokerProvider {
    /** Loaded, and with it the SDK, when a function needs it. */
    private static final class Clients {
        static final AwsClients<SfnAsyncClient> SHARED = AwsClients.of(SfnAsyncClient::builder);
    }

    @Override
    public String type() {
        return "awsstepfunctions";
    }

    @Override
    public Invoker create(FunctionDefinition function, InvokerContext context) {
        StepFunctionsConfiguration configuration = context.configuration(function, StepFunctionsConfiguration.class);
        AwsAccess access = configuration.access(function, context.networkPolicy());
        return new StepFunctionsInvoker(
                function.functionId(),
                configuration,
                access,
                Clients.SHARED,
                new EventContent(configuration.mode(), context.jsonMapper()),
                context.jsonMapper());
    }
}
