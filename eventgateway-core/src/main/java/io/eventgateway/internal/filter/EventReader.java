package io.eventgateway.internal.filter;

import io.eventgateway.Event;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.BigIntegerNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.DecimalNode;
import tools.jackson.databind.node.IntNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.LongNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * Reads from an event what filters name, and looks each value up on the way.
 *
 * <p>Data that is a tree is looked into. Data that is JSON text is read through once, to its end, since only then it is known to be
 * JSON; a tree is made only of arrays that filters name, and in them only of the members that filters name. Where several indexes
 * ask for one event, it is a tree of the members that any of them names.
 */
final class EventReader {
    /** No number with fewer characters has an exponent that a decimal can't have. */
    private static final int SHORTEST_BEYOND_DECIMALS = 11;

    private EventReader() {}

    /**
     * What any of several indexes names in data that is JSON text, which is so read once for all of them.
     *
     * @param roots of the indexes
     * @return null when each of them can as well look at the event's data itself
     */
    static @Nullable JsonNode readFor(List<PathNode> roots, Event event) {
        JsonParser parser = event.getData() instanceof JsonData json ? json.parser() : null;
        if (parser == null) {
            return null;
        }
        try (parser) {
            PathNode[] nodes = children(roots.toArray(PathNode.NONE), Path.DATA);
            JsonToken token = parser.nextToken();
            if (token != null && nodes.length > 0) {
                JsonNode pruned = pruned(parser, token, nodes);
                return parser.nextToken() == null ? pruned : MissingNode.getInstance();
            }
        } catch (JacksonException | NumberFormatException e) {
            // an event whose data can't be read as JSON has no members of data
        }
        return MissingNode.getInstance();
    }

    /**
     * Reads an event for one index.
     *
     * @param data what {@link #readFor} made of its data; null to look at the event's own
     */
    static void read(Event event, @Nullable JsonNode data, PathNode root, Scratch scratch) {
        int mark = scratch.mark();
        try {
            members(event, data, root, scratch);
        } catch (StackOverflowError e) { // a tree of the application's, deeper than JSON text may be
            scratch.forget(mark);
        }
    }

    private static void members(Event event, @Nullable JsonNode data, PathNode root, Scratch scratch) {
        for (PathNode member : root.children()) {
            if (member.name().equals(Path.DATA)) {
                if (data == null) {
                    data(event, member, scratch);
                } else if (!data.isMissingNode()) {
                    walk(data, member, scratch);
                }
            } else if (member.path().names().size() == 1) {
                Object value = EventValues.attribute(event, member.name());
                if (value == null) {
                    if (scratch.isCountingErrors()) {
                        member.isAbsent();
                    }
                } else {
                    found(member, value, scratch);
                    if (member.isIndexed()) {
                        member.collectCasts(value, scratch);
                    }
                }
            }
        }
    }

    private static void data(Event event, PathNode data, Scratch scratch) {
        if (!(event.getData() instanceof JsonData json)) {
            return;
        }
        JsonParser parser = json.parser();
        if (parser != null) {
            stream(parser, data, scratch);
            return;
        }
        JsonNode tree = json.tree();
        if (tree != null) {
            walk(tree, data, scratch);
            return;
        }
        String text = EventValues.textData(event);
        if (text != null) {
            found(data, text, scratch);
        }
    }

    private static void found(PathNode node, Object value, Scratch scratch) {
        scratch.put(node, value);
        if (node.isIndexed()) {
            node.collect(value, scratch);
        }
    }

    private static void walk(JsonNode value, PathNode node, Scratch scratch) {
        if (!value.isContainer()) {
            found(node, value, scratch);
        } else if (value.isArray()) {
            found(node, value, scratch);
            outermost(value, node, scratch);
        } else {
            found(node, value, scratch);
            PathNode[] children = node.children();
            if (children.length <= value.size()) {
                for (PathNode child : children) {
                    JsonNode below = value.get(child.name());
                    if (below != null) {
                        walk(below, child, scratch);
                    }
                }
            } else {
                for (Map.Entry<String, JsonNode> member : value.properties()) {
                    PathNode child = node.child(member.getKey());
                    if (child != null) {
                        walk(member.getValue(), child, scratch);
                    }
                }
            }
        }
    }

    /** Looks up what is in an array that no array is above. */
    private static void outermost(JsonNode array, PathNode node, Scratch scratch) {
        if (!node.isIndexed() && node.children().length == 0) {
            return;
        }
        int index = 0;
        for (JsonNode element : array) {
            scratch.enter(index);
            lookUp(element, node, scratch);
            index++;
        }
        scratch.leaveArray();
    }

    /** Looks up what is in an array; it is not put anywhere, since a path has many values there. */
    private static void elements(JsonNode array, PathNode node, Scratch scratch) {
        if (!node.isIndexed() && node.children().length == 0) {
            if (hasScalar(array)) {
                scratch.leaf(node);
            }
            return;
        }
        for (JsonNode element : array) {
            lookUp(element, node, scratch);
        }
    }

    private static boolean hasScalar(JsonNode array) {
        for (JsonNode element : array) {
            if (!element.isContainer() || (element.isArray() && hasScalar(element))) {
                return true;
            }
        }
        return false;
    }

    private static void lookUp(JsonNode value, PathNode node, Scratch scratch) {
        if (node.isIndexed()) {
            node.collect(value, scratch);
        }
        if (value.isArray()) {
            elements(value, node, scratch);
        } else if (value.isObject()) {
            for (PathNode child : node.children()) {
                JsonNode below = value.get(child.name());
                if (below != null) {
                    lookUp(below, child, scratch);
                }
            }
        } else {
            scratch.leaf(node);
        }
    }

    private static void stream(JsonParser parser, PathNode data, Scratch scratch) {
        int mark = scratch.mark();
        try (parser) {
            JsonToken token = parser.nextToken();
            if (token != null) {
                value(parser, token, data, scratch);
                if (parser.nextToken() == null) {
                    return;
                }
            }
        } catch (JacksonException | NumberFormatException e) {
            // an event whose data can't be read as JSON has no members of data
        }
        scratch.forget(mark);
    }

    private static void value(JsonParser parser, JsonToken token, PathNode node, Scratch scratch) {
        if (token == JsonToken.START_OBJECT) {
            found(node, Scratch.OBJECT, scratch);
            if (node.children().length == 0) {
                skip(parser, token);
                return;
            }
            for (String name = parser.nextName(); name != null; name = parser.nextName()) {
                PathNode child = node.child(name);
                JsonToken next = parser.nextToken();
                if (child != null) {
                    value(parser, next, child, scratch);
                } else {
                    skip(parser, next);
                }
            }
        } else if (token == JsonToken.START_ARRAY) {
            JsonNode array = pruned(parser, token, node);
            found(node, array, scratch);
            outermost(array, node, scratch);
        } else {
            found(node, token == JsonToken.VALUE_STRING ? parser.getString() : scalar(parser, token), scratch);
        }
    }

    private static PathNode[] children(PathNode[] nodes, String name) {
        PathNode[] below = PathNode.NONE;
        for (PathNode node : nodes) {
            PathNode child = node.child(name);
            if (child != null) {
                below = Arrays.copyOf(below, below.length + 1);
                below[below.length - 1] = child;
            }
        }
        return below;
    }

    /** Reads as {@link #pruned(JsonParser, JsonToken, PathNode)} does, for the filters of several indexes. */
    private static JsonNode pruned(JsonParser parser, JsonToken token, PathNode[] nodes) {
        if (nodes.length == 1) {
            return pruned(parser, token, nodes[0]);
        }
        if (token == JsonToken.START_ARRAY) {
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            for (JsonToken next = parser.nextToken(); next != JsonToken.END_ARRAY; next = parser.nextToken()) {
                array.add(pruned(parser, next, nodes));
            }
            return array;
        }
        if (token != JsonToken.START_OBJECT) {
            return pruned(parser, token, nodes[0]);
        }
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            PathNode[] below = children(nodes, name);
            JsonToken next = parser.nextToken();
            if (below.length > 0) {
                object.set(name, pruned(parser, next, below));
            } else {
                skip(parser, next);
            }
        }
        return object;
    }

    /** A tree of the value with those members alone that filters name. */
    private static JsonNode pruned(JsonParser parser, JsonToken token, PathNode node) {
        if (token == JsonToken.START_ARRAY) {
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            for (JsonToken next = parser.nextToken(); next != JsonToken.END_ARRAY; next = parser.nextToken()) {
                array.add(pruned(parser, next, node));
            }
            return array;
        }
        if (token == JsonToken.START_OBJECT) {
            if (node.children().length == 0) {
                skip(parser, token);
                return Scratch.OBJECT;
            }
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            for (String name = parser.nextName(); name != null; name = parser.nextName()) {
                PathNode child = node.child(name);
                JsonToken next = parser.nextToken();
                if (child != null) {
                    object.set(name, pruned(parser, next, child));
                } else {
                    skip(parser, next);
                }
            }
            return object;
        }
        return token == JsonToken.VALUE_STRING ? StringNode.valueOf(parser.getString()) : scalar(parser, token);
    }

    /**
     * Skips a value that no filter names. It has to be readable all the same: whether data is JSON may not depend on which filters there
     * are, nor on whether it is read as a tree.
     */
    private static void skip(JsonParser parser, JsonToken first) {
        int open = 0;
        for (JsonToken token = first; ; token = parser.nextToken()) {
            if (token.isStructStart()) {
                open++;
            } else if (token.isStructEnd()) {
                open--;
            } else if (token == JsonToken.VALUE_NUMBER_FLOAT && parser.getStringLength() >= SHORTEST_BEYOND_DECIMALS) {
                requireDecimal(parser);
            }
            if (open == 0) {
                return;
            }
        }
    }

    private static void requireDecimal(JsonParser parser) {
        char[] text = parser.getStringCharacters();
        int end = parser.getStringOffset() + parser.getStringLength();
        for (int i = parser.getStringOffset(); i < end; i++) {
            if (text[i] == 'e' || text[i] == 'E') {
                parser.getDecimalValue();
                return;
            }
        }
    }

    private static JsonNode scalar(JsonParser parser, @Nullable JsonToken token) {
        if (token == JsonToken.VALUE_NUMBER_INT) {
            return switch (parser.getNumberType()) {
                case INT -> IntNode.valueOf(parser.getIntValue());
                case LONG -> LongNode.valueOf(parser.getLongValue());
                default -> BigIntegerNode.valueOf(parser.getBigIntegerValue());
            };
        }
        if (token == JsonToken.VALUE_NUMBER_FLOAT) {
            return DecimalNode.valueOf(parser.getDecimalValue());
        }
        return token == JsonToken.VALUE_NULL
                ? NullNode.getInstance()
                : BooleanNode.valueOf(token == JsonToken.VALUE_TRUE);
    }
}
