package io.eventgateway.internal.intake;

import io.eventgateway.Emission;
import io.eventgateway.Event;
import io.eventgateway.EventGatewayException;
import io.eventgateway.InvocationResult;
import io.eventgateway.delivery.DeliveryReport;
import io.eventgateway.delivery.DeliveryResult;
import io.eventgateway.delivery.DeliveryStatus;
import io.eventgateway.internal.delivery.Target;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** The http event of a request, as the interceptors around it see its emission. */
record RequestEmission(Target target, Event event, CompletableFuture<InvocationResult> result) implements Emission {
    @Override
    public List<String> subscriptionIds() {
        return List.of(target.subscription().id());
    }

    @Override
    public CompletableFuture<DeliveryReport> completion() {
        return result.handle((value, failure) -> new DeliveryReport(List.of(new DeliveryResult(
                target.subscription().id(),
                target.subscription().functionId(),
                failure == null ? DeliveryStatus.DELIVERED : DeliveryStatus.DEAD_LETTERED,
                1,
                value,
                failure == null ? null : failureOf(failure)))));
    }

    private static EventGatewayException failureOf(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return (EventGatewayException) cause;
    }
}
