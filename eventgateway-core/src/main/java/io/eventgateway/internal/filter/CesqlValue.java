package io.eventgateway.internal.filter;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The values of CESQL and their casts (CESQL 1.0, sections 3.1 and 3.7). A value is a {@code String}, an {@code Integer} or a {@code
 * Boolean}; an attribute of another type is a string.
 */
final class CesqlValue {
    private CesqlValue() {}

    /** The value of what a view has at an attribute's path: a String, or a node of a number or a boolean. */
    static Object of(Object attribute) {
        if (attribute instanceof JsonNode node) {
            if (node.isBoolean()) {
                return node.booleanValue();
            }
            return node.isInt() ? (Object) node.intValue() : node.asString();
        }
        return attribute;
    }

    static String toText(Object value) {
        return value.toString();
    }

    /**
     * A value as an integer of 32 bits.
     *
     * @throws Evaluation.Failed if it is a string that is none
     */
    static int toInteger(Object value) {
        if (value instanceof String text) {
            Integer parsed = parsed(text);
            if (parsed == null) {
                throw new Evaluation.Failed("a string that is no integer of 32 bits can't be cast to an Integer");
            }
            return parsed;
        }
        return value instanceof Boolean bool ? (bool ? 1 : 0) : (Integer) value;
    }

    /** The integer that a text says: an optional sign and ASCII digits; null when it is none of 32 bits. */
    static @Nullable Integer parsed(String text) {
        int begin = text.startsWith("-") || text.startsWith("+") ? 1 : 0;
        if (begin == text.length()) {
            return null;
        }
        long value = 0;
        for (int i = begin; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return null;
            }
            value = value * 10 + (c - '0');
            if (value > Integer.MAX_VALUE + 1L) {
                return null;
            }
        }
        long signed = text.startsWith("-") ? -value : value;
        return signed > Integer.MAX_VALUE ? null : (Integer) (int) signed;
    }

    /**
     * A value as a boolean.
     *
     * @throws Evaluation.Failed if it is a string that is none
     */
    static boolean toBoolean(Object value) {
        if (value instanceof String text) {
            Boolean parsed = parsedBoolean(text);
            if (parsed == null) {
                throw new Evaluation.Failed("a string other than true and false can't be cast to a Boolean");
            }
            return parsed;
        }
        return value instanceof Integer number ? number != 0 : (Boolean) value;
    }

    /** The boolean that a text says, whatever the case of its letters; null when it is none. */
    static @Nullable Boolean parsedBoolean(String text) {
        if (text.length() > "false".length()) {
            return null;
        }
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> null;
        };
    }

    /**
     * A value as one of the type that another value has.
     *
     * @throws Evaluation.Failed if it can't be cast
     */
    static Object cast(Object value, Object like) {
        if (like instanceof String) {
            return toText(value);
        }
        return like instanceof Integer ? (Object) toInteger(value) : toBoolean(value);
    }

    /** The name of a value's type. */
    static String typeOf(Object value) {
        return value.getClass().getSimpleName();
    }
}
