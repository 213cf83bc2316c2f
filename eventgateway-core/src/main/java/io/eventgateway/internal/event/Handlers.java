package io.eventgateway.internal.event;

import io.cloudevents.CloudEvent;
import io.eventgateway.Event;
import io.eventgateway.EventHandler;
import io.eventgateway.FunctionHandler;
import io.eventgateway.InvocationException;
import io.eventgateway.TypedHandler;
import io.eventgateway.error.DataConversionException;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** The typed forms of handlers as {@link FunctionHandler}s. */
public final class Handlers {
    private Handlers() {}

    /** A handler that takes events. */
    public static FunctionHandler of(EventHandler<? super Event> handler) {
        Objects.requireNonNull(handler, "handler must not be null");
        return (event, context) -> {
            handler.handle(event);
            return null;
        };
    }

    /** A handler that takes the events' data as a class. */
    public static <T> FunctionHandler of(Class<T> dataType, EventHandler<? super T> handler) {
        Objects.requireNonNull(dataType, "dataType must not be null");
        Objects.requireNonNull(handler, "handler must not be null");
        return (event, context) -> {
            handler.handle(dataOf(event, dataType, context.functionId()));
            return null;
        };
    }

    /** A handler that takes the events' data as the class of each event's type. */
    public static <T> FunctionHandler of(Map<String, Class<? extends T>> classes, EventHandler<? super T> handler) {
        Objects.requireNonNull(handler, "handler must not be null");
        return (event, context) -> {
            Class<? extends T> dataType = classes.get(event.getType());
            if (dataType == null) {
                throw new InvocationException(
                        InvocationException.Kind.CALL_FAILED,
                        false,
                        "function '" + context.functionId() + "' takes events of the types " + classes.keySet()
                                + ", was given one of type '" + event.getType() + "'");
            }
            handler.handle(dataOf(event, dataType, context.functionId()));
            return null;
        };
    }

    /** A function that takes the events' data as a class. */
    public static <T> FunctionHandler of(Class<T> dataType, TypedHandler<? super T> handler) {
        Objects.requireNonNull(dataType, "dataType must not be null");
        Objects.requireNonNull(handler, "handler must not be null");
        return (event, context) -> handler.handle(dataOf(event, dataType, context.functionId()), context);
    }

    /** A handler whose stage ends with the delivery. */
    public static FunctionHandler ofStage(Function<? super Event, ? extends CompletionStage<?>> handler) {
        Objects.requireNonNull(handler, "handler must not be null");
        return (event, context) -> {
            CompletionStage<?> stage = handler.apply(event);
            if (stage == null) {
                throw new InvocationException(
                        InvocationException.Kind.FUNCTION_ERROR,
                        false,
                        "the handler of function '" + context.functionId()
                                + "' returned null, not a CompletionStage; return a completed one when there is nothing to wait for");
            }
            return stage;
        };
    }

    /** The event given away when it is what the class says, else its data. */
    private static <T> T dataOf(Event event, Class<T> type, String functionId) {
        if (type == Event.class || type == CloudEvent.class) {
            return type.cast(event);
        }
        try {
            return event.dataAs(type);
        } catch (DataConversionException e) {
            // without its cause, whose message may show the data
            throw new InvocationException(
                    InvocationException.Kind.CALL_FAILED,
                    false,
                    "function '" + functionId + "' can't be called: " + e.getMessage());
        }
    }
}
