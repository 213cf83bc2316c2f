package io.eventgateway.spi;

import io.eventgateway.FunctionDefinition;
import java.util.Set;

/**
 * Makes the invokers of one function type. Found by {@link java.util.ServiceLoader}, or given to the gateway's builder.
 *
 * <p>Thread-safe. Its constructor should not touch an optional library, so that a provider without its library fails only
 * when a function of its type is registered.
 */
public interface InvokerProvider {
    /** The function type that this provider serves, for example {@code http}. Constant. */
    String type();

    /**
     * An invoker of the function. Called when the function is registered or updated, and when it is first needed in another
     * process that shares the store.
     *
     * @throws io.eventgateway.error.InvalidFunctionException if the provider configuration is not valid; the message names the entry,
     *     its value (unless it may be secret) and what would be accepted
     */
    Invoker create(FunctionDefinition function, InvokerContext context);

    /**
     * Returns the functions that a function of this type calls with {@link InvokerContext#invoke}. They must be registered in the
     * same space, can't be deleted while the function is registered, and may not lead back to it.
     */
    default Set<String> references(FunctionDefinition function) {
        return Set.of();
    }
}
