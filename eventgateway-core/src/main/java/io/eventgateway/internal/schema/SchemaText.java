package io.eventgateway.internal.schema;

import io.eventgateway.internal.schema.Values.Kind;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tools.jackson.databind.node.StringNode;

/** What a schema says, for people. */
final class SchemaText {
    private static final int MOST_SHOWN = 8;

    private SchemaText() {}

    static String quoted(String text) {
        return StringNode.valueOf(text).toString();
    }

    static String word(Kind kind) {
        return switch (kind) {
            case TRUE -> "true";
            case FALSE -> "false";
            default -> "null";
        };
    }

    static String typeOf(Kind kind) {
        return switch (kind) {
            case TRUE, FALSE -> "boolean";
            default -> kind.name().toLowerCase(java.util.Locale.ROOT);
        };
    }

    static String describe(Values values) {
        List<String> parts = new ArrayList<>();
        if (values.may(Kind.STRING)) {
            parts.add(strings(values));
        }
        if (values.may(Kind.NUMBER)) {
            parts.add(numbers(values));
        }
        if (values.may(Kind.TRUE) && values.may(Kind.FALSE)) {
            parts.add("true or false");
        } else if (values.may(Kind.TRUE) || values.may(Kind.FALSE)) {
            parts.add(values.may(Kind.TRUE) ? "true" : "false");
        }
        for (Kind kind : List.of(Kind.ARRAY, Kind.OBJECT, Kind.NULL)) {
            if (values.may(kind)) {
                parts.add(kind == Kind.NULL ? "null" : "an " + typeOf(kind));
            }
        }
        return parts.isEmpty() ? "nothing" : String.join(", or ", parts);
    }

    private static String strings(Values values) {
        Set<String> texts = values.texts();
        if (texts != null) {
            return (texts.size() == 1 ? "" : "one of ")
                    + shown(new TreeSet<>(texts).stream().map(SchemaText::quoted).toList());
        }
        String text = "a string";
        if (values.minLength() > 0 && values.minLength() == values.maxLength()) {
            text += " of " + values.minLength() + " characters";
        } else if (values.maxLength() < Integer.MAX_VALUE) {
            text += " of at most " + values.maxLength() + " characters";
        } else if (values.minLength() > 0) {
            text += " of at least " + values.minLength() + " characters";
        }
        return values.forms().isEmpty()
                ? text
                : text + " of the form "
                        + values.forms().stream().map(TextForm::toString).collect(Collectors.joining(" and "));
    }

    private static String numbers(Values values) {
        Set<BigDecimal> numbers = values.numbers();
        if (numbers != null) {
            return (numbers.size() == 1 ? "" : "one of ")
                    + shown(new TreeSet<>(numbers).stream().map(BigDecimal::toString).toList());
        }
        String bounds = values.range().toString();
        return (values.isWhole() ? "an integer" : "a number") + (bounds.isEmpty() ? "" : " of " + bounds);
    }

    private static String shown(List<String> all) {
        return all.size() <= MOST_SHOWN
                ? String.join(", ", all)
                : String.join(", ", all.subList(0, MOST_SHOWN)) + " and " + (all.size() - MOST_SHOWN) + " more";
    }
}
