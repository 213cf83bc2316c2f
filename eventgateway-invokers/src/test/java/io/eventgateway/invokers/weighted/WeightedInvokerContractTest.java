package io.eventgateway.invokers.weighted;

import io.eventgateway.EventGateway;
import io.eventgateway.FunctionDefinition;
import io.eventgateway.spi.InvokerProvider;
import io.eventgateway.test.InvokerContract;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

class WeightedInvokerContractTest extends InvokerContract {
    @Override
    protected InvokerProvider provider() {
        return new WeightedInvokerProvider();
    }

    @Override
    protected void prepare(EventGateway gateway) {
        gateway.functions()
                .register("answers", (event, context) -> event.getData() == null ? null : event.dataAsJson());
        gateway.functions().register("fails", (event, context) -> {
            throw new IllegalStateException("no");
        });
        gateway.functions().register("hangs", (event, context) -> new CompletableFuture<>());
    }

    @Override
    protected boolean sendsPayload() {
        return false; // functions of this process get the event itself
    }

    @Override
    protected FunctionDefinition echo(String functionId) {
        return FunctionDefinition.weighted(functionId, Map.of("answers", 1));
    }

    @Override
    protected FunctionDefinition failing(String functionId) {
        return FunctionDefinition.weighted(functionId, Map.of("fails", 1));
    }

    @Override
    protected FunctionDefinition hanging(String functionId) {
        return FunctionDefinition.weighted(functionId, Map.of("hangs", 1));
    }

    @Override
    protected FunctionDefinition invalid(String functionId) {
        return FunctionDefinition.of(functionId, "weighted", Map.of("weights", Map.of("answers", -1)));
    }
}
