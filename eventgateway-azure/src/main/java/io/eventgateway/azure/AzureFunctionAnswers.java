package io.eventgateway.azure;

import io.eventgateway.InvocationException.Kind;
import io.eventgateway.InvocationResult;
import io.eventgateway.SubscriptionMode;
import io.eventgateway.invokers.client.Answer;
import io.eventgateway.invokers.client.Answers;
import io.eventgateway.invokers.client.HttpCaller;
import io.eventgateway.spi.Invocation;
import tools.jackson.databind.json.JsonMapper;

/** What answers of Azure Functions stand for, where they come from the host of functions rather than from the function. */
final class AzureFunctionAnswers {
    private AzureFunctionAnswers() {}

    static HttpCaller.AnswerReader of(Invocation invocation, JsonMapper mapper) {
        HttpCaller.AnswerReader ofFunction = Answers.of(invocation, mapper);
        boolean isResponse = invocation.subscriptionMode() == SubscriptionMode.HTTP;
        return answer -> read(answer, isResponse, ofFunction);
    }

    private static InvocationResult read(Answer answer, boolean isResponse, HttpCaller.AnswerReader ofFunction) {
        boolean isEmpty = answer.body().length == 0; // the host says nothing with a status of its own
        switch (answer.status()) {
            case 401, 403 -> {
                if (isEmpty || !isResponse) {
                    throw answer.failure(Kind.ACCESS_DENIED, false, "is 'key', or 'code' in the URL, the function's?");
                }
            }
            case 404 -> {
                if (isEmpty && !isResponse) {
                    throw answer.failure(Kind.CALL_FAILED, false, "is there such a function?");
                }
            }
            case 429 -> {
                if (!isResponse) {
                    throw answer.failure(Kind.PROVIDER_ERROR, true, "");
                }
            }
            case 503 -> throw answer.failure(Kind.PROVIDER_ERROR, true, "");
            default -> {}
        }
        return ofFunction.read(answer);
    }
}
