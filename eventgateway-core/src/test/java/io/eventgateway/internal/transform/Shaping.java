package io.eventgateway.internal.transform;

import io.eventgateway.Event;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;

/** Runs shapers on an event with given data. */
final class Shaping {
    static final Shaper.Scope SCOPE = new Shaper.Scope("default", "sub", "f");

    private Shaping() {}

    static Event event(String json) {
        return Event.builder("order.placed")
                .id("e-1")
                .source("/test")
                .subject("s-1")
                .data("application/json", json.getBytes(StandardCharsets.UTF_8))
                .build();
    }

    /** What a shaper makes, as it would be sent. */
    static String shape(Shaper shaper, String json) {
        Object made = shaper.shape(event(json), SCOPE).data();
        return made instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : made.toString();
    }

    /** The result of a JSONata expression whose input has the data. */
    static String jsonata(String expression, String json) {
        return shape(Transforms.jsonata(expression), json);
    }

    static String jsonata(String expression) {
        return jsonata(expression, "{}");
    }

    static JsonNode tree(Shaper shaper, Event event) {
        return (JsonNode) shaper.shape(event, SCOPE).data();
    }
}
