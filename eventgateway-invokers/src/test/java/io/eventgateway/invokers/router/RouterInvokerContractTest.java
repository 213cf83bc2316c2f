package io.eventgateway.invokers.router;

import io.eventgateway.EventGateway;
import io.eventgateway.FunctionDefinition;
import io.eventgateway.Subscription;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.spi.InvokerProvider;
import io.eventgateway.test.InvokerContract;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

class RouterInvokerContractTest extends InvokerContract {
    @Override
    protected InvokerProvider provider() {
        return new RouterInvokerProvider();
    }

    private static final Duration LONGER_THAN_ANY_CALL = Duration.ofSeconds(3);

    @Override
    protected void prepare(EventGateway gateway) {
        EventGateway answers = gateway.space("answers");
        answers.functions().register("echo", (event, context) -> event.getData() == null ? null : event.dataAsJson());
        subscribe(answers, "echo", Duration.ofSeconds(30));
        EventGateway picks = gateway.space("picks");
        picks.functions().register("picky", (event, context) -> {
            if (event.dataAsJson().path("refused").booleanValue(false)) {
                throw new IllegalStateException("no");
            }
            return null;
        });
        subscribe(picks, "picky", Duration.ofSeconds(30));
        EventGateway fails = gateway.space("fails");
        fails.functions().register("broken", (event, context) -> {
            throw new IllegalStateException("no");
        });
        subscribe(fails, "broken", Duration.ofSeconds(30));
        EventGateway hangs = gateway.space("hangs");
        hangs.functions().register("hung", (event, context) -> new CompletableFuture<>());
        subscribe(hangs, "hung", LONGER_THAN_ANY_CALL); // or closing the gateway would wait for it
    }

    private static void subscribe(EventGateway space, String functionId, Duration timeout) {
        space.subscriptions()
                .create(Subscription.to("**")
                        .function(functionId)
                        .delivery(DeliveryPolicy.builder()
                                .maxAttempts(1)
                                .timeout(timeout)
                                .build())
                        .build());
    }

    @Override
    protected boolean sendsPayload() {
        return false; // functions of this process get the event itself
    }

    @Override
    protected FunctionDefinition echo(String functionId) {
        return into(functionId, "answers");
    }

    @Override
    protected FunctionDefinition failing(String functionId) {
        return into(functionId, "fails");
    }

    @Override
    protected FunctionDefinition failingInPart(String functionId) {
        return into(functionId, "picks");
    }

    @Override
    protected FunctionDefinition hanging(String functionId) {
        return into(functionId, "hangs");
    }

    @Override
    protected FunctionDefinition invalid(String functionId) {
        return into(functionId, "no space");
    }

    private static FunctionDefinition into(String functionId, String space) {
        return FunctionDefinition.of(functionId, "router", Map.of("space", space, "awaitDelivery", true));
    }
}
