package io.eventgateway.internal.intake;

import io.eventgateway.Emission;
import io.eventgateway.Event;
import io.eventgateway.InvocationException;
import io.eventgateway.InvocationResult;
import io.eventgateway.error.BacklogFullException;
import io.eventgateway.error.DataConversionException;
import io.eventgateway.error.EventRejectedException;
import io.eventgateway.error.GatewayClosedException;
import io.eventgateway.error.InvalidRequestException;
import io.eventgateway.http.HttpRequest;
import io.eventgateway.http.HttpResponse;
import io.eventgateway.internal.delivery.DeliveryEngine;
import io.eventgateway.internal.delivery.Target;
import io.eventgateway.internal.event.FailureText;
import io.eventgateway.internal.event.Thrown;
import io.eventgateway.internal.http.MediaTypes;
import io.eventgateway.internal.invocation.Cause;
import io.eventgateway.internal.invocation.Causes;
import io.eventgateway.internal.invocation.PayloadTooLarge;
import io.eventgateway.internal.routing.PathTree.Match;
import io.eventgateway.internal.routing.Space;
import io.eventgateway.spi.EmitInterceptor;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
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
    private final DeliveryEngine deliveries;
    private final Gate gate;
    private final int largestBody;
    /** The listener that is told of each request's event when its call has ended. */
    private final Consumer<Event> called;

    /** The way in for requests. */
    public Requests(
            Stamp stamp,
            List<EmitInterceptor> interceptors,
            DeliveryEngine deliveries,
            Gate gate,
            int largestBody,
            Consumer<Event> called) {
        this.stamp = stamp;
        this.interceptors = List.copyOf(interceptors);
        this.deliveries = deliveries;
        this.gate = gate;
        this.largestBody = largestBody;
        this.called = called;
    }

    /** The outcome of a request: a response at once, or a call whose result makes the response. */
    private sealed interface Answer {
        record Ready(HttpResponse response) implements Answer {}

        record Started(Target target, CompletableFuture<InvocationResult> result, boolean withoutBody)
                implements Answer {}
    }

    /** The answer to a request. */
    public HttpResponse handle(Space space, HttpRequest request) {
        Answer answer = begin(space, request);
        if (answer instanceof Answer.Ready ready) {
            return ready.response();
        }
        Answer.Started call = (Answer.Started) answer;
        try {
            return finish(request, call, deliveries.await(call.result(), functionId(call.target())), null);
        } catch (InvocationException e) {
            return finish(request, call, null, e);
        }
    }

    /** The answer to a request, in a future of the caller's own. */
    public CompletableFuture<HttpResponse> handleAsync(Space space, HttpRequest request) {
        Answer answer = begin(space, request);
        if (answer instanceof Answer.Ready ready) {
            return CompletableFuture.completedFuture(ready.response());
        }
        Answer.Started call = (Answer.Started) answer;
        return call.result().handle((result, failure) -> finish(request, call, result, failure));
    }

    private Answer begin(Space space, HttpRequest request) {
        try {
            gate.check(Causes.in(Causes.slot()));
            String malformed = request.problem();
            if (malformed != null) {
                return ready(problem(400, "the request is malformed: " + malformed));
            }
            if (request.bodyLength() > largestBody) {
                return ready(tooLarge());
            }
            return answer(space, request);
        } catch (GatewayClosedException e) {
            return ready(closed());
        } catch (BacklogFullException e) {
            return ready(problem(503, "the gateway has no room for more requests"));
        } catch (EventRejectedException e) {
            log.debug("{} was refused by an interceptor", request, e);
            return ready(problem(403, "the request was refused"));
        } catch (Throwable e) { // interceptors are foreign code: whatever they throw, the client is answered
            InvalidRequestException invalid = invalidRequest(e); // an interceptor may read the body too
            return ready(invalid == null ? unanswerable(request, e) : invalid(request, invalid));
        }
    }

    private static Answer ready(HttpResponse response) {
        return new Answer.Ready(response);
    }

    private static HttpResponse unanswerable(HttpRequest request, Throwable e) {
        log.error("{} could not be answered", request, Thrown.printable(e));
        return problem(500, "the request could not be answered");
    }

    private static HttpResponse closed() {
        return problem(503, "the gateway is closed");
    }

    private HttpResponse tooLarge() {
        return problem(413, "the request's body is larger than " + largestBody + " bytes");
    }

    private static HttpResponse invalid(HttpRequest request, InvalidRequestException e) {
        log.debug("{} has a body that can't be read: {}", request, e.reason());
        return problem(400, "the request's body can't be read: " + e.reason());
    }

    private Answer answer(Space space, HttpRequest request) {
        Match match = space.paths().match(request.method(), request.rawPath());
        if (match != null) {
            return call(space, request, match, false);
        }
        if (request.method().equals("HEAD")) {
            Match get = space.paths().match("GET", request.rawPath());
            if (get != null) {
                return call(space, request, get, true);
            }
        }
        Set<String> methods = space.paths().methods(request.rawPath());
        if (methods.isEmpty()) {
            return ready(problem(404, "nothing is subscribed to this path"));
        }
        String allow = String.join(", ", allowed(methods));
        return ready(
                request.method().equals("OPTIONS")
                        ? HttpResponse.builder(204).header("Allow", allow).build()
                        : HttpResponse.builder(405)
                                .header("Allow", allow)
                                .header("Content-Type", "text/plain; charset=utf-8")
                                .body(bytes("this path does not take " + request.method()))
                                .build());
    }

    private static Set<String> allowed(Set<String> methods) {
        Set<String> all = new TreeSet<>(methods);
        all.add("OPTIONS");
        if (all.contains("GET")) {
            all.add("HEAD");
        }
        return all;
    }

    private Answer call(Space space, HttpRequest request, Match match, boolean withoutBody) {
        HttpRequest matched = request.toBuilder().params(match.params()).build();
        Cause cause = Causes.in(Causes.slot());
        Event event = stamp.event(HttpRequest.EVENT_TYPE, matched, cause);
        if (interceptors.isEmpty()) {
            return new Answer.Started(match.target(), begin(space, match.target(), event, cause), withoutBody);
        }
        Passage passage = new Passage(space, match.target(), cause);
        Emission answered = passage.of(event);
        RequestEmission emission = passage.made;
        return emission == null || answered.subscriptionIds().isEmpty()
                ? ready(problem(403, "the request was refused"))
                : new Answer.Started(match.target(), emission.result(), withoutBody);
    }

    /** The way of one request's event through the interceptors, which may go on with it on any thread. */
    private final class Passage {
        private final Space space;
        private final Target target;
        private final @Nullable Cause cause;
        private volatile @Nullable RequestEmission made;
        private volatile boolean over;

        Passage(Space space, Target target, @Nullable Cause cause) {
            this.space = space;
            this.target = target;
            this.cause = cause;
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
            Emission answered = interceptor.intercept(event, passed -> through(index + 1, stamp.event(passed, cause)));
            return Interception.required(answered, interceptor);
        }

        private Emission made(Event event) {
            if (over) {
                throw new IllegalStateException(
                        "the event of a request was passed on after the request was answered without"
                                + " it; an interceptor must call chain.proceed before it returns");
            }
            RequestEmission emission = new RequestEmission(target, event, begin(space, target, event, cause));
            made = emission;
            return emission;
        }
    }

    private CompletableFuture<InvocationResult> begin(Space space, Target target, Event event, @Nullable Cause cause) {
        gate.check(cause); // interceptors may have taken their time
        CompletableFuture<InvocationResult> result = deliveries.call(target, event, cause != null);
        space.systemEvents().received(event);
        return result.whenComplete((answer, failure) -> called.accept(event));
    }

    private static String functionId(Target target) {
        return target.subscription().functionId();
    }

    /** The response that a call's end makes. Never throws, since nobody would answer the client then. */
    private HttpResponse finish(
            HttpRequest request, Answer.Started call, @Nullable InvocationResult result, @Nullable Throwable failure) {
        try {
            HttpResponse response = failure == null
                    ? response(call.target(), result == null ? InvocationResult.empty() : result)
                    : failed(request, functionId(call.target()), failure);
            return call.withoutBody() ? response.withoutBody() : response;
        } catch (Throwable e) { // what a function returns is written by its own getters
            return unanswerable(request, e);
        }
    }

    private HttpResponse failed(HttpRequest request, String functionId, Throwable failure) {
        InvalidRequestException invalid = invalidRequest(failure);
        if (invalid != null) {
            return invalid(request, invalid);
        }
        if (Thrown.first(failure, PayloadTooLarge.class) != null) {
            return tooLarge();
        }
        log.warn("Function '{}' failed to answer a request", functionId, failure);
        InvocationException e = Thrown.first(failure, InvocationException.class);
        if (e != null && isCutOff(e)) {
            return closed(); // the log of close says how many
        }
        return e != null && e.kind() == InvocationException.Kind.TIMEOUT
                ? problem(504, "the function did not answer in time")
                : problem(502, "the function failed");
    }

    /** Returns whether close has ended a call that was under way. */
    private boolean isCutOff(InvocationException failure) {
        return !gate.isOpen()
                && failure.kind() == InvocationException.Kind.CALL_FAILED
                && failure.getCause() instanceof GatewayClosedException;
    }

    private static @Nullable InvalidRequestException invalidRequest(Throwable failure) {
        return Thrown.first(failure, InvalidRequestException.class);
    }

    private static HttpResponse response(Target target, InvocationResult result) {
        Object value = result.value();
        if (value == null) {
            return HttpResponse.of(200);
        }
        if (value instanceof HttpResponse response) {
            return response;
        }
        String functionId = functionId(target);
        try {
            String contentType = result.contentType();
            if (value instanceof byte[] bytes && !isJson(contentType)) {
                return HttpResponse.of(200, contentType == null ? "application/octet-stream" : contentType, bytes);
            }
            JsonNode json = result.asJson();
            if (json.isMissingNode()) { // as of a body that is empty
                return HttpResponse.of(200);
            }
            return target.function().mayAnswerByProxyConvention() && HttpResponse.isResponse(json)
                    ? HttpResponse.fromJson(json)
                    : HttpResponse.of(200, "application/json", json.toString().getBytes(StandardCharsets.UTF_8));
        } catch (DataConversionException e) {
            log.warn("Function '{}' returned what can't be written as JSON", functionId, e);
            return problem(500, "the function's result can't be written as JSON");
        } catch (IllegalArgumentException e) {
            log.warn("Function '{}' returned a malformed response", functionId, e);
            return problem(500, "the function returned a malformed response: " + FailureText.of(e.getMessage()));
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
