package io.eventgateway;

import io.eventgateway.annotation.CanIgnoreReturnValue;
import io.eventgateway.error.FunctionAlreadyExistsException;
import io.eventgateway.error.FunctionInUseException;
import io.eventgateway.error.FunctionNotFoundException;
import io.eventgateway.error.GatewayClosedException;
import io.eventgateway.error.InvalidFunctionException;
import io.eventgateway.error.StoreFailedException;
import io.eventgateway.error.UnknownFunctionTypeException;
import io.eventgateway.internal.event.Handlers;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The functions of a space.
 *
 * <p>Thread-safe. A change is atomic and visible to the next emit on every thread. When a call fails, nothing has changed.
 */
public interface Functions {
    /**
     * Registers a function in this process; its type is {@code java}. Where the space's store knows the function already,
     * registered by another process, this one only adds its handler.
     *
     * @throws FunctionAlreadyExistsException if a function of that id is registered here
     * @throws InvalidFunctionException if the id is not 1 to 256 of {@code a-z A-Z 0-9 . - _}
     * @throws GatewayClosedException if the gateway is closed
     * @throws StoreFailedException if the store failed
     */
    @CanIgnoreReturnValue
    FunctionDefinition register(String functionId, FunctionHandler handler);

    /**
     * Registers a function in this process as {@link #register(String, FunctionHandler)}; it gets the events' data as instances
     * of the class, as {@link Event#dataAs(Class)} gives them. Data that can't be is a failed call that is not retried, whose
     * message says which member of which type it was.
     */
    @CanIgnoreReturnValue
    default <T> FunctionDefinition register(String functionId, Class<T> dataType, TypedHandler<? super T> handler) {
        return register(functionId, Handlers.of(dataType, handler));
    }

    /**
     * Registers a function in this process as {@link #register(String, FunctionHandler)}, with what its definition says of it:
     * its labels, and the event types that it emits.
     *
     * @throws FunctionAlreadyExistsException if a function of that id is registered here
     * @throws InvalidFunctionException if the definition is of another type than {@code java}
     * @throws GatewayClosedException if the gateway is closed
     * @throws StoreFailedException if the store failed
     */
    @CanIgnoreReturnValue
    FunctionDefinition register(FunctionDefinition function, FunctionHandler handler);

    /**
     * Registers a function that an invoker reaches. Where the space's store has the same function already, from another process
     * or from before a restart, that is it.
     *
     * @throws FunctionAlreadyExistsException if a function of that id was registered here, or the store has another of that id
     * @throws UnknownFunctionTypeException if no invoker provider for its type was found
     * @throws InvalidFunctionException if the invoker refuses the definition, or it is of type {@code java}
     * @throws GatewayClosedException if the gateway is closed
     * @throws StoreFailedException if the store failed
     */
    @CanIgnoreReturnValue
    FunctionDefinition register(FunctionDefinition function);

    /**
     * Replaces a function by a handler in this process. Calls under way end with what they were made to; the next one gets this.
     *
     * @throws FunctionNotFoundException if there is none of that id
     */
    @CanIgnoreReturnValue
    FunctionDefinition update(String functionId, FunctionHandler handler);

    /**
     * Replaces a function's definition. Calls under way end with the invoker that they were made with, which is closed after
     * the last of them; the next one gets the new.
     *
     * @throws FunctionNotFoundException if there is none of that id
     * @throws UnknownFunctionTypeException as {@link #register(FunctionDefinition)}
     * @throws InvalidFunctionException as {@link #register(FunctionDefinition)}
     */
    @CanIgnoreReturnValue
    FunctionDefinition update(FunctionDefinition function);

    /**
     * Registers a function, replaces the one of the same id where it differs, or leaves it where it is the same: what an
     * application says at each start. An update is logged, since in a rolling deployment an old process may undo what a new one
     * has said.
     *
     * @return what there is now, and what changed
     * @throws UnknownFunctionTypeException as {@link #register(FunctionDefinition)}
     * @throws InvalidFunctionException as {@link #register(FunctionDefinition)}
     * @throws GatewayClosedException if the gateway is closed
     * @throws StoreFailedException if the store failed
     */
    Registered<FunctionDefinition> registerOrUpdate(FunctionDefinition function);

    /**
     * As {@link #registerOrUpdate(FunctionDefinition)}, for a function in this process. A handler that the function had here is
     * replaced, which is no change of its definition.
     *
     * @throws InvalidFunctionException as {@link #register(FunctionDefinition, FunctionHandler)}
     */
    Registered<FunctionDefinition> registerOrUpdate(FunctionDefinition function, FunctionHandler handler);

    /** As {@link #registerOrUpdate(FunctionDefinition, FunctionHandler)}, for a function without labels. */
    default Registered<FunctionDefinition> registerOrUpdate(String functionId, FunctionHandler handler) {
        return registerOrUpdate(FunctionDefinition.of(functionId, FunctionDefinition.JAVA, Map.of()), handler);
    }

    /** The function of that id, if there is one. */
    Optional<FunctionDefinition> get(String functionId);

    /** All functions, by id. */
    List<FunctionDefinition> list();

    /** The functions that have all of these labels, by id. */
    List<FunctionDefinition> list(Map<String, String> metadata);

    /**
     * Removes a function. Calls under way end as they would have.
     *
     * @return what was removed
     * @throws FunctionNotFoundException if there is none of that id
     * @throws FunctionInUseException if a subscription, or another function, names it
     */
    FunctionDefinition delete(String functionId);
}
