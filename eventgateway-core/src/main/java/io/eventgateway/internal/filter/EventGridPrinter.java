package io.eventgateway.internal.filter;

import io.eventgateway.Filter.Language;
import io.eventgateway.error.FilterConversionException;
import io.eventgateway.internal.filter.CastTest.OnText;
import io.eventgateway.internal.filter.Formula.All;
import io.eventgateway.internal.filter.Formula.Any;
import io.eventgateway.internal.filter.Formula.Atom;
import io.eventgateway.internal.filter.Formula.Other;
import io.eventgateway.internal.filter.ValueTest.Bool;
import io.eventgateway.internal.filter.ValueTest.Contains;
import io.eventgateway.internal.filter.ValueTest.IgnoringCase;
import io.eventgateway.internal.filter.ValueTest.Like;
import io.eventgateway.internal.filter.ValueTest.Prefix;
import io.eventgateway.internal.filter.ValueTest.Range;
import io.eventgateway.internal.filter.ValueTest.Suffix;
import io.eventgateway.internal.filter.ValueTest.Texts;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * Writes a formula as an Event Grid filter: a conjunction of advanced filters, each of which compares one key with values by one
 * operator. Event types become {@code includedEventTypes}, and where it matters that the case of a subject's letters counts, its
 * beginning and end become {@code subjectBeginsWith} and {@code subjectEndsWith}.
 */
final class EventGridPrinter {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    /** Event Grid's names for CloudEvents attributes ("Understand event filtering", section "Key"). */
    private static final Map<String, String> KEYS = Map.of(
            "id",
            "EventId",
            "source",
            "Source",
            "type",
            "EventType",
            "subject",
            "Subject",
            "dataschema",
            "EventTypeVersion");
    /** Names of extensions that Event Grid takes for other attributes. */
    private static final Set<String> TAKEN =
            Set.of("eventid", "topic", "eventtype", "eventtime", "dataversion", "eventtypeversion");

    private final ObjectNode filter = NODES.objectNode();
    private final ArrayNode advanced = NODES.arrayNode();

    private EventGridPrinter() {}

    static JsonNode print(Formula formula) {
        EventGridPrinter printer = new EventGridPrinter();
        if (formula.equals(Formula.FALSE)) {
            printer.add("IsNullOrUndefined", "EventType", "", null); // every event has a type
        } else {
            (formula instanceof All all ? all.formulas() : List.of(formula)).forEach(printer::conjunct);
        }
        if (!printer.advanced.isEmpty()) {
            printer.filter.set("advancedFilters", printer.advanced);
        } else if (printer.filter.isEmpty()) {
            printer.filter.putArray("includedEventTypes").add("All");
        }
        return printer.filter;
    }

    private void conjunct(Formula formula) {
        if (formula instanceof Other other) {
            throw Conversion.refused(other, Language.EVENT_GRID);
        }
        if (formula instanceof Any any) {
            throw new FilterConversionException(
                    Language.EVENT_GRID,
                    path(any),
                    "it has no OR but between the values of one operator and key",
                    null);
        }
        Atom atom = (Atom) formula;
        if (atom.tests().isEmpty()) {
            add(atom.negated() ? "IsNotNull" : "IsNullOrUndefined", key(atom), "", null);
        } else if (atom.negated()) {
            noneOf(atom);
        } else if (!includedTypes(atom) && !ofSubject(atom)) {
            oneOf(atom);
        }
    }

    private static String path(Formula formula) {
        if (formula instanceof Atom atom) {
            return atom.attribute();
        }
        List<Formula> below =
                formula instanceof All all ? all.formulas() : formula instanceof Any any ? any.formulas() : List.of();
        return below.isEmpty() ? "" : path(below.get(0));
    }

    private static String key(Atom atom) {
        if (TAKEN.contains(atom.attribute())) {
            throw refused(atom, "its name is that of another attribute");
        }
        return KEYS.getOrDefault(atom.attribute(), atom.attribute());
    }

    private static FilterConversionException refused(Atom atom, String reason) {
        return new FilterConversionException(Language.EVENT_GRID, atom.attribute(), reason, null);
    }

    private boolean includedTypes(Atom atom) {
        if (!atom.attribute().equals("type") || filter.has("includedEventTypes")) {
            return false;
        }
        ArrayNode types = NODES.arrayNode();
        for (ValueTest test : atom.tests()) {
            Operand operand = operand(test);
            if (operand == null || !operand.operator.equals("StringIn") || operand.isOfAllTypes()) {
                return false;
            }
            types.add(operand.value);
        }
        filter.set("includedEventTypes", types);
        return true;
    }

    /** What counts the case of letters, which the advanced filters don't. */
    private boolean ofSubject(Atom atom) {
        ValueTest test = atom.tests().get(0);
        if (!atom.attribute().equals("subject")
                || atom.orAbsent()
                || atom.tests().size() > 1
                || operand(test) != null) {
            return false;
        }
        String member = test instanceof Prefix ? "subjectBeginsWith" : test instanceof Suffix ? "subjectEndsWith" : "";
        if (member.isEmpty() || filter.has(member)) {
            return false;
        }
        filter.put(member, test instanceof Prefix prefix ? prefix.text() : ((Suffix) test).text());
        filter.put("isSubjectCaseSensitive", true);
        return true;
    }

    /** An operator and its value; {@code negation} is the operator of the contrary, null where there is none. */
    private record Operand(String operator, @Nullable String negation, JsonNode value) {
        /** Returns whether as an event type it stands for all of them. */
        boolean isOfAllTypes() {
            return value.isString()
                    && (value.stringValue().equalsIgnoreCase("All")
                            || value.stringValue().isEmpty());
        }
    }

    /** The operator for a test; null where there is none that decides as it does. */
    private static @Nullable Operand operand(ValueTest test) {
        if (test instanceof Texts texts) {
            return ofText("String", "In", texts.texts().iterator().next(), false);
        }
        if (test instanceof IgnoringCase text) {
            return ofText("String", "In", text.text(), true);
        }
        if (test instanceof Prefix prefix) {
            return ofText("String", "BeginsWith", prefix.text(), prefix.ignoreCase());
        }
        if (test instanceof Suffix suffix) {
            return ofText("String", "EndsWith", suffix.text(), suffix.ignoreCase());
        }
        if (test instanceof Contains contains) {
            return ofText("String", "Contains", contains.text().text(), true);
        }
        if (test instanceof Like like) {
            List<String> texts = like.form().texts();
            boolean contains =
                    texts.size() == 3 && texts.get(0).isEmpty() && texts.get(2).isEmpty();
            return contains && CaseClasses.isAscii(texts.get(1))
                    ? ofText("String", "Contains", texts.get(1), false)
                    : null;
        }
        if (test instanceof Bool bool) {
            return new Operand("BoolEquals", null, BooleanNode.valueOf(bool.wanted()));
        }
        return test instanceof Range range ? ofRange(range) : null;
    }

    private static @Nullable Operand ofText(String type, String operator, String text, boolean ignoreCase) {
        return ignoreCase || CaseClasses.isCaseless(text)
                ? new Operand(type + operator, type + "Not" + operator, StringNode.valueOf(text))
                : null;
    }

    private static @Nullable Operand ofRange(Range range) {
        if (range.isOneNumber()) {
            return new Operand("NumberIn", null, number(range.low()));
        }
        if (range.low() == null || range.high() == null) {
            String operator = range.low() == null ? "NumberLessThan" : "NumberGreaterThan";
            boolean included = range.low() == null ? range.highIncluded() : range.lowIncluded();
            return new Operand(
                    included ? operator + "OrEquals" : operator,
                    null,
                    number(range.low() == null ? range.high() : range.low()));
        }
        return range.lowIncluded() && range.highIncluded()
                ? new Operand(
                        "NumberInRange",
                        null,
                        NODES.arrayNode().add(number(range.low())).add(number(range.high())))
                : null;
    }

    private static JsonNode number(@Nullable Num number) {
        return NODES.numberNode(new BigDecimal(String.valueOf(number)));
    }

    private void oneOf(Atom atom) {
        if (atom.orAbsent()) {
            throw refused(atom, "it has no operator for " + atom.tests().get(0) + " or nothing");
        }
        ValueTest first = atom.tests().get(0);
        if (atom.tests().size() == 1 && first instanceof Range range && operand(range) == null) {
            oneOf(new Atom(
                    atom.attribute(), false, List.of(new Range(range.low(), range.lowIncluded(), null, false)), false));
            oneOf(new Atom(
                    atom.attribute(),
                    false,
                    List.of(new Range(null, false, range.high(), range.highIncluded())),
                    false));
            return;
        }
        Map<String, ArrayNode> operators = operators(atom, false);
        if (operators.size() > 1) {
            throw refused(atom, "it has no OR of " + String.join(" and ", operators.keySet()));
        }
        operators.forEach((operator, values) -> add(atom, operator, values));
    }

    /** Without the attribute, StringNotIn matches, and the other contraries don't. */
    private void noneOf(Atom atom) {
        Map<String, ArrayNode> operators = operators(atom, true);
        boolean needsAttribute = false;
        for (Map.Entry<String, ArrayNode> each : operators.entrySet()) {
            boolean needs = !each.getKey().equals("StringNotIn");
            if (needs && !Formula.REQUIRED.contains(atom.attribute()) && atom.orAbsent()) {
                throw refused(atom, each.getKey() + " wants the attribute to be there");
            }
            needsAttribute |= needs;
            add(atom, each.getKey(), each.getValue());
        }
        if (!needsAttribute && !atom.passesAbsence()) {
            add("IsNotNull", key(atom), "", null);
        }
    }

    /** The operators that an atom needs, and the values of each. */
    private static Map<String, ArrayNode> operators(Atom atom, boolean negated) {
        Map<String, ArrayNode> operators = new LinkedHashMap<>();
        for (ValueTest test : atom.tests()) {
            Operand operand = operand(test);
            String operator = operand == null ? null : negated ? operand.negation : operand.operator;
            if (operand == null || operator == null) {
                throw refused(atom, reason(test, negated));
            }
            ArrayNode values = operators.computeIfAbsent(operator, each -> NODES.arrayNode());
            if (!values.isEmpty() && !isOfMany(operator)) {
                throw refused(atom, operator + " takes one value");
            }
            values.add(operand.value);
        }
        return operators;
    }

    /** Returns whether an operator has several values, one of which has to pass. */
    private static boolean isOfMany(String operator) {
        return operator.endsWith("In") || operator.endsWith("Range") || operator.startsWith("String");
    }

    private static String reason(ValueTest test, boolean negated) {
        if (test instanceof OnText) {
            return "it does not take numbers and booleans for their texts, which may pass " + test;
        }
        boolean ofCase = test instanceof Texts || test instanceof Prefix || test instanceof Suffix;
        return ofCase
                ? "it compares texts without the case of their letters, and " + test + " does not"
                : "it has no operator for " + (negated ? "anything but " : "") + test;
    }

    private void add(Atom atom, String operator, ArrayNode values) {
        boolean ofMany = isOfMany(operator);
        add(operator, key(atom), ofMany ? "values" : "value", ofMany ? values : values.get(0));
    }

    private void add(String operator, String key, String member, @Nullable JsonNode value) {
        ObjectNode form = advanced.addObject().put("operatorType", operator).put("key", key);
        if (value != null) {
            form.set(member, value);
        }
    }
}
