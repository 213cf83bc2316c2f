package io.eventgateway.spi;

import io.eventgateway.Emission;
import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.FunctionDefinition;
import io.eventgateway.InvocationResult;
import io.eventgateway.http.NetworkPolicy;
import java.time.InstantSource;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
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

    /** What another function of the same space keeps an event of a batch together by; see {@link Invoker#batchKey}. */
    @Nullable Object batchKey(String functionId, Event event);

    /**
     * Returns whether this process can call another function of the same space: it has its handler, or can make its invoker, which can call
     * whatever it calls itself. False for a function that is not registered. See {@link Invoker#isCallable}.
     */
    boolean isCallable(String functionId);

    /**
     * Calls another function of the same space with the same event, attempt and deadline. The stage is as {@link
     * Invoker#invoke}'s. The provider must name the function in {@link InvokerProvider#references}.
     */
    CompletionStage<InvocationResult> invoke(String functionId, Invocation invocation);

    /**
     * Emits an event in a space of the gateway, as a handler would with its context: its cause is the event of the call, whose chain
     * goes on with it. When this returns, the event was accepted, and kept if the gateway's event store keeps events; sync
     * subscriptions' functions have been called. It waits for no room in the backlog.
     *
     * @param space the space, which is made if it was not mentioned yet
     * @param cause the call that the invoker was given; of a batch, {@linkplain Invocation#alone that of one event}, else the cause is
     *     the event that {@code event} is, or that its {@code causationid} names, if there is one
     * @throws IllegalArgumentException if the name is not a space's, or the invocation is not one that the invoker was given
     * @throws io.eventgateway.error.EventRejectedException if the chain goes too far, or an interceptor refuses the event
     * @throws io.eventgateway.error.BacklogFullException if the backlog has no room
     */
    Emission emit(String space, Event event, Invocation cause);

    /**
     * Emits an event in another gateway, as {@link #emit(String, Event, Invocation)} does in this one: its cause is the event of the
     * call, whichever thread this is, and whatever else that thread handles.
     *
     * @param gateway the other gateway, or a view on one of its spaces
     * @throws IllegalArgumentException if the invocation is not one that the invoker was given
     * @throws io.eventgateway.error.EventRejectedException if the chain goes too far, or an interceptor refuses the event
     * @throws io.eventgateway.error.BacklogFullException if the backlog has no room
     * @throws io.eventgateway.error.GatewayClosedException if the other gateway is closed
     */
    Emission emit(EventGateway gateway, Event event, Invocation cause);
}
