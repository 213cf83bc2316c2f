package io.eventgateway.internal.transform;

import io.eventgateway.Event;
import io.eventgateway.internal.filter.EventValues;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** What a placeholder of a template stands for. Its {@code toString} names it. */
@FunctionalInterface
interface Value {
    /** The names that the gateway gives, in the way of EventBridge's {@code aws.events} variables, begin with one of these. */
    Set<String> RESERVED = Set.of("gateway.", "aws.");

    /** The value in an event: a String or a JSON node; null when it is missing. */
    @Nullable Object of(Event event, Shaper.Scope scope);

    /** What every template may use. A subscription is here what a rule is there. */
    static Map<String, Value> predefined() {
        Map<String, Value> values = new LinkedHashMap<>();
        put(
                values,
                (event, scope) -> scope.subscriptionId(),
                "gateway.subscription-id",
                "aws.events.rule-name",
                "aws.events.rule-arn");
        put(values, (event, scope) -> scope.functionId(), "gateway.function-id");
        put(values, (event, scope) -> scope.space(), "gateway.space");
        put(values, (event, scope) -> withoutData(event), "gateway.event", "aws.events.event");
        put(values, (event, scope) -> event.toJson(), "gateway.event.json", "aws.events.event.json");
        put(
                values,
                (event, scope) -> EventValues.attribute(event, "time"),
                "gateway.event.time",
                "aws.events.event.ingestion-time");
        return values;
    }

    private static void put(
            Map<String, Value> values, BiFunction<Event, Shaper.Scope, @Nullable Object> value, String... names) {
        for (String name : names) {
            values.put(name, new Predefined(name, value));
        }
    }

    private static ObjectNode withoutData(Event event) {
        ObjectNode json = (ObjectNode) event.toJson();
        json.remove("data");
        json.remove("data_base64");
        return json;
    }

    /** What the gateway gives. */
    record Predefined(String name, BiFunction<Event, Shaper.Scope, @Nullable Object> value) implements Value {
        @Override
        public @Nullable Object of(Event event, Shaper.Scope scope) {
            return value.apply(event, scope);
        }

        @Override
        public String toString() {
            return name;
        }
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
