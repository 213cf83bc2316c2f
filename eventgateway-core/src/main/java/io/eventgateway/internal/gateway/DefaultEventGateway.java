package io.eventgateway.internal.gateway;

import io.cloudevents.CloudEvent;
import io.eventgateway.Emission;
import io.eventgateway.EmitOptions;
import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.EventHandler;
import io.eventgateway.EventTypes;
import io.eventgateway.Explanation;
import io.eventgateway.Finding;
import io.eventgateway.FunctionDefinition;
import io.eventgateway.FunctionHandler;
import io.eventgateway.Functions;
import io.eventgateway.GatewayCounters;
import io.eventgateway.GatewayDescription;
import io.eventgateway.InvocationException;
import io.eventgateway.InvocationResult;
import io.eventgateway.Subscription;
import io.eventgateway.Subscriptions;
import io.eventgateway.delivery.BacklogStatus;
import io.eventgateway.delivery.DeadLetters;
import io.eventgateway.error.FunctionNotFoundException;
import io.eventgateway.history.EventHistory;
import io.eventgateway.http.HttpRequest;
import io.eventgateway.http.HttpResponse;
import io.eventgateway.internal.delivery.DeliveryEngine;
import io.eventgateway.internal.event.Handlers;
import io.eventgateway.internal.event.Names;
import io.eventgateway.internal.event.NearNames;
import io.eventgateway.internal.eventtype.AnnotatedFamily;
import io.eventgateway.internal.intake.Intake;
import io.eventgateway.internal.invocation.RegisteredFunction;
import io.eventgateway.internal.routing.Space;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A space of a gateway, as its users see it. */
final class DefaultEventGateway implements EventGateway {
    private static final String INVOKE = "invoke";

    private final GatewayAssembly assembly;
    private final Space space;
    private final Intake intake;
    private final boolean view;

    private DefaultEventGateway(GatewayAssembly assembly, String space, boolean view) {
        this.assembly = assembly;
        this.space = assembly.registry().space(space);
        this.intake = assembly.intake();
        this.view = view;
    }

    static EventGateway of(GatewayBuilder settings) {
        return new DefaultEventGateway(GatewayAssembly.of(settings), DEFAULT_SPACE, false);
    }

    @Override
    public Emission emit(String type, @Nullable Object data) {
        return intake.emit(space, type, data);
    }

    @Override
    public Emission emit(String type, @Nullable Object data, EmitOptions options) {
        return intake.emit(space, type, data, Objects.requireNonNull(options, "options must not be null"));
    }

    @Override
    public Emission emit(CloudEvent event) {
        return intake.emit(space, event, null);
    }

    @Override
    public Emission emit(CloudEvent event, EmitOptions options) {
        return intake.emit(space, event, Objects.requireNonNull(options, "options must not be null"));
    }

    @Override
    public List<Emission> emitAll(Collection<? extends CloudEvent> events) {
        return intake.emitAll(space, given(events), null);
    }

    @Override
    public List<Emission> emitAll(Collection<? extends CloudEvent> events, EmitOptions options) {
        return intake.emitAll(space, given(events), Objects.requireNonNull(options, "options must not be null"));
    }

    private static Collection<? extends CloudEvent> given(Collection<? extends CloudEvent> events) {
        return Objects.requireNonNull(events, "events must not be null");
    }

    @Override
    public InvocationResult invoke(String functionId, @Nullable Object dataOrEvent) {
        return assembly.deliveries().await(call(functionId, dataOrEvent), functionId);
    }

    @Override
    public CompletableFuture<InvocationResult> invokeAsync(String functionId, @Nullable Object dataOrEvent) {
        Objects.requireNonNull(functionId, "functionId must not be null");
        try {
            CompletableFuture<InvocationResult> call = call(functionId, dataOrEvent);
            CompletableFuture<InvocationResult> callers =
                    call.copy(); // so that a caller can't complete it for the gateway
            callers.whenComplete((result, failure) -> {
                if (callers.isCancelled()) {
                    call.cancel(false);
                }
            });
            return callers;
        } catch (RuntimeException e) { // one way for the caller to look at, whenever the call fails
            return CompletableFuture.failedFuture(e);
        }
    }

    private CompletableFuture<InvocationResult> call(String functionId, @Nullable Object dataOrEvent) {
        Objects.requireNonNull(functionId, "functionId must not be null");
        boolean insideHandler = assembly.checkAccepted();
        String tooDeep = assembly.objectionToCall();
        if (tooDeep != null) {
            throw new InvocationException(
                    InvocationException.Kind.CALL_FAILED,
                    false,
                    "function '" + functionId + "' was not called: " + tooDeep);
        }
        Event event = dataOrEvent instanceof CloudEvent given
                ? assembly.stamped(given)
                : assembly.stamped(INVOKE, dataOrEvent);
        RegisteredFunction function = assembly.registry().function(space.name(), functionId);
        if (function == null) {
            throw new FunctionNotFoundException(
                    "function '" + functionId + "' is not registered in space '" + space.name() + "'"
                            + NearNames.hint(
                                    functionId,
                                    functions().list().stream()
                                            .map(FunctionDefinition::id)
                                            .toList()));
        }
        CompletableFuture<InvocationResult> call =
                assembly.deliveries().call(function, null, event, assembly.defaultTimeout(), insideHandler);
        CompletableFuture<InvocationResult> noted = call.whenComplete((result, failure) -> intake.called(event));
        noted.whenComplete((result, failure) -> {
            if (noted.isCancelled()) {
                call.cancel(false);
            }
        });
        return noted;
    }

    @Override
    public HttpResponse handle(HttpRequest request) {
        return assembly.requests().handle(space, Objects.requireNonNull(request, "request must not be null"));
    }

    @Override
    public CompletableFuture<HttpResponse> handleAsync(HttpRequest request) {
        return assembly.requests().handleAsync(space, Objects.requireNonNull(request, "request must not be null"));
    }

    @Override
    public Subscription subscribe(String eventType, EventHandler<? super Event> handler) {
        return subscribed(eventType, Handlers.of(handler));
    }

    @Override
    public <T> Subscription subscribe(String eventType, Class<T> dataType, EventHandler<? super T> handler) {
        return subscribed(eventType, Handlers.of(dataType, handler));
    }

    @Override
    public Subscription subscribeAsync(
            String eventType, Function<? super Event, ? extends CompletionStage<?>> handler) {
        return subscribed(eventType, Handlers.ofStage(handler));
    }

    @Override
    public <T> Subscription subscribe(Class<T> annotated, EventHandler<? super T> handler) {
        AnnotatedFamily<T> family = AnnotatedFamily.of(annotated);
        return assembly.registry()
                .subscriptions(space.name())
                .create(family.eventType(), family.filter(), family.handler(handler));
    }

    @Override
    public EventTypes eventTypes() {
        return assembly.registry().eventTypes(space.name());
    }

    private Subscription subscribed(String eventType, FunctionHandler handler) {
        return assembly.registry().subscriptions(space.name()).create(eventType, null, handler);
    }

    @Override
    public Functions functions() {
        return assembly.registry().functions(space.name());
    }

    @Override
    public Subscriptions subscriptions() {
        return assembly.registry().subscriptions(space.name());
    }

    @Override
    public DeadLetters deadLetters() {
        return assembly.deadLetters(space.name());
    }

    @Override
    public EventHistory history() {
        return assembly.history(space);
    }

    @Override
    public Explanation explain(CloudEvent event) {
        return assembly.explain(space, Objects.requireNonNull(event, "event must not be null"));
    }

    @Override
    public GatewayDescription describe() {
        return assembly.registry().describe(space.name());
    }

    @Override
    public List<Finding> check() {
        return assembly.registry().check(space.name(), assembly.said());
    }

    @Override
    public GatewayCounters counters() {
        return assembly.registry().counters(space.name());
    }

    @Override
    public EventGateway space(String name) {
        Names.check("space", name, IllegalArgumentException::new);
        return new DefaultEventGateway(assembly, name, true);
    }

    DeliveryEngine deliveries() {
        return assembly.deliveries();
    }

    @Override
    public BacklogStatus backlog() {
        return assembly.deliveries().status();
    }

    @Override
    public boolean awaitIdle(Duration atMost) {
        return assembly.deliveries().awaitIdle(atMost);
    }

    @Override
    public void close() {
        if (!view) {
            assembly.close();
        }
    }

    @Override
    public String toString() {
        return "EventGateway[space " + space.name() + "]";
    }
}
