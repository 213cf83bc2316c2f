package io.eventgateway.internal.filter;

import io.eventgateway.Filter.Language;
import io.eventgateway.internal.filter.CastTest.OnText;
import io.eventgateway.internal.filter.Formula.All;
import io.eventgateway.internal.filter.Formula.Any;
import io.eventgateway.internal.filter.Formula.Atom;
import io.eventgateway.internal.filter.Formula.Other;
import io.eventgateway.internal.filter.ValueTest.Prefix;
import io.eventgateway.internal.filter.ValueTest.Suffix;
import io.eventgateway.internal.filter.ValueTest.Texts;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * Writes a formula in the dialects of the CloudEvents Subscriptions API: {@code exact}, {@code prefix} and {@code suffix}, joined by
 * {@code all}, {@code any} and {@code not}; and what these can't say, such as a wildcard, in the dialect {@code sql}.
 */
final class CloudEventsPrinter {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private CloudEventsPrinter() {}

    static JsonNode print(Formula formula) {
        if (formula instanceof Other other) {
            throw Conversion.refused(other, Language.CLOUD_EVENTS);
        }
        if (formula instanceof Atom atom) {
            return print(atom);
        }
        boolean all = formula instanceof All;
        List<Formula> formulas = all ? ((All) formula).formulas() : ((Any) formula).formulas();
        return formulas.isEmpty()
                ? sql(formula)
                : joined(
                        all ? "all" : "any",
                        formulas.stream().map(CloudEventsPrinter::print).toList());
    }

    private static JsonNode print(Atom atom) {
        List<JsonNode> tests = new ArrayList<>();
        List<ValueTest> others = new ArrayList<>();
        for (ValueTest test : atom.tests()) {
            JsonNode dialect = dialect(atom, test instanceof OnText onText ? onText.wanted() : test);
            if (dialect == null || isOfStringsAlone(atom, test)) {
                others.add(test);
            } else {
                tests.add(dialect);
            }
        }
        if (tests.isEmpty()) {
            return sql(atom);
        }
        if (!others.isEmpty()) {
            tests.add(sql(new Atom(atom.attribute(), false, others, false)));
        }
        JsonNode any = joined("any", tests);
        JsonNode passes = atom.negated() ? wrapped("not", any) : any;
        boolean passesAbsence = atom.negated(); // none of the dialects does, so that their contrary does
        if (atom.orAbsent() == passesAbsence || Formula.REQUIRED.contains(atom.attribute())) {
            return passes;
        }
        return atom.orAbsent()
                ? joined("any", List.of(sql(Formula.absent(atom.attribute())), passes))
                : joined("all", List.of(sql(Formula.present(atom.attribute())), passes));
    }

    /** The dialects take a number or a boolean for its text; what does not, and could tell, is left to CESQL to refuse. */
    private static boolean isOfStringsAlone(Atom atom, ValueTest test) {
        return !(test instanceof OnText) && !FormulaReader.isOfStrings(atom.attribute()) && Scalars.mayPass(test);
    }

    private static @Nullable JsonNode dialect(Atom atom, ValueTest test) {
        if (test instanceof Texts texts) {
            return dialect("exact", atom, texts.texts().iterator().next());
        }
        if (test instanceof Prefix prefix && (!prefix.ignoreCase() || CaseClasses.isCaseless(prefix.text()))) {
            return dialect("prefix", atom, prefix.text());
        }
        if (test instanceof Suffix suffix && (!suffix.ignoreCase() || CaseClasses.isCaseless(suffix.text()))) {
            return dialect("suffix", atom, suffix.text());
        }
        return test instanceof ValueTest.IgnoringCase text && CaseClasses.isCaseless(text.text())
                ? dialect("exact", atom, text.text())
                : null;
    }

    /** Null for an empty text, which the dialects don't take. */
    private static @Nullable JsonNode dialect(String name, Atom atom, String text) {
        return text.isEmpty() ? null : wrapped(name, wrapped(atom.attribute(), StringNode.valueOf(text)));
    }

    private static JsonNode sql(Formula formula) {
        return wrapped("sql", StringNode.valueOf(new CesqlPrinter(Language.CLOUD_EVENTS).printWithoutErrors(formula)));
    }

    private static JsonNode joined(String dialect, List<JsonNode> filters) {
        if (filters.size() == 1) {
            return filters.get(0);
        }
        ArrayNode array = NODES.arrayNode();
        filters.forEach(array::add);
        return wrapped(dialect, array);
    }

    private static ObjectNode wrapped(String name, JsonNode value) {
        ObjectNode object = NODES.objectNode();
        object.set(name, value);
        return object;
    }
}
