package io.eventgateway.internal.transform;

import io.eventgateway.Event;
import io.eventgateway.internal.filter.EventValues;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** What a placeholder of a template stands for. Its {@code toString} names it. */
@FunctionalInterface
interface Value {
    /** The names that the gateway gives, in the way of EventBridge's {@code aws.events} variables, begin with this. */
    String RESERVED = "gateway.";

    /** The value in an event: a String or a JSON node; null when it is missing. */
    @Nullable Object of(Event event, Shaper.Scope scope);

    /** What every template may use. */
    static Map<String, Value> predefined() {
        Map<String, Value> values = new LinkedHashMap<>();
        values.put(RESERVED + "subscription-id", (event, scope) -> scope.subscriptionId());
        values.put(RESERVED + "function-id", (event, scope) -> scope.functionId());
        values.put(RESERVED + "space", (event, scope) -> scope.space());
        values.put(RESERVED + "event", (event, scope) -> withoutData(event));
        values.put(RESERVED + "event.json", (event, scope) -> event.toJson());
        values.put(RESERVED + "event.time", (event, scope) -> EventValues.attribute(event, "time"));
        return values;
    }

    private static ObjectNode withoutData(Event event) {
        ObjectNode json = (ObjectNode) event.toJson();
        json.remove("data");
        json.remove("data_base64");
        return json;
    }

    /** What a path finds. */
    record AtPath(EventPath path) implements Value {
        @Override
        public @Nullable Object of(Event event, Shaper.Scope scope) {
            return path.find(event);
        }

        @Override
        public String toString() {
            return path.toString();
        }
    }
}
