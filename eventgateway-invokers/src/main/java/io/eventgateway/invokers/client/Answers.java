package io.eventgateway.invokers.client;

import io.eventgateway.InvocationException.Kind;
import io.eventgateway.InvocationResult;
import io.eventgateway.SubscriptionMode;
import io.eventgateway.http.HttpResponse;
import io.eventgateway.internal.http.HttpFields;
import io.eventgateway.spi.Invocation;
import tools.jackson.databind.json.JsonMapper;

/** What answers of functions stand for that say it by their status. */
public final class Answers {
    private Answers() {}

    private static final String NOT_FOLLOWED = "redirects are not followed";

    /** Reads the answers to an invocation: the response for an http event, the result for any other. */
    public static HttpCaller.AnswerReader of(Invocation invocation, JsonMapper mapper) {
        return of(invocation, mapper, NOT_FOLLOWED);
    }

    /**
     * Reads the answers of a type that has a setting about redirects.
     *
     * @param redirected what a failure says of an answer that redirects
     */
    public static HttpCaller.AnswerReader of(Invocation invocation, JsonMapper mapper, String redirected) {
        return invocation.subscriptionMode() == SubscriptionMode.HTTP
                ? Answers::response
                : answer -> result(answer, mapper, redirected);
    }

    /** The body of a 2xx answer; every other status is a failure. */
    public static InvocationResult result(Answer answer, JsonMapper mapper) {
        return result(answer, mapper, NOT_FOLLOWED);
    }

    private static InvocationResult result(Answer answer, JsonMapper mapper, String redirected) {
        if (!answer.isSuccessful()) {
            boolean redirect = answer.status() >= 300 && answer.status() <= 399;
            throw redirect ? answer.failure(Kind.FUNCTION_ERROR, false, redirected) : answer.failure();
        }
        return InvocationResult.ofBytes(answer.header("Content-Type"), answer.body(), mapper);
    }

    /**
     * The result for an http event: whatever the function answers is the response, unless it failed. A status of 1xx is a failure, since it
     * concerns one connection and is no response.
     */
    public static InvocationResult response(Answer answer) {
        if (answer.status() < 200 || answer.status() >= 500) {
            throw answer.failure();
        }
        answer.requireWhole();
        HttpResponse.Builder response = HttpResponse.builder(answer.status()).body(answer.body());
        for (int i = 0; i < answer.headers().size(); i++) {
            String name = answer.headers().name(i);
            if (!HttpFields.isOfTheConnection(name)) { // the next sender says them
                response.header(name, answer.headers().value(i));
            }
        }
        return InvocationResult.of(response.build());
    }
}
