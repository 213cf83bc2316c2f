package io.eventgateway.internal.transform;

import io.eventgateway.Event;
import io.eventgateway.InvalidTransformException;
import io.eventgateway.http.MediaTypes;
import io.eventgateway.internal.filter.EventValues;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.StringNode;

/**
 * A path into an event's structured JSON form, in the part of JSONPath (RFC 9535) that EventBridge takes: {@code $}, members by
 * {@code .name} or {@code ['name']}, elements by {@code [0]}, and {@code [*]} for all elements.
 */
final class EventPath {
    private static final int MAX_TEXT = 1_024;
    private static final String DATA = "data";

    private sealed interface Step {
        record Member(String name) implements Step {}

        record Element(int index) implements Step {}

        record Every() implements Step {}
    }

    private final String text;
    private final List<Step> steps;

    private EventPath(String text, List<Step> steps) {
        this.text = text;
        this.steps = List.copyOf(steps);
    }

    /**
     * A path.
     *
     * @param language of the transform that it is in
     * @param place where that has it, for a refusal; null when the path is all of it
     */
    static EventPath parse(String language, @Nullable String place, String text) {
        return new Parser(language, place, text).path();
    }

    private static final class Parser {
        private final String language;
        private final @Nullable String place;
        private final String text;
        private int at;

        Parser(String language, @Nullable String place, String text) {
            this.language = language;
            this.place = place;
            this.text = text;
        }

        EventPath path() {
            if (text.length() > MAX_TEXT) {
                throw refused("found " + text.length() + " characters; accepted are at most " + MAX_TEXT);
            }
            if (!text.startsWith("$")) {
                throw refused("found '" + text + "'; accepted is a path that begins with '$', such as $.data.user.id");
            }
            at = 1;
            List<Step> steps = new ArrayList<>();
            while (at < text.length()) {
                steps.add(text.charAt(at) == '.' ? member() : bracket());
            }
            return new EventPath(text, steps);
        }

        private Step member() {
            int start = ++at;
            while (at < text.length()
                    && (Character.isLetterOrDigit(text.charAt(at)) || "_-".indexOf(text.charAt(at)) >= 0)) {
                at++;
            }
            if (at == start) {
                throw unexpected("a name of letters, digits, '_' and '-' after '.'; others go in ['...']");
            }
            return new Step.Member(text.substring(start, at));
        }

        private Step bracket() {
            if (text.charAt(at) != '[') {
                throw unexpected("'.name', ['name'], [0] or [*]");
            }
            int end = text.indexOf(']', ++at);
            if (at < text.length() && (text.charAt(at) == '\'' || text.charAt(at) == '"')) {
                int close = text.indexOf(text.charAt(at) + "]", at + 1);
                if (close < 0) {
                    throw unexpected("a name in quotes and ']'");
                }
                String name = text.substring(at + 1, close);
                at = close + 2;
                return new Step.Member(name);
            }
            String inside = end < 0 ? "" : text.substring(at, end);
            if (inside.equals("*")) {
                at = end + 1;
                return new Step.Every();
            }
            if (!inside.matches("\\d{1,9}")) {
                throw unexpected("a name in quotes, an index or '*', and ']'");
            }
            at = end + 1;
            return new Step.Element(Integer.parseInt(inside));
        }

        private InvalidTransformException unexpected(String accepted) {
            return refused("found " + (at < text.length() ? "'" + text.charAt(at) + "'" : "the end") + " in '" + text
                    + "'; accepted is " + accepted);
        }

        private InvalidTransformException refused(String problem) {
            String column = "line 1, column " + (at + 1);
            return new InvalidTransformException(language, place == null ? column : place, problem, null);
        }
    }

    /** What is there: a String or a JSON node; null when nothing is. With {@code [*]}, an array of all that is found. */
    @Nullable Object find(Event event) {
        if (steps.isEmpty()) {
            return event.toJson();
        }
        if (!(steps.get(0) instanceof Step.Member first)) {
            return null;
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
        return contentType == null || MediaTypes.isJson(contentType) ? event.dataAsJson() : EventValues.textData(event);
    }

    private @Nullable JsonNode find(JsonNode from, int begin) {
        JsonNode node = from;
        for (int i = begin; i < steps.size(); i++) {
            Step step = steps.get(i);
            if (step instanceof Step.Every) {
                return every(node, i + 1);
            }
            JsonNode next = step instanceof Step.Member member
                    ? node.isObject() ? node.get(member.name()) : null
                    : node.isArray() ? node.get(((Step.Element) step).index()) : null;
            if (next == null) {
                return null;
            }
            node = next;
        }
        return node;
    }

    private @Nullable JsonNode every(JsonNode array, int next) {
        if (!array.isArray()) {
            return null;
        }
        ArrayNode found = JsonNodeFactory.instance.arrayNode();
        for (JsonNode element : array) {
            JsonNode value = find(element, next);
            if (value != null) {
                found.add(value);
            }
        }
        return found;
    }

    /** As {@link #find}, with text as a JSON string. */
    @Nullable JsonNode findNode(Event event) {
        Object found = find(event);
        return found instanceof String string ? StringNode.valueOf(string) : (JsonNode) found;
    }

    @Override
    public String toString() {
        return text;
    }
}
