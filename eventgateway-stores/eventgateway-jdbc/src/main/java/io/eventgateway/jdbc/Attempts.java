package io.eventgateway.jdbc;

import io.eventgateway.InvocationException;
import io.eventgateway.delivery.DeliveryAttempt;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/** The attempts of a delivery, as the text of their column. */
final class Attempts {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int MAX_MESSAGE = 4_000;

    private Attempts() {}

    static List<DeliveryAttempt> read(@Nullable String text) {
        if (text == null) {
            return List.of();
        }
        List<DeliveryAttempt> attempts = new ArrayList<>();
        for (JsonNode each : JSON.readTree(text)) {
            attempts.add(new DeliveryAttempt(
                    each.path("number").asInt(),
                    Instant.parse(each.path("startedAt").asString()),
                    Duration.parse(each.path("duration").asString()),
                    InvocationException.Kind.valueOf(each.path("kind").asString()),
                    each.path("message").asString(),
                    each.path("statusCode").isInt()
                            ? (Integer) each.path("statusCode").intValue()
                            : null,
                    each.path("calledFunctionId").asString(null)));
        }
        return List.copyOf(attempts);
    }

    /** Returns whether the text has an attempt of that number. */
    static boolean has(@Nullable String text, DeliveryAttempt attempt) {
        return read(text).stream().anyMatch(each -> each.number() == attempt.number());
    }

    /** The text with one more attempt. */
    static @Nullable String with(@Nullable String text, @Nullable DeliveryAttempt failed) {
        if (failed == null) {
            return text;
        }
        ArrayNode attempts = text == null ? JSON.createArrayNode() : (ArrayNode) JSON.readTree(text);
        attempts.addObject()
                .put("number", failed.number())
                .put("startedAt", failed.startedAt().toString())
                .put("duration", failed.duration().toString())
                .put("kind", failed.kind().name())
                .put("message", storable(failed.message()))
                .put("statusCode", failed.statusCode())
                .put("calledFunctionId", failed.calledFunctionId());
        return attempts.toString();
    }

    /** A function's message as a column takes it: not endless, and without what no text column takes. */
    static String storable(String message) {
        String text = message.indexOf('\0') < 0 ? message : message.replace('\0', ' ');
        return text.length() <= MAX_MESSAGE ? text : text.substring(0, MAX_MESSAGE) + "...";
    }
}
