package io.eventgateway.aws.sqs;

import io.eventgateway.FunctionDefinition;
import io.eventgateway.aws.EntryInvoker;
import io.eventgateway.aws.EventContent;
import io.eventgateway.invokers.aws.AwsAccess;
import io.eventgateway.invokers.aws.AwsClients;
import io.eventgateway.invokers.aws.AwsFailures;
import io.eventgateway.spi.Invoker;
import io.eventgateway.spi.InvokerContext;
import io.eventgateway.spi.InvokerProvider;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;

/**
 * Hands events to queues of Amazon SQS: type {@code awssqs}.
 *
 * <p>Provider configuration: {@code queueUrl} (required), {@code groupId} and {@code deduplicationId} (for FIFO queues), {@code region}, {@code endpoint}, {@code accessKeyId}, {@code
 * secretAccessKey} and {@code sessionToken}, {@code mode} ({@code structured} or {@code data}), {@code maxResponseBytes} (1 MiB).
 */
public final class SqsInvokerProvider implements InvokerProvider {
    /** Loaded, and with it the SDK, when a function needs it. */
    private static final class Clients {
        static final AwsClients<SqsAsyncClient> SHARED = AwsClients.of(SqsAsyncClient::builder);
    }

    @Override
    public String type() {
        return "awssqs";
    }

    @Override
    public Invoker create(FunctionDefinition function, InvokerContext context) {
        SqsConfiguration configuration = context.configuration(function, SqsConfiguration.class);
        AwsAccess access = configuration.access(function, context.networkPolicy());
        AwsFailures failures = new AwsFailures(function.functionId(), "SQS", access);
        EventContent content = new EventContent(configuration.mode(), context.jsonMapper());
        return new EntryInvoker<>(
                new SqsQueue(configuration, content.mode(), failures, access, Clients.SHARED),
                content,
                failures,
                context.jsonMapper());
    }
}
