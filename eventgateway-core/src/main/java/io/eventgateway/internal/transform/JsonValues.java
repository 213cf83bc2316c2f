package io.eventgateway.internal.transform;

import com.dashjoin.jsonata.Jsonata;
import com.dashjoin.jsonata.Utils;
import io.eventgateway.internal.transform.Shaper.Failed;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.DoubleNode;
import tools.jackson.databind.node.IntNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.LongNode;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/** JSON as the JSONata library has it, which is maps, lists and Java's own values, from and to trees. */
final class JsonValues {
    private JsonValues() {}

    /** An object of the input, which knows its size. */
    private static final class InputObject extends LinkedHashMap<String, Object> implements ValueSize.Known {
        private static final long serialVersionUID = 1L;
        private long size;
        private int nesting;

        @Override
        public long knownSize() {
            return size;
        }

        @Override
        public int nesting() {
            return nesting;
        }
    }

    /** An array of the input, which knows its size. */
    private static final class InputArray extends ArrayList<Object> implements ValueSize.Known {
        private static final long serialVersionUID = 1L;
        private long size;
        private int nesting;

        InputArray(int capacity) {
            super(capacity);
        }

        @Override
        public long knownSize() {
            return size;
        }

        @Override
        public int nesting() {
            return nesting;
        }
    }

    /**
     * A value as input of an expression. Whole numbers of up to 64 bits stay what they are, other numbers are doubles.
     *
     * @throws Failed if a bound is exceeded, or a number is none that JSONata can have
     */
    static Object input(JsonNode root) {
        return input(root, root, 1);
    }

    private static Object input(JsonNode node, JsonNode root, int level) {
        if (node.isObject()) {
            InputObject object = new InputObject();
            checkLevel(level);
            object.nesting = 1;
            object.size = 1L + node.size();
            for (Map.Entry<String, JsonNode> member : node.properties()) {
                Object value = input(member.getValue(), root, level + 1);
                object.put(member.getKey(), value);
                object.size += member.getKey().length() + size(value);
                object.nesting = Math.max(object.nesting, 1 + nesting(value));
            }
            return object;
        }
        if (node.isArray()) {
            if (node.size() > ValueSize.MAX_ELEMENTS) {
                throw new Failed("the event has an array of more than " + ValueSize.MAX_ELEMENTS
                        + " elements, which is too long for an expression");
            }
            checkLevel(level);
            InputArray array = new InputArray(node.size());
            array.nesting = 1;
            array.size = 1L + node.size();
            for (JsonNode element : node) {
                Object value = input(element, root, level + 1);
                array.add(value);
                array.size += size(value);
                array.nesting = Math.max(array.nesting, 1 + nesting(value));
            }
            return array;
        }
        return scalar(node, root);
    }

    private static void checkLevel(int level) {
        if (level > ValueSize.MAX_NESTING) {
            throw new Failed("the event is nested more than " + ValueSize.MAX_NESTING
                    + " levels deep, which is too deep for an expression");
        }
    }

    private static long size(Object value) {
        return value instanceof ValueSize.Known known ? known.knownSize() : ValueSize.ofScalar(value);
    }

    private static int nesting(Object value) {
        return value instanceof ValueSize.Known known ? known.nesting() : 0;
    }

    private static Object scalar(JsonNode node, JsonNode root) {
        if (node.isNumber()) {
            return number(node, root);
        }
        if (node.isBoolean()) {
            return node.booleanValue();
        }
        return node.isNull() || node.isMissingNode() ? Jsonata.NULL_VALUE : node.asString();
    }

    private static Number number(JsonNode node, JsonNode root) {
        if (node.isIntegralNumber() && node.canConvertToLong()) {
            return Utils.convertNumber(node.longValue());
        }
        Number number = node.isFloat() ? Double.valueOf(node.asString()) : node.numberValue();
        double value = number instanceof BigDecimal decimal ? decimal.doubleValue() : number.doubleValue();
        if (!Double.isFinite(value)) {
            throw new Failed("the event has a number at " + place(root, node)
                    + " that is beyond those that JSONata can have, which are finite doubles");
        }
        // the library would make the largest integer of 64 bits of a larger double
        return Math.abs(value) < 0x1p63 ? Utils.convertNumber(value) : (Number) value;
    }

    private static String place(JsonNode root, JsonNode node) {
        String found = search(root, node);
        return found == null ? "some place" : "'$" + found + "'";
    }

    @SuppressWarnings("ReferenceEquality") // this very node, not an equal one
    private static @Nullable String search(JsonNode from, JsonNode node) {
        if (from == node) {
            return "";
        }
        for (Map.Entry<String, JsonNode> member : from.properties()) {
            String found = search(member.getValue(), node);
            if (found != null) {
                return "." + member.getKey() + found;
            }
        }
        for (int i = 0; from.isArray() && i < from.size(); i++) {
            String found = search(from.get(i), node);
            if (found != null) {
                return "[" + i + "]" + found;
            }
        }
        return null;
    }

    /**
     * The result of an expression, whose size and nesting are within the bounds.
     *
     * @throws Failed if there is something in it that is no JSON
     */
    static JsonNode output(Object result) {
        return output(result, result);
    }

    private static JsonNode output(@Nullable Object value, Object root) {
        if (value instanceof String text) {
            return StringNode.valueOf(text);
        }
        if (value instanceof Map<?, ?> map) {
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            map.forEach((name, member) -> object.set(String.valueOf(name), output(member, root)));
            return object;
        }
        if (value instanceof List<?> list) {
            ArrayNode array = JsonNodeFactory.instance.arrayNode(list.size());
            list.forEach(element -> array.add(output(element, root)));
            return array;
        }
        if (value instanceof Boolean bool) {
            return BooleanNode.valueOf(bool);
        }
        if (value instanceof Number number) {
            return number(number, root);
        }
        if (value == null || value == Jsonata.NULL_VALUE) {
            return NullNode.getInstance();
        }
        throw new Failed("the expression gives a function" + at(root, value) + "; accepted is JSON");
    }

    private static JsonNode number(Number number, Object root) {
        if (number instanceof Integer) {
            return IntNode.valueOf(number.intValue());
        }
        if (number instanceof Long) {
            return LongNode.valueOf(number.longValue());
        }
        if (!Double.isFinite(number.doubleValue())) {
            throw new Failed(
                    "the expression gives a number" + at(root, number) + " that is not finite; accepted is JSON");
        }
        return DoubleNode.valueOf(number.doubleValue());
    }

    private static String at(Object root, Object value) {
        String found = search(root, value);
        return found == null || found.isEmpty() ? "" : " at '$" + found + "'";
    }

    private static @Nullable String search(@Nullable Object from, Object value) {
        if (from == value) {
            return "";
        }
        if (from instanceof Map<?, ?> map) {
            for (Map.Entry<?, ?> member : map.entrySet()) {
                String found = search(member.getValue(), value);
                if (found != null) {
                    return "." + member.getKey() + found;
                }
            }
        } else if (from instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                String found = search(list.get(i), value);
                if (found != null) {
                    return "[" + i + "]" + found;
                }
            }
        }
        return null;
    }
}
