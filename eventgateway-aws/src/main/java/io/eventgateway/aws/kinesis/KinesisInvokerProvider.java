package io.eventgateway.aws.kinesis;

import io.eventgateway.FunctionDefinition;
import io.eventgateway.aws.EntryInvoker;
import io.eventgateway.aws.EventContent;
import io.eventgateway.invokers.aws.AwsAccess;
import io.eventgateway.invokers.aws.AwsClients;
import io.eventgateway.invokers.aws.AwsFailures;
import io.eventgateway.spi.Invoker;
import io.eventgateway.spi.InvokerContext;
import io.eventgateway.spi.InvokerProvider;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;

/**
 * Puts events into streams of Amazon Kinesis: type {@code awskinesis}.
 *
 * <p>Provider configuration: {@code streamName} or {@code streamArn} (one is required), {@code partitionKey}, {@code region}, {@code endpoint}, {@code accessKeyId}, {@code
 * secretAccessKey} and {@code sessionToken}, {@code mode} ({@code structured} or {@code data}), {@code maxResponseBytes} (1 MiB).
 */
public final class KinesisInvokerProvider implements InvokerProvider {
    /** Loaded, and with it the SDK, when a function needs it. */
    private static final class Clients {
        static final AwsClients<KinesisAsyncClient> SHARED = AwsClients.of(KinesisAsyncClient::builder);
    }

    @Override
    public String type() {
        return "awskinesis";
    }

    @Override
    public Invoker create(FunctionDefinition function, InvokerContext context) {
        KinesisConfiguration configuration = context.configuration(function, KinesisConfiguration.class);
        AwsAccess access = configuration.access(function, context.networkPolicy());
        AwsFailures failures = new AwsFailures(function.functionId(), "Kinesis", access);
        EventContent content = new EventContent(configuration.mode(), context.jsonMapper());
        return new EntryInvoker<>(
                new KinesisStream(configuration, failures, access, Clients.SHARED),
                content,
                failures,
                context.jsonMapper());
    }
}
