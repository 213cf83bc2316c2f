package io.eventgateway.gcp;

import io.eventgateway.InvocationException.Kind;
import io.eventgateway.InvocationResult;
import io.eventgateway.SubscriptionMode;
import io.eventgateway.invokers.client.Answer;
import io.eventgateway.invokers.client.Answers;
import io.eventgateway.invokers.client.HttpCaller;
import io.eventgateway.spi.Invocation;
import tools.jackson.databind.json.JsonMapper;

/** What answers of Cloud Functions and Cloud Run stand for, where they come from Google rather than from the function. */
final class GcpAnswers {
    private GcpAnswers() {}

    static HttpCaller.AnswerReader of(Invocation invocation, JsonMapper mapper) {
        HttpCaller.AnswerReader ofFunction = Answers.of(invocation, mapper);
        boolean isResponse = invocation.subscriptionMode() == SubscriptionMode.HTTP;
        return answer -> read(answer, isResponse, ofFunction);
    }

    private static InvocationResult read(Answer answer, boolean isResponse, HttpCaller.AnswerReader ofFunction) {
        int status = answer.status();
        if ((status == 401 || status == 403) && (!isResponse || isRefusedToken(answer))) {
            throw answer.failure(
                    Kind.ACCESS_DENIED,
                    false,
                    "may the token's service account invoke the function (roles/run.invoker), and is the 'audience' right?");
        }
        if (status == 429 && !isResponse) { // there is no instance for it
            throw answer.failure(Kind.PROVIDER_ERROR, true, "");
        }
        return ofFunction.read(answer);
    }

    /** Returns whether Google refused the token (RFC 6750, section 3); a function's own answer is the response to an http event. */
    private static boolean isRefusedToken(Answer answer) {
        String challenge = answer.header("WWW-Authenticate");
        return challenge != null && challenge.startsWith("Bearer") && challenge.contains("error=");
    }
}
