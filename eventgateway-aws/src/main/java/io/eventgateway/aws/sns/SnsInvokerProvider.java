package io.eventgateway.aws.sns;

import io.eventgateway.FunctionDefinition;
import io.eventgateway.aws.EntryInvoker;
import io.eventgateway.aws.EventContent;
import io.eventgateway.invokers.aws.AwsAccess;
import io.eventgateway.invokers.aws.AwsClients;
import io.eventgateway.invokers.aws.AwsFailures;
import io.eventgateway.spi.Invoker;
import io.eventgateway.spi.InvokerContext;
import io.eventgateway.spi.InvokerProvider;
import software.amazon.awssdk.services.sns.SnsAsyncClient;

/**
 * Publishes events to topics of Amazon SNS: type {@code awssns}.
 *
 * <p>Provider configuration: {@code topicArn} (required), {@code groupId} and {@code deduplicationId} (for FIFO topics), {@code region}, {@code endpoint}, {@code accessKeyId}, {@code
 * secretAccessKey} and {@code sessionToken}, {@code mode} ({@code structured} or {@code data}), {@code maxResponseBytes} (1 MiB).
 */
public final class SnsInvokerProvider implements InvokerProvider {
    /** Loaded, and with it the SDK, when a function needs it. */
    private static final class Clients {
        static final AwsClients<SnsAsyncClient> SHARED = AwsClients.of(SnsAsyncClient::builder);
    }

    @Override
    public String type() {
        return "awssns";
    }

    @Override
    public Invoker create(FunctionDefinition function, InvokerContext context) {
        SnsConfiguration configuration = context.configuration(function, SnsConfiguration.class);
        AwsAccess access = configuration.access(function, context.networkPolicy());
        AwsFailures failures = new AwsFailures(function.functionId(), "SNS", access);
        EventContent content = new EventContent(configuration.mode(), context.jsonMapper());
        return new EntryInvoker<>(
                new SnsTopic(configuration, content.mode(), failures, access, Clients.SHARED),
                content,
                failures,
                context.jsonMapper());
    }
}
