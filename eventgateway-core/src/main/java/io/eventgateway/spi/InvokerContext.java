package io.eventgateway.spi;

import io.eventgateway.FunctionDefinition;
import io.eventgateway.InvocationResult;
import io.eventgateway.http.NetworkPolicy;
import java.time.InstantSource;
import java.util.concurrent.CompletionStage;
import tools.jackson.databind.json.JsonMapper;

/** What an invoker may use of its gateway. Thread-safe. */
public interface InvokerContext {
    /** The space of the function. */
    String space();

    /** The gateway's mapper. */
    JsonMapper jsonMapper();

    /** The gateway's clock. */
    InstantSource clock();

    /** The places that functions may be called at, which every invoker that makes connections obeys when it makes one. */
    NetworkPolicy networkPolicy();

    /**
     * The function's provider configuration as an instance of the class, whose constructor checks it. A component of type {@link
     * Secret} takes a text that may refer to the gateway's secrets.
     *
     * @throws io.eventgateway.error.InvalidFunctionException if an entry is unknown, is of another kind, or is refused by the class; the
     *     message names the function and the entry
     */
    <T> T configuration(FunctionDefinition function, Class<T> type);

    /**
     * Calls another function of the same space with the same event, attempt and deadline. The stage is as {@link
     * Invoker#invoke}'s. The provider must name the function in {@link InvokerProvider#references}.
     */
    CompletionStage<InvocationResult> invoke(String functionId, Invocation invocation);
}
