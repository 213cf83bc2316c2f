package io.eventgateway.spi;

import io.eventgateway.Event;
import io.eventgateway.SubscriptionMode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One call of a function. Thread-safe. */
public interface Invocation {
    /** The event to hand over, with what the subscription's transform made in place of its data; the first of a batch. */
    Event event();

    /** The events to hand over: one, unless this is a batch. */
    default List<Event> events() {
        return List.of(event());
    }

    /**
     * Whether the subscription's policy asks for batches. The payload is then a JSON array of all events in the CloudEvents JSON
     * batch format, and the result may say which of them failed; see {@link
     * io.eventgateway.delivery.BatchResult#failed(List, Map)}.
     */
    default boolean isBatch() {
        return false;
    }

    /** The function that is called. */
    String functionId();

    /** The subscription that the event is delivered for; null when the function is called by {@code invoke}. */
    @Nullable String subscriptionId();

    /** The type of that subscription; null when the function is called by {@code invoke}. */
    @Nullable SubscriptionMode subscriptionMode();

    /** The space of the function. */
    String space();

    /** Which attempt this is; the first is 1. */
    int attempt();

    /**
     * Returns whether the function may get this attempt twice, as it may get any attempt of a delivery that is made at least once: an
     * invoker may then repeat a request by itself where a connection was closed before there was an answer. False for a delivery that is
     * made at most once, and for a call that is no delivery.
     */
    default boolean mayBeRepeated() {
        return false;
    }

    /** When the gateway stops waiting. */
    Instant deadline();

    /** How long it is until then; zero when the deadline has passed. */
    Duration remaining();

    /**
     * The event's data as it goes over a wire, made when it is first asked for, once per event; empty when there is none. The
     * array is shared: it must not be changed.
     *
     * @throws io.eventgateway.InvocationException {@code CALL_FAILED}, not retryable, if the data can't be written as its content
     *     type, or is larger than the gateway's largest payload. For a batch, let it pass: the gateway calls again without the
     *     events that can't be sent, or with halves of a batch that is too large
     */
    byte[] payload();

    /**
     * Headers that the subscription's transform gives, for functions that are called by what has headers; empty for a batch.
     * Names are tokens, and values have only characters that HTTP lets a header have. Unmodifiable.
     */
    default Map<String, String> headers() {
        return Map.of();
    }

    /** The content type of the payload; null when there is none. */
    @Nullable String payloadContentType();

    /**
     * The same call with another event to hand over: its data is the payload, and a handler gets it. What the call is about stays:
     * retries begin with the event that was emitted, system events and dead letters show that one, and what the function emits is
     * caused by it.
     *
     * @throws IllegalStateException if this is a batch
     */
    Invocation withEvent(Event event);

    /**
     * The same call with one of its events alone, which is no batch: what is emitted with it as the cause is caused by that event,
     * whatever other events of the batch have its id.
     *
     * @param index the place of the event in {@link #events()}
     * @throws IndexOutOfBoundsException if no event is at the place
     */
    Invocation alone(int index);

    /**
     * The same call with these headers in place of {@link #headers()}.
     *
     * @throws IllegalArgumentException if a name is not a token or a value has control characters (RFC 9110, section 5)
     */
    Invocation withHeaders(Map<String, String> headers);
}
