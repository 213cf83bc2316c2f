package io.eventgateway.internal.filter;

import io.eventgateway.error.InvalidFilterException;
import io.eventgateway.internal.filter.CastTest.OnText;
import io.eventgateway.internal.filter.Condition.AllOf;
import io.eventgateway.internal.filter.Condition.AnyOf;
import io.eventgateway.internal.filter.Condition.ErrorAsFalse;
import io.eventgateway.internal.filter.Condition.Not;
import io.eventgateway.internal.filter.Condition.Test;
import io.eventgateway.internal.filter.ValueTest.Prefix;
import io.eventgateway.internal.filter.ValueTest.Suffix;
import io.eventgateway.internal.filter.ValueTest.Texts;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * The filter dialects of the CloudEvents Subscriptions API 1.0 (section 3.2.4): {@code exact}, {@code prefix}, {@code suffix},
 * {@code all}, {@code any}, {@code not} and {@code sql}. An array of filters is all of them.
 */
final class CloudEventsLanguage {
    static final String NAME = "cloudEvents";
    private static final String DIALECTS = "one of exact, prefix, suffix, all, any, not, sql";
    /** CloudEvents 1.0, section "Attribute Naming Convention". */
    private static final Pattern ATTRIBUTE = Pattern.compile("[a-z0-9]+");
    /** The attributes whose values are strings in every event. */
    static final Set<String> TEXTS =
            Set.of("specversion", "id", "source", "type", "subject", "time", "datacontenttype", "dataschema");

    private static final Pattern WHOLE_NUMBER = Pattern.compile("-?[0-9]+");

    private CloudEventsLanguage() {}

    static Condition compile(Source source) {
        if (source.value().isArray()) {
            return AllOf.of(each(source));
        }
        Map.Entry<String, Source> only = source.onlyMember(DIALECTS);
        Source operand = only.getValue();
        return switch (only.getKey()) {
            case "exact" -> attributes(operand, Texts::of);
            case "prefix" -> attributes(operand, text -> new Prefix(text, false));
            case "suffix" -> attributes(operand, text -> new Suffix(text, false));
            case "all" -> AllOf.of(each(operand));
            case "any" -> AnyOf.of(each(operand));
            case "not" -> not(one(operand));
            case "sql" -> sql(operand);
            default -> throw operand.refused("the dialect '" + only.getKey() + "'", DIALECTS);
        };
    }

    /** Section 3.2.4.1: one nested filter, where an array would be several. */
    private static Condition one(Source filter) {
        filter.onlyMember(DIALECTS);
        return compile(filter);
    }

    /** Section 3.2.4.1: a filter that ends in an error is false, and {@code not} inverts what its filter is. */
    private static Not not(Condition filter) {
        return new Not(Evaluation.mayFail(filter) ? new ErrorAsFalse(filter) : filter);
    }

    private static List<Condition> each(Source source) {
        List<Condition> filters = new ArrayList<>();
        source.array("filters").each((index, filter) -> filters.add(compile(filter)));
        return filters;
    }

    private static Condition attributes(Source source, Function<String, ValueTest> test) {
        List<Condition> tests = new ArrayList<>();
        source.object("attributes and their values").each((name, value) -> {
            if (!ATTRIBUTE.matcher(name).matches() || name.equals("data")) {
                throw value.refused("'" + name + "'", "the name of an attribute, of lower-case letters and digits");
            }
            tests.add(attribute(name, test.apply(value.textWithCharacters("a string"))));
        });
        return AllOf.of(tests);
    }

    private static Condition sql(Source operand) {
        String expression = operand.text("a CESQL expression");
        try {
            return CesqlLanguage.compile(expression);
        } catch (InvalidFilterException e) {
            throw new InvalidFilterException(
                    NAME, operand.pointer() + ", " + e.position(), CesqlLanguage.problem(e), e);
        }
    }

    /** Returns whether an attribute is a string in every event that has it. */
    static boolean isText(Path attribute) {
        return TEXTS.contains(attribute.toString());
    }

    /** A test of an attribute's canonical string, which a number or a boolean has too (CloudEvents 1.0, section "Type System"). */
    static Test attribute(String name, ValueTest test) {
        return Test.attribute(name, TEXTS.contains(name) || isOfStringsOnly(test) ? test : new OnText(test));
    }

    private static boolean isOfStringsOnly(ValueTest test) {
        return test instanceof Texts texts
                && texts.texts().stream().noneMatch(CloudEventsLanguage::isOfNumberOrBoolean);
    }

    /** Returns whether a text may be that of a number or a boolean. */
    static boolean isOfNumberOrBoolean(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        return lower.equals("true")
                || lower.equals("false")
                || WHOLE_NUMBER.matcher(text).matches();
    }
}
