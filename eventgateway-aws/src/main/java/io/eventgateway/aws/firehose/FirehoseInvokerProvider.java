package io.eventgateway.aws.firehose;

import io.eventgateway.FunctionDefinition;
import io.eventgateway.aws.EntryInvoker;
import io.eventgateway.aws.EventContent;
import io.eventgateway.invokers.aws.AwsAccess;
import io.eventgateway.invokers.aws.AwsClients;
import io.eventgateway.invokers.aws.AwsFailures;
import io.eventgateway.spi.Invoker;
import io.eventgateway.spi.InvokerContext;
import io.eventgateway.spi.InvokerProvider;
import software.amazon.awssdk.services.firehose.FirehoseAsyncClient;

/**
 * Puts events into streams of Amazon Data Firehose: type {@code awsfirehose}.
 *
 * <p>Provider configuration: {@code deliveryStreamName} (required), {@code newline}, {@code region}, {@code endpoint}, {@code accessKeyId}, {@code
 * secretAccessKey} and {@code sessionToken}, {@code mode} ({@code structured} or {@code data}), {@code maxResponseBytes} (1 MiB).
 */
public final class FirehoseInvokerProvider implements InvokerProvider {
    /** Loaded, and with it the SDK, when a function needs it. */
    private static final class Clients {
        static final AwsClients<FirehoseAsyncClient> SHARED = AwsClients.of(FirehoseAsyncClient::builder);
    }

    @Override
    public String type() {
        return "awsfirehose";
    }

    @Override
    public Invoker create(FunctionDefinition function, InvokerContext context) {
        FirehoseConfiguration configuration = context.configuration(function, FirehoseConfiguration.class);
        AwsAccess access = configuration.access(function, context.networkPolicy());
        AwsFailures failures = new AwsFailures(function.functionId(), "Firehose", access);
        EventContent content = new EventContent(configuration.mode(), context.jsonMapper());
        return new EntryInvoker<>(
                new FirehoseStream(configuration, failures, access, Clients.SHARED),
                content,
                failures,
                context.jsonMapper());
    }
}
