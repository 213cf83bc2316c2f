package io.eventgateway.invokers.lambda;

import io.eventgateway.InvocationException.Kind;
import io.eventgateway.InvocationResult;
import io.eventgateway.invokers.client.Answer;
import io.eventgateway.invokers.client.Answers;
import io.eventgateway.invokers.client.EventRequests;
import io.eventgateway.invokers.client.HttpCaller;
import io.eventgateway.spi.Invocation;
import io.eventgateway.spi.Invoker;
import java.util.concurrent.CompletionStage;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import tools.jackson.databind.json.JsonMapper;

/** Calls one Lambda function by its URL. Its caller signs the requests. */
final class FunctionUrlInvoker implements Invoker {
    /** What Lambda itself says when it does not call the function. */
    private static final String ERROR_TYPE = "x-amzn-ErrorType";

    private static final int TOO_MANY_REQUESTS = 429;

    private final HttpUrl url;
    private final EventRequests.Mode mode;
    private final HttpCaller caller;
    private final JsonMapper mapper;

    FunctionUrlInvoker(HttpUrl url, EventRequests.Mode mode, HttpCaller caller, JsonMapper mapper) {
        this.url = url;
        this.mode = mode;
        this.caller = caller;
        this.mapper = mapper;
    }

    @Override
    public CompletionStage<InvocationResult> invoke(Invocation invocation) {
        HttpCaller.AnswerReader ofFunction = Answers.of(invocation, mapper);
        return caller.call(
                invocation,
                EventRequests.of(invocation, url, "POST", mode, Headers.of()),
                answer -> answer.header(ERROR_TYPE) == null ? ofFunction.read(answer) : refused(answer));
    }

    private static InvocationResult refused(Answer answer) {
        int status = answer.status();
        boolean passes = status == TOO_MANY_REQUESTS || answer.isServerError();
        boolean denied = status == 401 || status == 403;
        throw answer.failure(
                denied ? Kind.ACCESS_DENIED : passes ? Kind.PROVIDER_ERROR : Kind.CALL_FAILED,
                passes,
                "Lambda refused to call it");
    }

    @Override
    public void close() {
        caller.close();
    }
}
