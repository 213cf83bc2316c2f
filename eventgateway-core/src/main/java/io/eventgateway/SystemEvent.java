package io.eventgateway;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The data of the events that the gateway emits about its own work. They are emitted in the space of the event that they are
 * about, which is their cause, and only when somebody subscribes to them. Events whose type starts with {@code gateway.}
 * beget none.
 *
 * <p>The types {@code gateway.event.received}, {@code gateway.function.invoking}, {@code gateway.function.invoked} and {@code
 * gateway.function.invocationFailed} are those of Serverless' Event Gateway (2017).
 */
public sealed interface SystemEvent {
    /** The type of {@link EventReceived}. */
    String EVENT_RECEIVED = "gateway.event.received";

    /** The type of {@link FunctionInvoking}. */
    String FUNCTION_INVOKING = "gateway.function.invoking";

    /** The type of {@link FunctionInvoked}. */
    String FUNCTION_INVOKED = "gateway.function.invoked";

    /** The type of {@link FunctionInvocationFailed}. */
    String FUNCTION_INVOCATION_FAILED = "gateway.function.invocationFailed";

    /** What the types of all system events start with. */
    String TYPE_PREFIX = "gateway.";

    /** The space of the event. */
    String space();

    /** The event that this is about. */
    Event event();

    /** Whether the type is that of a system event. */
    static boolean isSystemType(String eventType) {
        return eventType.startsWith(TYPE_PREFIX);
    }

    /** An event was accepted; its deliveries follow. */
    record EventReceived(String space, Event event) implements SystemEvent {}

    /** A function is about to be called. */
    record FunctionInvoking(
            String space, String functionId, @Nullable String subscriptionId, int attempt, Event event)
            implements SystemEvent {}

    /** A function's call succeeded after that time. */
    record FunctionInvoked(
            String space,
            String functionId,
            @Nullable String subscriptionId,
            int attempt,
            Duration duration,
            Event event)
            implements SystemEvent {}

    /** A function's call failed after that time. */
    record FunctionInvocationFailed(
            String space,
            String functionId,
            @Nullable String subscriptionId,
            int attempt,
            Duration duration,
            InvocationException.Kind kind,
            boolean retryable,
            String message,
            Event event)
            implements SystemEvent {}
}
