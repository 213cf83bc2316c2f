package io.eventgateway.conformance;

import io.eventgateway.Event;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A case of a suite: a filter or transform, an event, and what should come of them.
 *
 * @param suite the suite that it is from
 * @param source where it is from, as the suite says
 * @param occurrence its number among the cases of that source, from 1
 * @param language the suite's word for the language
 * @param written the filter or transform
 * @param event the event, null when the case is about what is written alone
 * @param expected what should come of it, null when the suite only says that it has to be accepted
 * @param anyOrder whether the order of arrays in the result does not matter
 * @param isSlow whether the suite gives it more time than a transform has
 */
record Case(
        Suite suite,
        String source,
        int occurrence,
        String language,
        String written,
        @Nullable Event event,
        @Nullable String expected,
        boolean anyOrder,
        boolean isSlow) {
    /** The time that a transform has, in milliseconds. */
    private static final int TRANSFORM_MILLIS = 1_000;

    /** Where EventBridge's documentation accepts a template and does not show what it makes. */
    private static final Set<String> NOTES =
            Set.of("accepted-with-aws-names", "accepted-wildcard-member", "accepted-slash", "multi-line");

    static Case of(Suite suite, int occurrence, JsonNode line) {
        return new Case(
                suite,
                line.get("source").stringValue(),
                occurrence,
                line.get("language").stringValue(),
                line.get("filter").stringValue(),
                event(line),
                expected(line),
                line.path("unordered").booleanValue(false),
                line.path("timelimit").intValue(0) > TRANSFORM_MILLIS);
    }

    private static @Nullable String expected(JsonNode line) {
        JsonNode expected = line.get("expected");
        JsonNode result = line.get("result");
        if (expected.isNull() || NOTES.contains(expected.stringValue())) {
            return null;
        }
        return result == null ? expected.stringValue() : result.stringValue();
    }

    private static @Nullable Event event(JsonNode line) {
        if (!line.has("attributes") && !line.has("data")) {
            return null;
        }
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("type", "t").put("id", "1").put("source", "/s");
        line.path("attributes").properties().forEach(attribute -> json.set(attribute.getKey(), attribute.getValue()));
        Event event = Event.fromJson(json);
        JsonNode data = line.path("data");
        return data.isString()
                ? event.toBuilder()
                        .data("application/json", data.stringValue().getBytes(StandardCharsets.UTF_8))
                        .build()
                : event;
    }

    @Override
    public String toString() {
        return suite.fileName() + ": " + source + (occurrence == 1 ? "" : " (" + occurrence + ")") + ": " + written;
    }
}
