package io.eventgateway.internal.intake;

import io.eventgateway.Emission;
import io.eventgateway.Event;
import io.eventgateway.InvocationException;
import io.eventgateway.InvocationResult;
import io.eventgateway.error.BacklogFullException;
import io.eventgateway.error.DataConversionException;
import io.eventgateway.error.EventRejectedException;
import io.eventgateway.error.GatewayClosedException;
import io.eventgateway.http.HttpRequest;
import io.eventgateway.http.HttpResponse;
import io.eventgateway.internal.delivery.Deliveries;
import io.eventgateway.internal.delivery.Target;
import io.eventgateway.internal.http.MediaTypes;
import io.eventgateway.internal.invocation.Causes;
import io.eventgateway.internal.routing.PathTree.Match;
import io.eventgateway.internal.routing.Space;
import io.eventgateway.spi.EmitInterceptor;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * Answers requests by the functions of http subscriptions. Every failure becomes a status; what a function threw is for the log
 * and the system events, not for the client.
 */
public final class Requests {
    private static final Logger log = LoggerFactory.getLogger(Requests.class);

    private final Stamp stamp;
    private final List<EmitInterceptor> interceptors;
    private final Deliveries deliveries;
    private final Gate gate;

    /** The way in for requests. */
    public Requests(Stamp stamp, List<EmitInterceptor> interceptors, Deliveries deliveries, Gate gate) {
        this.stamp = stamp;
        this.interceptors = List.copyOf(interceptors);
        this.deliveries = deliveries;
        this.gate = gate;
    }

    /** The answer to a request. */
    public HttpResponse handle(Space space, HttpRequest request) {
        try {
            gate.checkOpen();
            return answer(space, request);
        } catch (GatewayClosedException e) {
            return problem(503, "the gateway is closed");
        } catch (BacklogFullException e) {
            return problem(503, "the gateway has no room for more requests");
        } catch (EventRejectedException e) {
            log.debug("{} was refused by an interceptor", request, e);
            return problem(403, "the request was refused");
        } catch (RuntimeException e) {
            log.error("{} could not be answered", request, e);
            return problem(500, "the request could not be answered");
        }
    }

    private HttpResponse answer(Space space, HttpRequest request) {
        Match match = space.paths().match(request.method(), request.rawPath());
        if (match != null) {
            return call(space, request, match);
        }
        if (request.method().equals("HEAD")) {
            Match get = space.paths().match("GET", request.rawPath());
            if (get != null) {
                return call(space, request, get).withoutBody();
            }
        }
        Set<String> methods = space.paths().methods(request.rawPath());
        if (methods.isEmpty()) {
            return problem(404, "nothing is subscribed to this path");
        }
        String allow = String.join(", ", allowed(methods));
        return request.method().equals("OPTIONS")
                ? HttpResponse.builder(204).header("Allow", allow).build()
                : HttpResponse.builder(405)
                        .header("Allow", allow)
                        .header("Content-Type", "text/plain; charset=utf-8")
                        .body(bytes("this path does not take " + request.method()))
                        .build();
    }

    private static Set<String> allowed(Set<String> methods) {
        Set<String> all = new TreeSet<>(methods);
        all.add("OPTIONS");
        if (all.contains("GET")) {
            all.add("HEAD");
        }
        return all;
    }

    private HttpResponse call(Space space, HttpRequest request, Match match) {
        Event event = stamp.event(HttpRequest.EVENT_TYPE, request.withParams(match.params()), Causes.in(Causes.slot()));
        if (interceptors.isEmpty()) {
            return result(match.target(), begin(space, match.target(), event));
        }
        RequestEmission[] made = new RequestEmission[1];
        Emission answered = through(0, space, match.target(), event, made);
        RequestEmission emission = made[0];
        return emission == null || answered.subscriptionIds().isEmpty()
                ? problem(403, "the request was refused")
                : result(match.target(), emission.result());
    }

    private Emission through(int index, Space space, Target target, Event event, @Nullable RequestEmission[] made) {
        if (index == interceptors.size()) {
            RequestEmission emission = new RequestEmission(target, event, begin(space, target, event));
            made[0] = emission;
            return emission;
        }
        return interceptors
                .get(index)
                .intercept(
                        event,
                        passed ->
                                through(index + 1, space, target, stamp.event(passed, Causes.in(Causes.slot())), made));
    }

    private CompletableFuture<InvocationResult> begin(Space space, Target target, Event event) {
        space.systemEvents().received(event);
        return deliveries.call(target, event, Causes.in(Causes.slot()) != null);
    }

    private HttpResponse result(Target target, CompletableFuture<InvocationResult> pending) {
        String functionId = target.subscription().functionId();
        try {
            return response(functionId, deliveries.await(pending, functionId));
        } catch (InvocationException e) {
            log.warn("Function '{}' failed to answer a request", functionId, e);
            return e.kind() == InvocationException.Kind.TIMEOUT
                    ? problem(504, "the function did not answer in time")
                    : problem(502, "the function failed");
        }
    }

    private static HttpResponse response(String functionId, InvocationResult result) {
        Object value = result.value();
        if (value == null) {
            return HttpResponse.of(200);
        }
        if (value instanceof HttpResponse response) {
            return response;
        }
        try {
            String contentType = result.contentType();
            if (value instanceof byte[] bytes && !isJson(contentType)) {
                return HttpResponse.of(200, contentType == null ? "application/octet-stream" : contentType, bytes);
            }
            JsonNode json = result.asJson();
            return HttpResponse.isResponse(json)
                    ? HttpResponse.fromJson(json)
                    : HttpResponse.of(200, "application/json", json.toString().getBytes(StandardCharsets.UTF_8));
        } catch (DataConversionException e) {
            log.warn("Function '{}' returned what can't be written as JSON", functionId, e);
            return problem(500, "the function's result can't be written as JSON");
        } catch (IllegalArgumentException e) {
            log.warn("Function '{}' returned a malformed response", functionId, e);
            return problem(500, "the function returned a malformed response: " + e.getMessage());
        }
    }

    private static boolean isJson(@Nullable String contentType) {
        return MediaTypes.isJson(contentType);
    }

    private static HttpResponse problem(int status, String text) {
        return HttpResponse.of(status, "text/plain; charset=utf-8", bytes(text));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
