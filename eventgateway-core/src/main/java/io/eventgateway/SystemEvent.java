package io.eventgateway;

import io.eventgateway.delivery.DeadLetter;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The data of a system event: an event that the gateway emits about its own work. A system event is emitted in the space of the
 * event that it is about, which is its cause. It is emitted only while somebody subscribes to it. Events whose type starts with
 * {@code gateway.} cause no system events, nor do events that a system event led to. Of each type, 500 deliveries to async
 * subscriptions may be unfinished; system events beyond that are lost for these, which is logged.
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

    /** The type of {@link DeliveryDeadLettered}. */
    String DELIVERY_DEAD_LETTERED = "gateway.delivery.deadLettered";

    /** The type of {@link EventUnrouted}. */
    String EVENT_UNROUTED = "gateway.event.unrouted";

    /** The type of {@link EventDropped}. */
    String EVENT_DROPPED = "gateway.event.dropped";

    /** The type of {@link SubscriptionPaused}. */
    String SUBSCRIPTION_PAUSED = "gateway.subscription.paused";

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

    /** An event was accepted. Its deliveries follow. */
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

    /** A delivery was given up after so many attempts. */
    record DeliveryDeadLettered(
            String space,
            String functionId,
            String subscriptionId,
            DeadLetter.Reason reason,
            String message,
            int attempts,
            Event event)
            implements SystemEvent {}

    /** An event was accepted that nobody subscribes to. */
    record EventUnrouted(String space, Event event) implements SystemEvent {}

    /**
     * A subscription was paused by the gateway, since all attempts have failed for as long as its policy allows; see {@link
     * io.eventgateway.delivery.DeliveryPolicy.Builder#pauseAfterFailing}. The event is the last whose attempt failed.
     */
    record SubscriptionPaused(String space, String subscriptionId, String functionId, Instant failingSince, Event event)
            implements SystemEvent {}

    /** The backlog was full, and so many deliveries of the event were dropped. */
    record EventDropped(String space, int deliveries, Event event) implements SystemEvent {}
}
