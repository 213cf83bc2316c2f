package io.eventgateway.internal.intake;

import io.eventgateway.Emission;
import io.eventgateway.Event;
import io.eventgateway.InvocationException;
import io.eventgateway.InvocationResult;
import io.eventgateway.error.GatewayClosedException;
import io.eventgateway.http.Authorization;
import io.eventgateway.http.HttpRequest;
import io.eventgateway.internal.delivery.DeliveryEngine;
import io.eventgateway.internal.invocation.Cause;
import io.eventgateway.internal.invocation.RegisteredFunction;
import io.eventgateway.spi.EmitInterceptor;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Makes the events of requests and calls functions with them: the authorizer, and behind the interceptors the one that answers. */
public final class RequestCalls {
    private final Stamp stamp;
    private final List<EmitInterceptor> interceptors;
    private final DeliveryEngine deliveries;
    private final Gate gate;
    private final NestedCalls nested;
    /** The listener that is told of each event when its call has ended. */
    private final Consumer<Event> called;

    /** The calls of a gateway. */
    public RequestCalls(
            Stamp stamp,
            List<EmitInterceptor> interceptors,
            DeliveryEngine deliveries,
            Gate gate,
            NestedCalls nested,
            Consumer<Event> called) {
        this.stamp = stamp;
        this.interceptors = List.copyOf(interceptors);
        this.deliveries = deliveries;
        this.gate = gate;
        this.nested = nested;
        this.called = called;
    }

    Gate gate() {
        return gate;
    }

    NestedCalls nested() {
        return nested;
    }

    InvocationResult await(CompletableFuture<InvocationResult> result, String functionId) {
        return deliveries.await(result, functionId);
    }

    /** Calls an authorizer, within the time that the subscription's function has. */
    CompletableFuture<InvocationResult> authorize(Route route, RegisteredFunction authorizer) {
        Event event = stamp.event(Authorization.EVENT_TYPE, route.request(), route.cause());
        gate.check(route.cause());
        return deliveries
                .call(authorizer, null, event, route.target().timeout(), route.cause() != null)
                .whenComplete((answer, failure) -> called.accept(event));
    }

    /** Calls the function of a route; null when an interceptor has swallowed the event. */
    @Nullable CompletableFuture<InvocationResult> call(Route route) {
        Event event = stamp.event(HttpRequest.EVENT_TYPE, route.request(), route.cause());
        if (interceptors.isEmpty()) {
            return begin(route, event);
        }
        Passage passage = new Passage(route);
        Emission answered = passage.of(event);
        RequestEmission emission = passage.made;
        return emission == null || answered.subscriptionIds().isEmpty() ? null : emission.result();
    }

    /** The way of one request's event through the interceptors, which may go on with it on any thread. */
    private final class Passage {
        private final Route route;
        private volatile @Nullable RequestEmission made;
        private volatile boolean over;

        Passage(Route route) {
            this.route = route;
        }

        Emission of(Event event) {
            try {
                return through(0, event);
            } finally {
                over = true;
            }
        }

        private Emission through(int index, Event event) {
            if (index == interceptors.size()) {
                return made(event);
            }
            EmitInterceptor interceptor = interceptors.get(index);
            Emission answered =
                    interceptor.intercept(event, passed -> through(index + 1, stamp.event(passed, route.cause())));
            return Interception.required(answered, interceptor);
        }

        private Emission made(Event event) {
            if (over) {
                throw new IllegalStateException(
                        "the event of a request was passed on after the request was answered without"
                                + " it; an interceptor must call chain.proceed before it returns");
            }
            RequestEmission emission = new RequestEmission(route.target(), event, begin(route, event));
            made = emission;
            return emission;
        }
    }

    private CompletableFuture<InvocationResult> begin(Route route, Event event) {
        Cause cause = route.cause();
        gate.check(cause); // interceptors may have taken their time
        CompletableFuture<InvocationResult> result = deliveries.call(route.target(), event, cause != null);
        route.space().systemEvents().received(event);
        return result.whenComplete((answer, failure) -> called.accept(event));
    }

    /** Returns whether close has ended a call that was under way. */
    boolean isCutOff(InvocationException failure) {
        return !gate.isOpen()
                && failure.kind() == InvocationException.Kind.CALL_FAILED
                && failure.getCause() instanceof GatewayClosedException;
    }
}
