package io.eventgateway;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A function in this process that takes each event's data as a class. As a {@link FunctionHandler} in everything else.
 *
 * @param <T> what it takes
 */
@FunctionalInterface
public interface TypedHandler<T> {
    /**
     * Handles the data of one event; never null.
     *
     * @return what {@link FunctionHandler#handle} may: null, a value, events, or a {@link CompletionStage} of one of these
     * @throws Exception any failure of the call, as {@link FunctionHandler#handle}
     */
    @Nullable Object handle(T value, FunctionContext context) throws Exception;
}
