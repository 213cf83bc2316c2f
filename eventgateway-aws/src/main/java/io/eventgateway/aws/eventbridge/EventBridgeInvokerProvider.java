package io.eventgateway.aws.eventbridge;

import io.eventgateway.FunctionDefinition;
import io.eventgateway.aws.EntryInvoker;
import io.eventgateway.aws.EventContent;
import io.eventgateway.invokers.aws.AwsAccess;
import io.eventgateway.invokers.aws.AwsClients;
import io.eventgateway.invokers.aws.AwsFailures;
import io.eventgateway.spi.Invoker;
import io.eventgateway.spi.InvokerContext;
import io.eventgateway.spi.InvokerProvider;
import software.amazon.awssdk.services.eventbridge.EventBridgeAsyncClient;

/**
 * Puts events on buses of Amazon EventBridge: type {@code awseventbridge}.
 *
 * <p>Provider configuration: {@code eventBusName} (required), {@code region}, {@code endpoint}, {@code accessKeyId}, {@code
 * secretAccessKey} and {@code sessionToken}, {@code mode} ({@code structured} or {@code data}), {@code maxResponseBytes} (1 MiB).
 */
public final class EventBridgeInvokerProvider implements InvokerProvider {
    /** Loaded, and with it the SDK, when a function needs it. */
    private static final class Clients {
        static final AwsClients<EventBridgeAsyncClient> SHARED = AwsClients.of(EventBridgeAsyncClient::builder);
    }

    @Override
    public String type() {
        return "awseventbridge";
    }

    @Override
    public Invoker create(FunctionDefinition function, InvokerContext context) {
        EventBridgeConfiguration configuration = context.configuration(function, EventBridgeConfiguration.class);
        AwsAccess access = configuration.access(function, context.networkPolicy());
        AwsFailures failures = new AwsFailures(function.functionId(), "EventBridge", access);
        EventContent content = new EventContent(configuration.mode(), context.jsonMapper());
        return new EntryInvoker<>(
                new EventBus(configuration, content.mode(), failures, access, Clients.SHARED),
                content,
                failures,
                context.jsonMapper());
    }
}
