package io.eventgateway.azure;

import io.eventgateway.InvocationException;
import io.eventgateway.InvocationException.Kind;
import io.eventgateway.InvocationResult;
import io.eventgateway.SubscriptionMode;
import io.eventgateway.http.HttpResponse;
import io.eventgateway.invokers.client.Answer;
import io.eventgateway.invokers.client.Answers;
import io.eventgateway.invokers.client.HttpCaller;
import io.eventgateway.spi.Invocation;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** What answers of Logic Apps stand for: those of a run of the workflow have the run's id, the others are refusals of Azure. */
final class LogicAppAnswers {
    private static final String RUN_ID = "x-ms-workflow-run-id";
    private static final int ACCEPTED = 202;

    private LogicAppAnswers() {}

    static HttpCaller.AnswerReader of(Invocation invocation, JsonMapper mapper) {
        return invocation.subscriptionMode() == SubscriptionMode.HTTP
                ? LogicAppAnswers::response
                : answer -> result(answer, mapper);
    }

    /** The body of the workflow's response; the id of its run, where it has no response, and was accepted alone. */
    private static InvocationResult result(Answer answer, JsonMapper mapper) {
        checkRan(answer);
        @Nullable String run = answer.header(RUN_ID);
        return answer.status() == ACCEPTED && answer.body().length == 0 && run != null
                ? InvocationResult.of(Map.of("workflowRunId", run), mapper)
                : Answers.result(answer, mapper);
    }

    /**
     * The response without what Azure adds, since it is for whoever may call the trigger: the names of the workflow and its run, and for a run that
     * goes on a signed URL to look at it.
     */
    private static InvocationResult response(Answer answer) {
        checkRan(answer);
        InvocationResult whole = Answers.response(answer);
        if (!(whole.value() instanceof HttpResponse response)) {
            return whole;
        }
        HttpResponse.Builder without =
                HttpResponse.builder(response.statusCode()).body(response.body());
        response.allHeaders().forEach((name, values) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            boolean isAzures = lower.startsWith("x-ms-") || (answer.status() == ACCEPTED && lower.equals("location"));
            if (!isAzures) {
                values.forEach(value -> without.header(name, value));
            }
        });
        return InvocationResult.of(without.build());
    }

    private static void checkRan(Answer answer) {
        if (answer.status() >= 400 && answer.header(RUN_ID) == null) {
            throw refusal(answer);
        }
    }

    private static InvocationException refusal(Answer answer) {
        int status = answer.status();
        if (status == 401 || status == 403) {
            return answer.failure(Kind.ACCESS_DENIED, false, "is the signature in 'url' still good?");
        }
        return status == 408 || status == 429 || answer.isServerError()
                ? answer.failure(Kind.PROVIDER_ERROR, true, "")
                : answer.failure(
                        Kind.CALL_FAILED, false, ""); // an unknown or disabled workflow, data that its schema refuses
    }
}
