package io.eventgateway.test;

import io.cloudevents.CloudEventData;
import io.eventgateway.Emission;
import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.EventGatewayException;
import io.eventgateway.error.InvalidEventException;
import io.eventgateway.spi.EmitInterceptor;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Has every event pass through its JSON form on its way to the functions, and refuses what does not survive that. Thread-safe.
 *
 * <p>Three interceptors do it, one behind the other, because the gateway gives its mapper to each event that an interceptor lets pass:
 * the first puts the event that was read from the JSON in place of the emitted one, the second reads the data as the class that they
 * were of, and the third looks whether these are written as before.
 */
final class RoundTrip {
    private static final int LONGEST = 200;

    /**
     * What the thread that emits has on its way through the interceptors.
     *
     * @param type what the data were; null when there is nothing to read back
     * @param stored the event as it was read from its JSON
     */
    private record Passage(@Nullable Class<?> type, Event stored) {}

    private static final ThreadLocal<@Nullable Passage> PASSAGE = new ThreadLocal<>();

    /** Adds the interceptors to a builder that has all others. */
    /** Reads numbers as they are written, as the stores do: {@code 1.10} is not {@code 1.1}. */
    private static final JsonMapper EXACT = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    EventGateway.Builder make(EventGateway.Builder builder) {
        return builder.emitInterceptor(this::written)
                .emitInterceptor(this::readBack)
                .emitInterceptor(this::writtenAgain);
    }

    private Emission written(Event event, EmitInterceptor.Chain chain) {
        Event stored;
        try {
            stored = Event.fromJson(json(event.toJson().toString()));
        } catch (EventGatewayException | JacksonException e) {
            throw lost(event, "its JSON form can't be made or read: " + e.getMessage(), e);
        }
        Passage outer = PASSAGE.get();
        PASSAGE.set(new Passage(typeOf(event), stored));
        try {
            return chain.proceed(stored);
        } finally {
            PASSAGE.set(outer);
        }
    }

    /** The class that the data must be readable as; null for data that are JSON, text or bytes already, or where there are none. */
    private static @Nullable Class<?> typeOf(Event event) {
        if (event.getData() == null) {
            return null;
        }
        Object data = event.dataAs(Object.class);
        if (data instanceof JsonNode
                || data instanceof byte[]
                || data instanceof String
                || data instanceof CloudEventData) {
            return null;
        }
        if (data instanceof Map) {
            return Map.class;
        }
        if (data instanceof Collection) {
            return List.class;
        }
        Class<?> type = data instanceof Enum<?> constant ? constant.getDeclaringClass() : data.getClass();
        if (type.isHidden() || type.isAnonymousClass()) {
            throw lost(
                    event,
                    "its data are a lambda or of an anonymous class, " + type + ", which nobody can ask for",
                    null);
        }
        return type;
    }

    private Emission readBack(Event event, EmitInterceptor.Chain chain) {
        Passage under = PASSAGE.get();
        Class<?> type = under == null ? null : under.type();
        if (type == null) {
            return chain.proceed(event);
        }
        Object read;
        try {
            read = event.dataAs(type);
        } catch (EventGatewayException e) {
            throw lost(event, "its data of " + type + " can't be read back: " + e.getMessage(), e);
        }
        return chain.proceed(event.toBuilder().data("application/json", read).build());
    }

    private Emission writtenAgain(Event event, EmitInterceptor.Chain chain) {
        Passage under = PASSAGE.get();
        Class<?> type = under == null ? null : under.type();
        if (under == null || type == null) {
            return chain.proceed(event);
        }
        PASSAGE.set(null);
        String before = json(under.stored());
        String after = json(event);
        if (!comparable(json(before)).equals(comparable(json(after)))) {
            throw lost(
                    event,
                    "its data of " + type + " are written as " + abbreviated(before) + ", and as " + abbreviated(after)
                            + " once they have been read back",
                    null);
        }
        return chain.proceed(under.stored());
    }

    private static JsonNode json(String text) {
        return EXACT.readTree(text);
    }

    private static String json(Event event) {
        return event.dataAsJson().toString();
    }

    /** A tree as nested maps and sorted lists of texts, since a set has no order to come back in. */
    private static Object comparable(JsonNode node) {
        if (node.isArray()) {
            return node.valueStream()
                    .map(RoundTrip::comparable)
                    .map(Object::toString)
                    .sorted()
                    .toList();
        }
        if (node.isObject()) {
            Map<String, Object> members = new TreeMap<>();
            node.forEachEntry((name, value) -> members.put(name, comparable(value)));
            return members;
        }
        return node.toString();
    }

    private static String abbreviated(String json) {
        return json.length() <= LONGEST ? json : json.substring(0, LONGEST) + "...";
    }

    private static InvalidEventException lost(Event event, String why, @Nullable Throwable cause) {
        return new InvalidEventException(
                "event '" + event.getId() + "' of type '" + event.getType() + "' would not survive a restart: " + why
                        + "; emit data that JSON can hold and give back, such as records",
                cause);
    }
}
