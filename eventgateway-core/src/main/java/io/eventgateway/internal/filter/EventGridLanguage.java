package io.eventgateway.internal.filter;

import io.eventgateway.internal.filter.Condition.Absence;
import io.eventgateway.internal.filter.Condition.AllOf;
import io.eventgateway.internal.filter.Condition.AnyOf;
import io.eventgateway.internal.filter.Condition.Not;
import io.eventgateway.internal.filter.Condition.Reach;
import io.eventgateway.internal.filter.Condition.Test;
import io.eventgateway.internal.filter.ValueTest.AnArray;
import io.eventgateway.internal.filter.ValueTest.AnyNumber;
import io.eventgateway.internal.filter.ValueTest.Bool;
import io.eventgateway.internal.filter.ValueTest.Contains;
import io.eventgateway.internal.filter.ValueTest.Either;
import io.eventgateway.internal.filter.ValueTest.IgnoringCase;
import io.eventgateway.internal.filter.ValueTest.NoNumber;
import io.eventgateway.internal.filter.ValueTest.Null;
import io.eventgateway.internal.filter.ValueTest.Prefix;
import io.eventgateway.internal.filter.ValueTest.Present;
import io.eventgateway.internal.filter.ValueTest.Range;
import io.eventgateway.internal.filter.ValueTest.Suffix;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Azure Event Grid's filters: event types, beginning and end of the subject, and advanced filters, all of which have to match.
 *
 * <p>Strings compare whatever the case of their letters, but for the subject's when {@code isSubjectCaseSensitive}. A key names an
 * attribute, by CloudEvents' or Event Grid's name for it in any case, or with {@code data.} in front a member of the data, whose
 * name is taken as it is. Where nothing is at the key, {@code NumberNotIn}, {@code NumberNotInRange}, {@code StringNotIn} and
 * {@code IsNullOrUndefined} match, and nothing else does. An array matches only with {@code enableAdvancedFilteringOnArrays}: when
 * one element does, or for the Not forms when every one does.
 */
final class EventGridLanguage {
    static final String NAME = "eventGrid";
    private static final String ADVANCED = "advancedFilters";
    private static final Set<String> MEMBERS = Set.of(
            "includedEventTypes",
            "subjectBeginsWith",
            "subjectEndsWith",
            "isSubjectCaseSensitive",
            "enableAdvancedFilteringOnArrays",
            ADVANCED);
    private static final Map<String, String> ATTRIBUTES = Map.of(
            "id", "id",
            "eventid", "id",
            "topic", "source",
            "subject", "subject",
            "eventtype", "type",
            "eventtime", "time",
            "dataversion", "dataschema",
            "eventtypeversion", "dataschema");
    private static final String OPERATORS =
            "one of NumberIn, NumberNotIn, NumberLessThan, NumberLessThanOrEquals, NumberGreaterThan, "
                    + "NumberGreaterThanOrEquals, NumberInRange, NumberNotInRange, BoolEquals, StringIn, StringNotIn, "
                    + "StringBeginsWith, StringNotBeginsWith, StringEndsWith, StringNotEndsWith, StringContains, "
                    + "StringNotContains, IsNullOrUndefined, IsNotNull";

    private EventGridLanguage() {}

    static Condition compile(Source source) {
        source.object("one or more of " + MEMBERS.stream().sorted().toList()).each((name, below) -> {
            if (!MEMBERS.contains(name)) {
                throw below.refused(
                        "'" + name + "'", "one of " + MEMBERS.stream().sorted().toList());
            }
        });
        List<Condition> all = new ArrayList<>();
        Source types = source.member("includedEventTypes");
        if (types != null) {
            List<ValueTest> wanted = new ArrayList<>();
            boolean[] every = {false};
            types.array("event types").each((index, type) -> {
                String name = type.textWithCharacters("an event type");
                every[0] |= name.equalsIgnoreCase("All");
                wanted.add(new IgnoringCase(name));
            });
            if (!every[0]) {
                all.add(Test.attribute("type", either(wanted)));
            }
        }
        Source sensitive = source.member("isSubjectCaseSensitive");
        boolean ignoreCase = sensitive == null || !sensitive.bool("true or false");
        Source beginning = source.member("subjectBeginsWith");
        if (beginning != null && !beginning.text("a string").isEmpty()) {
            all.add(Test.attribute("subject", new Prefix(beginning.text("a string"), ignoreCase)));
        }
        Source end = source.member("subjectEndsWith");
        if (end != null && !end.text("a string").isEmpty()) {
            all.add(Test.attribute("subject", new Suffix(end.text("a string"), ignoreCase)));
        }
        Source onArrays = source.member("enableAdvancedFilteringOnArrays");
        boolean arrays = onArrays != null && onArrays.bool("true or false");
        Source advanced = source.member(ADVANCED);
        if (advanced != null) {
            if (!advanced.value().isArray()) {
                throw advanced.refused(advanced.excerpt(), "an array of advanced filters");
            }
            advanced.each((index, filter) ->
                    all.add(advanced(AdvancedFilter.read(filter), arrays ? Reach.ELEMENTS : Reach.VALUE)));
        }
        return AllOf.of(all);
    }

    /** The JSON of a filter that compiles, with its advanced filters in one spelling. */
    static JsonNode normalised(Source source) {
        Source advanced = source.member(ADVANCED);
        if (advanced == null) {
            return source.value();
        }
        ArrayNode filters = JsonNodeFactory.instance.arrayNode();
        advanced.each((index, filter) -> filters.add(AdvancedFilter.read(filter).normalised()));
        ObjectNode form = JsonNodeFactory.instance.objectNode();
        source.each((name, member) -> form.set(name, name.equals(ADVANCED) ? filters : member.value()));
        return form;
    }

    private static Condition advanced(AdvancedFilter filter, Reach reach) {
        Source operator = filter.operator();
        Path path = path(filter.key());
        return switch (operator.text(OPERATORS)) {
            case "NumberIn" -> some(path, numbers(filter), reach);
            case "NumberNotIn" -> noNumber(path, numbers(filter), reach);
            case "NumberLessThan" -> some(path, new Range(null, false, filter.number(), false), reach);
            case "NumberLessThanOrEquals" -> some(path, new Range(null, false, filter.number(), true), reach);
            case "NumberGreaterThan" -> some(path, new Range(filter.number(), false, null, false), reach);
            case "NumberGreaterThanOrEquals" -> some(path, new Range(filter.number(), true, null, false), reach);
            case "NumberInRange" -> some(path, ranges(filter), reach);
            case "NumberNotInRange" -> noNumber(path, ranges(filter), reach);
            case "BoolEquals" -> some(path, new Bool(filter.one().bool("true or false")), reach);
            case "StringIn" -> some(path, strings(filter, IgnoringCase::new), reach);
            case "StringNotIn" ->
                AnyOf.of(List.of(absent(path), noString(path, strings(filter, IgnoringCase::new), reach)));
            case "StringBeginsWith" -> some(path, strings(filter, text -> new Prefix(text, true)), reach);
            case "StringNotBeginsWith" -> noString(path, strings(filter, text -> new Prefix(text, true)), reach);
            case "StringEndsWith" -> some(path, strings(filter, text -> new Suffix(text, true)), reach);
            case "StringNotEndsWith" -> noString(path, strings(filter, text -> new Suffix(text, true)), reach);
            case "StringContains" -> some(path, strings(filter, Contains::ofAnyCase), reach);
            case "StringNotContains" -> noString(path, strings(filter, Contains::ofAnyCase), reach);
            case "IsNullOrUndefined" -> {
                filter.none();
                yield new Test(path, new Null(), Absence.PASSES, Reach.VALUE);
            }
            case "IsNotNull" -> {
                filter.none();
                yield AllOf.of(
                        List.of(some(path, new Present(), Reach.VALUE), new Not(some(path, new Null(), Reach.VALUE))));
            }
            default -> throw operator.refused(operator.excerpt(), OPERATORS);
        };
    }

    private static Test some(Path path, ValueTest wanted, Reach reach) {
        return new Test(path, wanted, Absence.FAILS, reach);
    }

    private static Test absent(Path path) {
        return new Test(path, new Either(List.of()), Absence.PASSES, Reach.VALUE);
    }

    /** A number, or with arrays nothing but numbers, none of which passes; or nothing at all. */
    private static Condition noNumber(Path path, ValueTest unwanted, Reach reach) {
        List<Condition> present = new ArrayList<>();
        present.add(
                reach == Reach.VALUE ? some(path, new AnyNumber(), reach) : new Not(some(path, new NoNumber(), reach)));
        present.add(some(path, new Present(), Reach.VALUE));
        present.add(new Not(some(path, unwanted, reach)));
        return AnyOf.of(List.of(absent(path), new AllOf(present)));
    }

    /** A value that is no string that passes; with arrays, none of whose elements is one. */
    private static Condition noString(Path path, ValueTest unwanted, Reach reach) {
        List<Condition> present = new ArrayList<>();
        present.add(some(path, new Present(), Reach.VALUE));
        if (reach == Reach.VALUE) {
            present.add(new Not(some(path, new AnArray(), reach)));
        }
        present.add(new Not(some(path, unwanted, reach)));
        return new AllOf(present);
    }

    private static Path path(Source key) {
        String[] names = key.textWithCharacters("a string with a key such as subject or data.total")
                .split("\\.", -1);
        for (String name : names) {
            if (name.isEmpty()) {
                throw key.refused(key.excerpt(), "a key such as subject or data.total");
            }
        }
        return Path.of(named(names));
    }

    /** The names that a key stands for, whose first is an attribute or {@code data}. */
    static String[] named(String[] names) {
        String first = names[0].toLowerCase(Locale.ROOT);
        names[0] = names.length == 1 ? ATTRIBUTES.getOrDefault(first, first) : first;
        return names;
    }

    private static ValueTest numbers(AdvancedFilter filter) {
        return either(filter.each(value -> Range.equalTo(value.number("a number"))));
    }

    private static ValueTest ranges(AdvancedFilter filter) {
        return either(filter.each(range -> {
            if (!range.value().isArray() || range.value().size() != 2) {
                throw range.refused(range.excerpt(), "an array of two numbers: the lowest and the highest");
            }
            List<Num> bounds = new ArrayList<>();
            range.each((index, bound) -> bounds.add(bound.number("a number")));
            if (bounds.get(0).compareTo(bounds.get(1)) > 0) {
                throw range.refused(range.excerpt(), "an array of two numbers: the lowest and the highest");
            }
            return new Range(bounds.get(0), true, bounds.get(1), true);
        }));
    }

    private static ValueTest strings(AdvancedFilter filter, Function<String, ValueTest> test) {
        return either(filter.each(value -> test.apply(value.text("a string"))));
    }

    private static ValueTest either(List<ValueTest> tests) {
        return tests.size() == 1 ? tests.get(0) : new Either(tests);
    }
}
