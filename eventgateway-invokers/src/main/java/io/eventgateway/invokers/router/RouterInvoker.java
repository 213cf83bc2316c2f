package io.eventgateway.invokers.router;

import io.cloudevents.CloudEventData;
import io.eventgateway.Emission;
import io.eventgateway.Event;
import io.eventgateway.EventGatewayException;
import io.eventgateway.InvocationException;
import io.eventgateway.InvocationException.Kind;
import io.eventgateway.InvocationResult;
import io.eventgateway.delivery.BatchResult;
import io.eventgateway.delivery.DeliveryReport;
import io.eventgateway.delivery.DeliveryResult;
import io.eventgateway.error.BacklogFullException;
import io.eventgateway.error.GatewayClosedException;
import io.eventgateway.error.StoreFailedException;
import io.eventgateway.spi.Invocation;
import io.eventgateway.spi.Invoker;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** Emits the events of each call. */
final class RouterInvoker implements Invoker {
    private static final int ID_BYTES = 16;

    /** Where events go. */
    interface Destination {
        /** Emits an event that a call with one event gave rise to. */
        Emission emit(Event event, Invocation invocation);
    }

    private final String functionId;
    private final RouterConfiguration configuration;
    private final Destination destination;

    RouterInvoker(String functionId, RouterConfiguration configuration, Destination destination) {
        this.functionId = functionId;
        this.configuration = configuration;
        this.destination = destination;
    }

    @Override
    public CompletionStage<InvocationResult> invoke(Invocation invocation) {
        return invocation.isBatch() ? routeAll(invocation) : route(invocation);
    }

    private CompletionStage<InvocationResult> routeAll(Invocation invocation) {
        List<Event> events = invocation.events();
        Map<Integer, InvocationException> failed = new ConcurrentHashMap<>();
        List<CompletableFuture<?>> routed = new ArrayList<>();
        for (int i = 0; i < events.size(); i++) {
            int place = i;
            routed.add(route(invocation.alone(i))
                    .handle((result, failure) -> failure == null ? null : failed.put(place, known(failure)))
                    .toCompletableFuture());
        }
        return CompletableFuture.allOf(routed.toArray(CompletableFuture[]::new))
                .thenApply(all -> failed.isEmpty()
                        ? InvocationResult.empty()
                        : InvocationResult.of(BatchResult.failed(events, failed)));
    }

    private InvocationException known(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof InvocationException known
                ? known
                : new InvocationException(
                        Kind.FUNCTION_ERROR, false, "function '" + functionId + "' failed: " + cause, cause);
    }

    /** Emits the event of a call that has one. */
    private CompletionStage<InvocationResult> route(Invocation invocation) {
        Emission emission;
        try {
            emission = destination.emit(continued(invocation.event(), invocation), invocation);
        } catch (EventGatewayException e) {
            return CompletableFuture.failedFuture(notAccepted(e));
        }
        return configuration.awaits()
                ? emission.completion().thenApply(this::answer)
                : CompletableFuture.completedFuture(InvocationResult.empty());
    }

    /**
     * The event as it goes on: the next one of the chain, with an id of its own that is the same when the call is repeated, so that
     * the receiver can tell duplicates.
     */
    private Event continued(Event event, Invocation invocation) {
        String correlation = event.getCorrelationId();
        int depth = event.getChainDepth();
        String type = configuration.eventType();
        Event.Builder builder = type == null ? event.toBuilder() : retyped(event, type);
        return builder.id(nextId(event, invocation))
                .extension("correlationid", correlation == null ? event.getId() : correlation)
                .extension("causationid", event.getId())
                .extension("chaindepth", depth == Integer.MAX_VALUE ? depth : depth + 1)
                .build();
    }

    private static Event.Builder retyped(Event event, String type) {
        Event.Builder builder = Event.builder(type).source(event.getSource()).subject(event.getSubject());
        builder.time(event.getTime()).dataSchema(event.getDataSchema());
        for (String name : event.getExtensionNames()) {
            builder.extension(name, event.getExtension(name));
        }
        CloudEventData data = event.getData();
        String contentType = event.getDataContentType();
        if (data == null) {
            return builder;
        }
        return contentType == null ? builder.data(data.toBytes()) : builder.data(contentType, (Object) data);
    }

    private String nextId(Event event, Invocation invocation) {
        String basis = String.join("\n", event.getSource().toString(), event.getId(), invocation.space(), functionId);
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(basis.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, ID_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** The result of the only delivery, if there was one alone; empty for several. */
    private InvocationResult answer(DeliveryReport report) {
        List<DeliveryResult> deliveries = report.deliveries();
        long failed = deliveries.stream().filter(each -> each.failure() != null).count();
        if (failed > 0 || !report.allDelivered()) {
            throw new InvocationException(
                    Kind.FUNCTION_ERROR,
                    false, // to emit it again would deliver it again to those that took it
                    "the event that function '" + functionId + "' emitted was not delivered to all: "
                            + Math.max(1, failed) + " of " + deliveries.size() + " deliveries failed");
        }
        InvocationResult only = deliveries.size() == 1 ? deliveries.get(0).result() : null;
        return only == null ? InvocationResult.empty() : only;
    }

    private InvocationException notAccepted(EventGatewayException e) {
        boolean passing = e instanceof BacklogFullException
                || e instanceof StoreFailedException
                || e instanceof GatewayClosedException;
        return new InvocationException(
                passing ? Kind.PROVIDER_ERROR : Kind.CALL_FAILED,
                passing,
                "the event that function '" + functionId + "' emitted was not accepted: " + e.getMessage(),
                e);
    }
}
