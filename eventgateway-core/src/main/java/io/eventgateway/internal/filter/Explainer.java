package io.eventgateway.internal.filter;

import io.eventgateway.Event;
import io.eventgateway.Explanation.Reason;
import io.eventgateway.internal.filter.Condition.AllOf;
import io.eventgateway.internal.filter.Condition.AnyOf;
import io.eventgateway.internal.filter.Condition.Code;
import io.eventgateway.internal.filter.Condition.Computed;
import io.eventgateway.internal.filter.Condition.Consistent;
import io.eventgateway.internal.filter.Condition.ErrorAsFalse;
import io.eventgateway.internal.filter.Condition.Not;
import io.eventgateway.internal.filter.Condition.StrictAnyOf;
import io.eventgateway.internal.filter.Condition.Test;
import io.eventgateway.internal.filter.ValueTest.AnyNumber;
import io.eventgateway.internal.filter.ValueTest.AnythingBut;
import io.eventgateway.internal.filter.ValueTest.Bool;
import io.eventgateway.internal.filter.ValueTest.Either;
import io.eventgateway.internal.filter.ValueTest.Null;
import io.eventgateway.internal.filter.ValueTest.Present;
import io.eventgateway.internal.filter.ValueTest.Range;
import io.eventgateway.internal.json.PlainJson;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Why a condition holds for an event, or does not: the condition's tree, with what each test saw. */
public final class Explainer {
    private static final int MOST_VALUES = 5;
    private static final int LONGEST_VALUE = 60;

    private Explainer() {}

    /** The reason. What can't be evaluated does not hold. */
    public static Reason explain(Condition condition, Event event) {
        try {
            return explain(condition, new TreeView(event));
        } catch (StackOverflowError e) {
            return new Reason(
                    false, true, String.valueOf(Evaluation.Failed.tooDeep(e).getMessage()), List.of());
        }
    }

    private static Reason explain(Condition condition, View view) {
        if (condition instanceof Test test) {
            return test(test, view.at(test.path()), view);
        }
        if (condition instanceof Consistent consistent) {
            return together(consistent.tests(), view);
        }
        if (condition instanceof Code code) {
            return code(code, view);
        }
        if (condition instanceof Computed computed) {
            return computed(computed, view);
        }
        if (condition instanceof StrictAnyOf any) {
            return firstOf(any, view);
        }
        if (condition instanceof ErrorAsFalse certain) {
            Reason inner = explain(certain.condition(), view);
            return inner.error() ? new Reason(false, false, "an error is false", List.of(inner)) : inner;
        }
        if (condition instanceof Not not) {
            Reason inner = explain(not.condition(), view);
            return new Reason(!inner.matched() && !inner.error(), inner.error(), "not", List.of(inner));
        }
        return condition instanceof AllOf all ? all(all, view) : any((AnyOf) condition, view);
    }

    /** What comes after the one that decides is shown, and decides nothing. */
    private static Reason all(AllOf condition, View view) {
        List<Reason> reasons = each(condition.conditions(), view);
        for (Reason reason : reasons) {
            if (!reason.matched()) {
                return new Reason(false, reason.error(), "all of", reasons);
            }
        }
        return new Reason(true, false, "all of", reasons);
    }

    private static Reason any(AnyOf condition, View view) {
        List<Reason> reasons = each(condition.conditions(), view);
        boolean matched = reasons.stream().anyMatch(Reason::matched);
        return new Reason(matched, !matched && reasons.stream().anyMatch(Reason::error), "one of", reasons);
    }

    /** What comes after the one that decides is shown, and decides nothing. */
    private static Reason firstOf(StrictAnyOf condition, View view) {
        List<Reason> reasons = each(condition.conditions(), view);
        for (Reason reason : reasons) {
            if (reason.matched() || reason.error()) {
                return new Reason(reason.matched(), reason.error(), "one of", reasons);
            }
        }
        return new Reason(false, false, "one of", reasons);
    }

    private static Reason computed(Computed condition, View view) {
        Set<String> seen = new LinkedHashSet<>();
        condition.eachPath(path -> {
            Object value = view.at(path);
            seen.add(path + " is " + (value == null ? "missing" : shown(List.of(value))));
        });
        String attributes = seen.isEmpty() ? "" : " (" + String.join(", ", seen) + ")";
        try {
            boolean holds = condition.holds(view);
            return new Reason(holds, false, condition.text() + " is " + holds + attributes, List.of());
        } catch (Evaluation.Failed e) {
            return new Reason(false, true, condition.text() + " failed: " + e.getMessage() + attributes, List.of());
        }
    }

    private static List<Reason> each(List<Condition> conditions, View view) {
        return conditions.stream().map(each -> explain(each, view)).toList();
    }

    private static Reason test(Test test, @Nullable Object value, View view) {
        try {
            return test(test, Evaluation.holds(test, value), value == null ? List.of() : List.of(value), view);
        } catch (Evaluation.Failed e) {
            return new Reason(
                    false,
                    true,
                    "an error: " + e.getMessage() + "; wanted " + test.path() + " " + test.description(),
                    List.of());
        }
    }

    private static Reason code(Code code, View view) {
        try {
            boolean passed = Evaluation.run(code, view);
            return new Reason(passed, false, code.check() + " is " + passed, List.of());
        } catch (Evaluation.Failed e) {
            return new Reason(false, true, code.check() + " failed: " + e.getMessage(), List.of());
        }
    }

    private static Reason together(Together tests, View view) {
        List<Reason> reasons = new ArrayList<>();
        boolean matched = tests.holds(view);
        boolean each = true;
        for (Test test : tests.tests()) {
            List<Object> leaves = new ArrayList<>();
            leaves(view, test.path(), leaves);
            // a test of absence may hold in the element that the others settle, and not for the whole array
            boolean holds = new Together(List.of(test)).holds(view);
            each &= holds;
            reasons.add(matched && !holds ? absentThere(test) : test(test, holds, leaves, view));
        }
        if (each && !matched) {
            reasons.add(new Reason(false, false, "no element of the arrays on the way meets them all", List.of()));
        }
        return reasons.size() == 1 ? reasons.get(0) : new Reason(matched, false, "all of", reasons);
    }

    private static Reason absentThere(Test test) {
        String text =
                test.path() + " is missing in the element that meets the others, as wanted: " + test.description();
        return new Reason(true, false, text, List.of());
    }

    /** Every scalar at a path, through arrays. */
    private static void leaves(View view, Path path, List<Object> found) {
        List<String> names = path.names();
        for (int depth = 1; depth <= names.size(); depth++) {
            Object value = view.at(Path.of(names.subList(0, depth)));
            if (value == null) {
                return;
            }
            boolean array = value instanceof JsonNode node && node.isArray();
            if (array || depth == names.size()) {
                leaves(value, names, depth, found);
                return;
            }
        }
    }

    private static void leaves(Object value, List<String> names, int depth, List<Object> found) {
        if (value instanceof JsonNode node && node.isArray()) {
            for (JsonNode element : node) {
                leaves(element, names, depth, found);
            }
        } else if (depth == names.size()) {
            if (!(value instanceof JsonNode node && node.isObject())) {
                found.add(value);
            }
        } else if (value instanceof JsonNode node && node.get(names.get(depth)) != null) {
            leaves(node.get(names.get(depth)), names, depth + 1, found);
        }
    }

    private static Reason test(Test test, boolean holds, List<Object> values, View view) {
        String seen = values.isEmpty() ? missing(test.path(), view) : shown(values);
        String text = test.path() + " is " + seen;
        if (!holds) {
            String type = values.size() == 1 ? otherType(test.wanted(), values.get(0)) : null;
            text += ", wanted " + test.description() + (type == null ? "" : " (a type mismatch: " + type + ")");
        } else if (values.isEmpty() || !(test.wanted() instanceof Present)) {
            text += ", as wanted: " + test.description();
        }
        return new Reason(holds, false, text, List.of());
    }

    private static String missing(Path path, View view) {
        String problem = path.names().get(0).equals(Path.DATA) ? view.dataProblem() : null;
        return problem == null ? "missing" : "missing (" + problem + ")";
    }

    private static String shown(List<Object> values) {
        List<String> texts = new ArrayList<>();
        for (Object value : values.subList(0, Math.min(values.size(), MOST_VALUES))) {
            String text = value instanceof String string ? '"' + string + '"' : shown((JsonNode) value);
            texts.add(text.length() <= LONGEST_VALUE ? text : text.substring(0, LONGEST_VALUE) + "…");
        }
        if (values.size() > MOST_VALUES) {
            texts.add("and " + (values.size() - MOST_VALUES) + " more");
        }
        return String.join(", ", texts);
    }

    /** A tree of the application's may have nodes whose text is foreign code's. */
    private static String shown(JsonNode node) {
        if (PlainJson.isPlain(node)) {
            return node.toString();
        }
        return node.isContainer()
                ? "an " + type(node) + " with what is no value of JSON"
                : "a " + type(node) + ", which is no value of JSON";
    }

    /** What a value is, if no value of its type passes the test; else null. */
    private static @Nullable String otherType(ValueTest wanted, Object value) {
        String type = type(value);
        String other = typeOf(wanted);
        return other == null || other.equals(type) ? null : "a " + type + ", not a " + other;
    }

    private static String type(Object value) {
        if (value instanceof JsonNode node && !node.isString()) {
            boolean plain = node.isContainer() || PlainJson.isPlain(node);
            return !plain
                    ? node.getClass().getSimpleName()
                    : node.isNumber()
                            ? "number"
                            : node.isBoolean()
                                    ? "boolean"
                                    : node.isNull() ? "null" : node.isArray() ? "array" : "object";
        }
        return "string";
    }

    /** The type of the values that pass; null when there are several. */
    private static @Nullable String typeOf(ValueTest wanted) {
        if (wanted instanceof Range || wanted instanceof AnyNumber) {
            return "number";
        }
        if (wanted instanceof Bool) {
            return "boolean";
        }
        if (wanted instanceof Either || wanted instanceof AnythingBut || wanted instanceof Present) {
            return null;
        }
        return wanted instanceof Null
                        || wanted instanceof CastTest.OnText
                        || wanted instanceof CastTest.OneOf
                        || wanted instanceof CastTest.AsInteger
                        || wanted instanceof CastTest.AsBoolean
                        || wanted instanceof ValueTest.AnArray
                ? null
                : "string";
    }
}
