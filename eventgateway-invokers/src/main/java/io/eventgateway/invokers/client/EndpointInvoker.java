package io.eventgateway.invokers.client;

import io.eventgateway.InvocationResult;
import io.eventgateway.spi.Invocation;
import io.eventgateway.spi.Invoker;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import okhttp3.Headers;

/** Calls one function whose URL gets the event as CloudEvents' HTTP binding has it. Closes its caller. */
public final class EndpointInvoker implements Invoker {
    private final EndpointUrl url;
    private final EventRequests.Mode mode;
    private final HttpCaller caller;
    private final Function<Invocation, HttpCaller.AnswerReader> answers;

    /**
     * An invoker that owns its caller.
     *
     * @param answers what reads the answer to an invocation
     */
    public EndpointInvoker(
            EndpointUrl url,
            EventRequests.Mode mode,
            HttpCaller caller,
            Function<Invocation, HttpCaller.AnswerReader> answers) {
        this.url = url;
        this.mode = mode;
        this.caller = caller;
        this.answers = answers;
    }

    @Override
    public CompletionStage<InvocationResult> invoke(Invocation invocation) {
        return caller.call(
                invocation,
                () -> EventRequests.of(invocation, url.resolve(invocation.functionId()), "POST", mode, Headers.EMPTY),
                answers.apply(invocation));
    }

    @Override
    public void close() {
        caller.close();
    }
}
