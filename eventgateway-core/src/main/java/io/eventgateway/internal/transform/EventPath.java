package io.eventgateway.internal.transform;

import io.eventgateway.Event;
import io.eventgateway.internal.filter.EventValues;
import io.eventgateway.internal.http.MediaTypes;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.StringNode;

/**
 * A path into an event's structured JSON form, in the part of JSONPath (RFC 9535) that EventBridge takes: {@code $}, members by
 * {@code .name} or {@code ['name']}, elements by {@code [0]}, and {@code .*} or {@code [*]} for all members or elements.
 */
final class EventPath {
    private static final String DATA = "data";

    sealed interface Step {
        record Member(String name) implements Step {}

        record Element(int index) implements Step {}

        record Every() implements Step {}
    }

    private final String text;
    private final List<Step> steps;
    private final boolean findsMany;

    EventPath(String text, List<Step> steps) {
        this.text = text;
        this.steps = List.copyOf(steps);
        this.findsMany = steps.contains(new Step.Every());
    }

    /**
     * A path.
     *
     * @param language of the transform that it is in
     * @param place where that has it, for a refusal; null when the path is all of it
     */
    static EventPath parse(String language, @Nullable String place, String text) {
        return new PathParser(language, place, text).path();
    }

    List<Step> steps() {
        return steps;
    }

    /**
     * What is there: a String or a JSON node; null when nothing is. With {@code *}, an array of all that is found, in their order
     * and without what misses a later step; null when there is neither an object nor an array for the first {@code *}.
     */
    @Nullable Object find(Event event) {
        if (steps.isEmpty()) {
            return event.toJson();
        }
        if (!(steps.get(0) instanceof Step.Member first)) {
            return find(event.toJson(), 0);
        }
        Object value = first.name().equals(DATA) ? data(event) : EventValues.attribute(event, first.name());
        if (steps.size() == 1) {
            return value;
        }
        return value instanceof JsonNode node ? find(node, 1) : null;
    }

    private static @Nullable Object data(Event event) {
        if (event.getData() == null) {
            return null;
        }
        String contentType = event.getDataContentType();
        if (contentType != null && !MediaTypes.isJson(contentType)) {
            return EventValues.textData(event);
        }
        JsonNode data = event.dataAsJson();
        return data.isMissingNode() ? null : data;
    }

    private @Nullable JsonNode find(JsonNode from, int begin) {
        if (findsMany) {
            ArrayNode found = JsonNodeFactory.instance.arrayNode();
            return collect(from, begin, found) ? found : null;
        }
        JsonNode node = from;
        for (int i = begin; i < steps.size() && node != null; i++) {
            node = child(node, steps.get(i));
        }
        return node;
    }

    private static @Nullable JsonNode child(JsonNode node, Step step) {
        if (step instanceof Step.Member member) {
            return node.isObject() ? node.get(member.name()) : null;
        }
        return step instanceof Step.Element element && node.isArray() ? node.get(element.index()) : null;
    }

    /** Adds what is found from a node on; whether there was something for the next {@code *}, if there is one. */
    private boolean collect(JsonNode from, int begin, ArrayNode found) {
        JsonNode node = from;
        for (int i = begin; i < steps.size(); i++) {
            if (steps.get(i) instanceof Step.Every) {
                if (!node.isContainer()) {
                    return false;
                }
                for (JsonNode child : node) {
                    collect(child, i + 1, found);
                }
                return true;
            }
            node = child(node, steps.get(i));
            if (node == null) {
                return false;
            }
        }
        found.add(node);
        return true;
    }

    /** Finds a value as {@link #find} does, with text as a JSON string. */
    @Nullable JsonNode findNode(Event event) {
        Object found = find(event);
        return found instanceof String string ? StringNode.valueOf(string) : (JsonNode) found;
    }

    @Override
    public String toString() {
        return text;
    }
}
