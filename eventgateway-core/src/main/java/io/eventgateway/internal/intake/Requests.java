package io.eventgateway.internal.intake;

import io.eventgateway.InvocationException;
import io.eventgateway.InvocationResult;
import io.eventgateway.error.BacklogFullException;
import io.eventgateway.error.EventRejectedException;
import io.eventgateway.error.GatewayClosedException;
import io.eventgateway.error.InvalidRequestException;
import io.eventgateway.http.CorsPolicy;
import io.eventgateway.http.HttpRequest;
import io.eventgateway.http.HttpResponse;
import io.eventgateway.internal.event.Thrown;
import io.eventgateway.internal.intake.Admission.Verdict;
import io.eventgateway.internal.invocation.Cause;
import io.eventgateway.internal.invocation.Causes;
import io.eventgateway.internal.invocation.PayloadTooLarge;
import io.eventgateway.internal.invocation.RegisteredFunction;
import io.eventgateway.internal.routing.PathTree.Match;
import io.eventgateway.internal.routing.Space;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers requests by the functions of http subscriptions. Every failure becomes a status; what a function threw is for the log
 * and the system events, not for the client.
 *
 * <p>The way of a request: it is checked, resolved to a subscription, verified as a webhook, authorized, and then its function is
 * called. Each call of a function is a step that the next one waits for, on the caller's thread or without one.
 */
public final class Requests {
    private static final Logger log = LoggerFactory.getLogger(Requests.class);

    private final RequestCalls calls;
    private final Admission admission;
    private final int largestBody;

    /** The way in for requests. */
    public Requests(RequestCalls calls, Admission admission, int largestBody) {
        this.calls = calls;
        this.admission = admission;
        this.largestBody = largestBody;
    }

    /** How far a request has come: to its response, or to a function whose result decides how it goes on. */
    private sealed interface Step {
        /** The response, for a subscription with the policy of CORS. */
        record Done(HttpResponse response, @Nullable CorsPolicy cors) implements Step {}

        /** A call that is under way. What is next never throws. */
        record Waiting(
                String functionId,
                CompletableFuture<InvocationResult> result,
                BiFunction<@Nullable InvocationResult, @Nullable Throwable, Step> next)
                implements Step {}
    }

    /** The answer to a request. */
    public HttpResponse handle(Space space, HttpRequest request) {
        Step step = begin(space, request);
        while (step instanceof Step.Waiting waiting) {
            step = awaited(waiting);
        }
        return finished(request, (Step.Done) step);
    }

    private Step awaited(Step.Waiting waiting) {
        InvocationResult result;
        try {
            result = calls.await(waiting.result(), waiting.functionId());
        } catch (InvocationException e) {
            return waiting.next().apply(null, e);
        }
        return waiting.next().apply(result, null);
    }

    /** The answer to a request, in a future of the caller's own. */
    public CompletableFuture<HttpResponse> handleAsync(Space space, HttpRequest request) {
        return finishing(request, begin(space, request));
    }

    private static CompletableFuture<HttpResponse> finishing(HttpRequest request, Step step) {
        return step instanceof Step.Waiting waiting
                ? waiting.result().handle(waiting.next()).thenCompose(next -> finishing(request, next))
                : CompletableFuture.completedFuture(finished(request, (Step.Done) step));
    }

    /** The response as the server gets it. */
    private static HttpResponse finished(HttpRequest request, Step.Done done) {
        return Framing.of(
                Cors.applied(done.cors(), request, done.response()),
                request.method().equals("HEAD"));
    }

    private Step begin(Space space, HttpRequest request) {
        Match found = match(space, request); // looked up first: a page may read a refusal by its path's policy, too
        CorsPolicy cors = found == null ? null : found.target().subscription().cors();
        return guarded(request, cors, () -> checked(space, request, found, cors));
    }

    /** The subscription of a request; null when there is none, or the target is malformed. */
    private static @Nullable Match match(Space space, HttpRequest request) {
        try {
            return OptionsAnswers.match(space.paths(), request.method(), request.rawPath());
        } catch (IllegalArgumentException e) { // what is not percent-encoded properly, as the request's problem says
            return null;
        }
    }

    private Step checked(Space space, HttpRequest request, @Nullable Match match, @Nullable CorsPolicy cors) {
        Cause cause = Causes.in(Causes.slot());
        calls.gate().check(cause);
        String tooDeep = calls.nested().objection(cause);
        if (tooDeep != null) {
            log.warn("{} was refused: {}", request, tooDeep);
            return new Step.Done(Problems.problem(508, "the request was refused: " + tooDeep), cors);
        }
        String malformed = request.problem();
        if (malformed != null) {
            return new Step.Done(Problems.problem(400, "the request is malformed: " + malformed), cors);
        }
        if (request.bodyLength() > largestBody) {
            return new Step.Done(tooLarge(), cors);
        }
        if (match == null) {
            return new Step.Done(OptionsAnswers.of(space.paths(), request), null);
        }
        HttpRequest matched =
                request.toBuilder().params(match.params()).authorization(null).build();
        return admitted(new Route(space, match.target(), matched, cause));
    }

    /** Takes a step; whatever it throws, the client is answered: interceptors and what functions return are foreign code. */
    private Step guarded(HttpRequest request, @Nullable CorsPolicy cors, Supplier<Step> step) {
        try {
            return step.get();
        } catch (GatewayClosedException e) {
            return new Step.Done(Problems.closed(), cors);
        } catch (BacklogFullException e) {
            return new Step.Done(Problems.problem(503, "the gateway has no room for more requests"), cors);
        } catch (EventRejectedException e) {
            log.debug("{} was refused by an interceptor", request, e);
            return new Step.Done(Problems.refused(), cors);
        } catch (Throwable e) {
            InvalidRequestException invalid = invalidRequest(e); // an interceptor may read the body too
            return new Step.Done(
                    invalid == null ? Problems.unanswerable(request, e) : Problems.invalid(request, invalid), cors);
        }
    }

    private HttpResponse tooLarge() {
        return Problems.problem(413, "the request's body is larger than " + largestBody + " bytes");
    }

    private Step admitted(Route route) {
        HttpResponse unverified = admission.unverified(route);
        if (unverified != null) {
            return new Step.Done(unverified, route.cors());
        }
        String functionId = route.target().subscription().authorizer();
        if (functionId == null) {
            return called(route);
        }
        RegisteredFunction authorizer = admission.authorizer(route, functionId);
        if (authorizer == null) {
            return new Step.Done(Problems.problem(502, "the request could not be authorized"), route.cors());
        }
        return new Step.Waiting(
                functionId,
                calls.authorize(route, authorizer),
                (result, failure) ->
                        guarded(route.request(), route.cors(), () -> authorized(route, functionId, result, failure)));
    }

    private Step authorized(
            Route route, String functionId, @Nullable InvocationResult result, @Nullable Throwable failure) {
        if (failure != null) {
            HttpResponse own = ownFailure(route, failure);
            return new Step.Done(own == null ? admission.failed(route, functionId, failure) : own, route.cors());
        }
        Verdict verdict = admission.verdict(route, functionId, result == null ? InvocationResult.empty() : result);
        return verdict instanceof Verdict.Granted granted
                ? called(route.authorized(granted.authorization()))
                : new Step.Done(((Verdict.Refused) verdict).response(), route.cors());
    }

    private Step called(Route route) {
        CompletableFuture<InvocationResult> result = calls.call(route);
        return result == null
                ? new Step.Done(Problems.refused(), route.cors())
                : new Step.Waiting(
                        route.functionId(),
                        result,
                        (value, failure) ->
                                guarded(route.request(), route.cors(), () -> answered(route, value, failure)));
    }

    private Step answered(Route route, @Nullable InvocationResult result, @Nullable Throwable failure) {
        HttpResponse response = failure == null
                ? FunctionAnswers.response(route.target(), result == null ? InvocationResult.empty() : result)
                : failed(route, failure);
        return new Step.Done(response, route.cors());
    }

    private HttpResponse failed(Route route, Throwable failure) {
        HttpResponse own = ownFailure(route, failure);
        if (own != null) {
            return own;
        }
        log.warn("Function '{}' failed to answer a request", route.functionId(), Thrown.loggable(failure));
        InvocationException e = Thrown.first(failure, InvocationException.class);
        return e != null && e.kind() == InvocationException.Kind.TIMEOUT
                ? Problems.problem(504, "the function did not answer in time")
                : Problems.problem(502, "the function failed");
    }

    /** The response to a call that failed by the client's or the gateway's own doing; null when it was the function's. */
    private @Nullable HttpResponse ownFailure(Route route, Throwable failure) {
        InvalidRequestException invalid = invalidRequest(failure);
        if (invalid != null) {
            return Problems.invalid(route.request(), invalid);
        }
        if (Thrown.first(failure, PayloadTooLarge.class) != null) {
            return tooLarge();
        }
        InvocationException e = Thrown.first(failure, InvocationException.class);
        return e != null && calls.isCutOff(e) ? Problems.closed() : null; // the log of close says how many
    }

    private static @Nullable InvalidRequestException invalidRequest(Throwable failure) {
        return Thrown.first(failure, InvalidRequestException.class);
    }
}
