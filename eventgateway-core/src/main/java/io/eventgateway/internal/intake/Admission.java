package io.eventgateway.internal.intake;

import io.eventgateway.InvocationException;
import io.eventgateway.InvocationResult;
import io.eventgateway.error.DataConversionException;
import io.eventgateway.error.WebhookVerificationException;
import io.eventgateway.http.Authorization;
import io.eventgateway.http.HttpResponse;
import io.eventgateway.http.WebhookVerifier;
import io.eventgateway.internal.event.FailureText;
import io.eventgateway.internal.event.Thrown;
import io.eventgateway.internal.invocation.RegisteredFunction;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides whether a request may reach its function: by the verifier of webhooks and the authorizer that its subscription names. A
 * verifier or authorizer that is missing or fails lets nothing through. The client is not told why; the log is.
 */
public final class Admission {
    private static final Logger log = LoggerFactory.getLogger(Requests.class);
    private static final int UNAUTHENTICATED = 401;
    private static final int REFUSED = 403;

    private final Map<String, WebhookVerifier> verifiers;
    private final InstantSource clock;
    private final BiFunction<String, String, @Nullable RegisteredFunction> functions;

    /**
     * The admission of a gateway.
     *
     * @param verifiers the verifiers by their names
     * @param functions finds a function by its space and id
     */
    public Admission(
            Map<String, WebhookVerifier> verifiers,
            InstantSource clock,
            BiFunction<String, String, @Nullable RegisteredFunction> functions) {
        this.verifiers = Map.copyOf(verifiers);
        this.clock = clock;
        this.functions = functions;
    }

    /** The outcome of an authorizer's call. */
    sealed interface Verdict {
        record Granted(Authorization authorization) implements Verdict {}

        record Refused(HttpResponse response) implements Verdict {}
    }

    /** Verifies the webhook of a route; the response that refuses it, or null. */
    @Nullable HttpResponse unverified(Route route) {
        String name = route.target().subscription().verifier();
        if (name == null) {
            return null;
        }
        WebhookVerifier verifier = verifiers.get(name);
        if (verifier == null) { // a subscription that another gateway stored
            log.error("{} was refused: this gateway was not given the webhook verifier '{}'", route.request(), name);
            return Problems.problem(500, "the request could not be verified");
        }
        try {
            verifier.verify(route.request(), clock);
            return null;
        } catch (WebhookVerificationException e) {
            log.warn(
                    "{} was refused by the webhook verifier '{}': {}",
                    route.request(),
                    name,
                    FailureText.of(e.getMessage()));
            return Problems.problem(UNAUTHENTICATED, "the request could not be verified");
        } catch (RuntimeException e) { // a supplier of secrets is foreign code
            log.error(
                    "{} was refused, since the webhook verifier '{}' failed",
                    route.request(),
                    name,
                    Thrown.loggable(e));
            return Problems.problem(500, "the request could not be verified");
        }
    }

    /** The authorizer of a route; null when this gateway does not know it. */
    @Nullable RegisteredFunction authorizer(Route route, String functionId) {
        RegisteredFunction function = functions.apply(route.space().name(), functionId);
        if (function == null) {
            log.error("{} was refused: its authorizer '{}' is not registered", route.request(), functionId);
        }
        return function;
    }

    /** The verdict that an authorizer's answer means. */
    Verdict verdict(Route route, String functionId, InvocationResult result) {
        Authorization authorization;
        try {
            authorization = result.value() instanceof Authorization own ? own : Authorization.fromJson(result.asJson());
        } catch (DataConversionException | IllegalArgumentException e) {
            log.warn(
                    "{} was refused, since what its authorizer '{}' answered is no authorization: {}",
                    route.request(),
                    functionId,
                    FailureText.of(e.getMessage()));
            return new Verdict.Refused(failed());
        }
        if (authorization.isGranted()) {
            return new Verdict.Granted(authorization);
        }
        log.debug(
                "{} was refused by its authorizer '{}': {}",
                route.request(),
                functionId,
                FailureText.of(authorization.message()));
        return new Verdict.Refused(refused(authorization.statusCode(), authorization.challenge()));
    }

    /** The response to a request whose authorizer failed. */
    HttpResponse failed(Route route, String functionId, Throwable failure) {
        InvocationException e = Thrown.first(failure, InvocationException.class);
        if (e != null && e.kind() == InvocationException.Kind.FUNCTION_ERROR) {
            int status = e.statusCode().orElse(0);
            if (status == UNAUTHENTICATED || status == REFUSED) { // an authorizer elsewhere, that says so by its status
                log.debug("{} was refused by its authorizer '{}' with {}", route.request(), functionId, status);
                return refused(status, null);
            }
        }
        log.warn(
                "{} was refused, since its authorizer '{}' failed",
                route.request(),
                functionId,
                Thrown.loggable(failure));
        return e != null && e.kind() == InvocationException.Kind.TIMEOUT
                ? Problems.problem(504, "the request could not be authorized in time")
                : failed();
    }

    private static HttpResponse failed() {
        return Problems.problem(502, "the request could not be authorized");
    }

    private static HttpResponse refused(int status, @Nullable String challenge) {
        HttpResponse refused = Problems.problem(status, "the request was refused");
        return challenge == null
                ? refused
                : refused.toBuilder().header("WWW-Authenticate", challenge).build();
    }
}
