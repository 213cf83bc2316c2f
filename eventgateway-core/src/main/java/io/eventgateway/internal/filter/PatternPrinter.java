package io.eventgateway.internal.filter;

import io.eventgateway.Filter.Language;
import io.eventgateway.error.FilterConversionException;
import io.eventgateway.internal.filter.Condition.Consistent;
import io.eventgateway.internal.filter.Condition.Test;
import io.eventgateway.internal.filter.Formula.All;
import io.eventgateway.internal.filter.Formula.Any;
import io.eventgateway.internal.filter.Formula.Atom;
import io.eventgateway.internal.filter.Formula.Other;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes a formula as an EventBridge event pattern: an object with each attribute once, whose array has one value or operator after
 * the other for what may be, and {@code $or} for what needs several members.
 *
 * <p>A pattern may not name a path both in {@code $or} and outside of it, nor have two {@code $or} in one object. Formulas that would
 * are multiplied out: one {@code $or} of objects.
 */
final class PatternPrinter {
    private static final String OR = "$or";
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private PatternPrinter() {}

    static JsonNode print(Formula formula) {
        Formula fitting = isObject(formula) ? formula : multipliedOut(formula);
        if (fitting.equals(Formula.TRUE) || fitting.equals(Formula.FALSE)) { // every event has a type
            ObjectNode pattern = NODES.objectNode();
            pattern.putArray("type").addObject().put("exists", fitting.equals(Formula.TRUE));
            return pattern;
        }
        return object(fitting);
    }

    /** Returns whether a formula fits one object as it is. */
    private static boolean isObject(Formula formula) {
        if (formula instanceof Any any) {
            return any.formulas().stream().allMatch(PatternPrinter::isObject);
        }
        if (!(formula instanceof All all)) {
            return true;
        }
        Set<String> named = new HashSet<>();
        boolean hasOr = false;
        for (Formula each : all.formulas()) {
            Set<String> names = new HashSet<>();
            names(each, names);
            if ((hasOr && each instanceof Any) || !isObject(each)) {
                return false;
            }
            hasOr |= each instanceof Any;
            for (String name : names) {
                if (!named.add(name)) {
                    return false;
                }
            }
        }
        return true;
    }

    private static void names(Formula formula, Set<String> names) {
        if (formula instanceof Atom atom) {
            names.add(atom.attribute());
        } else if (formula instanceof Other) {
            names.add(Path.DATA);
        } else {
            List<Formula> below = formula instanceof All all ? all.formulas() : ((Any) formula).formulas();
            below.forEach(each -> names(each, names));
        }
    }

    /** The formula as a choice of conjunctions. */
    private static Formula multipliedOut(Formula formula) {
        if (formula instanceof Any any) {
            return Formula.any(
                    any.formulas().stream().map(PatternPrinter::multipliedOut).toList());
        }
        if (!(formula instanceof All all)) {
            return formula;
        }
        List<Formula> single = new ArrayList<>();
        List<Any> several = new ArrayList<>();
        for (Formula each : all.formulas()) {
            Formula operand = multipliedOut(each);
            if (operand instanceof Any any) {
                several.add(any);
            } else {
                single.add(operand);
            }
        }
        List<Formula> ways = List.of(Formula.all(single));
        for (Any any : several) {
            ways = multiplied(ways, any.formulas());
        }
        return Formula.any(ways);
    }

    private static List<Formula> multiplied(List<Formula> ways, List<Formula> alternatives) {
        List<Formula> longer = new ArrayList<>();
        long conditions = 0;
        for (Formula way : ways) {
            for (Formula alternative : alternatives) {
                Formula both = Formula.all(List.of(way, alternative));
                conditions += both.size();
                if (conditions > Limits.MAX_CONDITIONS) {
                    throw refused(
                            "",
                            "with every " + OR + " multiplied out, it would have more than " + Limits.MAX_CONDITIONS
                                    + " conditions");
                }
                longer.add(both);
            }
        }
        return longer;
    }

    private static FilterConversionException refused(String path, String reason) {
        return new FilterConversionException(Language.PATTERN, path, reason, null);
    }

    private static ObjectNode object(Formula formula) {
        ObjectNode object = NODES.objectNode();
        List<Formula> members = formula instanceof All all ? all.formulas() : List.of(formula);
        boolean hasOther = false;
        for (Formula member : members) {
            if (member instanceof Atom atom) {
                if (object.has(atom.attribute())) {
                    throw refused(
                            atom.attribute(),
                            "it has one list of values for each path, one of which has to match, not two");
                }
                object.set(atom.attribute(), PatternValues.of(atom));
            } else if (member instanceof Any any) {
                ArrayNode or = object.putArray(OR);
                any.formulas().forEach(each -> or.add(object(each)));
            } else {
                put((Other) member, object, hasOther);
                hasOther = true;
            }
        }
        return object;
    }

    private static void put(Other other, ObjectNode object, boolean isSecond) {
        if (!(other.condition() instanceof Consistent consistent) || other.negated()) {
            throw Conversion.refused(other, Language.PATTERN);
        }
        if (isSecond) {
            throw refused(
                    consistent.tests().tests().get(0).path().toString(),
                    "it wants all of its tests of data to hold for the same elements of arrays, and these are of two patterns");
        }
        for (Test test : consistent.tests().tests()) {
            List<String> names = test.path().names();
            ObjectNode at = object;
            for (String name : names.subList(0, names.size() - 1)) {
                JsonNode known = at.get(name);
                if (known != null && !known.isObject()) {
                    throw valuesAndMembers(test);
                }
                at = known instanceof ObjectNode below ? below : at.putObject(name);
            }
            if (at.has(names.get(names.size() - 1))) {
                throw valuesAndMembers(test);
            }
            at.set(names.get(names.size() - 1), PatternValues.of(test));
        }
    }

    private static FilterConversionException valuesAndMembers(Test test) {
        return refused(
                test.path().toString(),
                "it has values or members at a path, and these are both of them, at it or above it");
    }
}
