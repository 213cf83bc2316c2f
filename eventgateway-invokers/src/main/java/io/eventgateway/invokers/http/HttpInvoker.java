package io.eventgateway.invokers.http;

import io.eventgateway.InvocationException;
import io.eventgateway.InvocationResult;
import io.eventgateway.invokers.client.Answers;
import io.eventgateway.invokers.client.EventRequests;
import io.eventgateway.invokers.client.HttpCaller;
import io.eventgateway.invokers.client.WebhookSignature;
import io.eventgateway.spi.Invocation;
import io.eventgateway.spi.Invoker;
import java.util.concurrent.CompletionStage;
import okhttp3.Request;
import tools.jackson.databind.json.JsonMapper;

/** Calls one function behind an HTTP endpoint. */
final class HttpInvoker implements Invoker {
    private final HttpConfiguration configuration;
    private final HttpCaller caller;
    private final JsonMapper mapper;

    HttpInvoker(HttpConfiguration configuration, HttpCaller caller, JsonMapper mapper) {
        this.configuration = configuration;
        this.caller = caller;
        this.mapper = mapper;
    }

    @Override
    public CompletionStage<InvocationResult> invoke(Invocation invocation) {
        return caller.call(
                invocation,
                () -> request(invocation),
                Answers.of(
                        invocation,
                        mapper,
                        "redirects are not followed, but for 307 and 308 where followRedirects is set"));
    }

    private Request request(Invocation invocation) {
        HttpConfiguration.Target target;
        try {
            target = configuration.target();
        } catch (IllegalArgumentException e) { // of a secret that was read just now
            throw new InvocationException(
                    InvocationException.Kind.CALL_FAILED,
                    true,
                    "function '" + invocation.functionId() + "' can't be called: " + e.getMessage());
        }
        Request request = EventRequests.of(
                invocation, target.url(), configuration.verb(), configuration.sentAs(), target.headers());
        return configuration.signing() == null ? request : WebhookSignature.identified(request, invocation);
    }

    @Override
    public void close() {
        caller.close();
    }
}
