package io.eventgateway.internal.filter;

import io.eventgateway.internal.filter.Condition.Absence;
import io.eventgateway.internal.filter.Condition.AllOf;
import io.eventgateway.internal.filter.Condition.AnyOf;
import io.eventgateway.internal.filter.Condition.Not;
import io.eventgateway.internal.filter.Condition.Reach;
import io.eventgateway.internal.filter.Condition.Test;
import io.eventgateway.internal.filter.ValueTest.AnArray;
import io.eventgateway.internal.filter.ValueTest.AnyNumber;
import io.eventgateway.internal.filter.ValueTest.AnythingBut;
import io.eventgateway.internal.filter.ValueTest.Bool;
import io.eventgateway.internal.filter.ValueTest.Contains;
import io.eventgateway.internal.filter.ValueTest.Either;
import io.eventgateway.internal.filter.ValueTest.IgnoringCase;
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
    private static final Set<String> MEMBERS = Set.of(
            "includedEventTypes",
            "subjectBeginsWith",
            "subjectEndsWith",
            "isSubjectCaseSensitive",
            "enableAdvancedFilteringOnArrays",
            "advancedFilters");
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
        Source advanced = source.member("advancedFilters");
        if (advanced != null) {
            if (!advanced.value().isArray()) {
                throw advanced.refused(advanced.excerpt(), "an array of advanced filters");
            }
            advanced.each((index, filter) -> all.add(advanced(filter, arrays ? Reach.ELEMENTS : Reach.VALUE)));
        }
        Condition condition = AllOf.of(all);
        if (condition.size() > Limits.MAX_CONDITIONS) {
            throw source.refused(condition.size() + " conditions", "at most " + Limits.MAX_CONDITIONS);
        }
        return condition;
    }

    private static Condition advanced(Source filter, Reach reach) {
        filter.object("operatorType, key, and value or values").each((name, below) -> {
            if (!Set.of("operatorType", "key", "value", "values").contains(name)) {
                throw below.refused("'" + name + "'", "operatorType, key, and value or values");
            }
        });
        Source operator = required(filter, "operatorType");
        Path path = path(required(filter, "key"));
        Operands operands = new Operands(filter);
        return switch (operator.text(OPERATORS)) {
            case "NumberIn" -> some(path, numbers(operands), reach);
            case "NumberNotIn" -> noNumber(path, numbers(operands), reach);
            case "NumberLessThan" -> some(path, new Range(null, false, operands.number(), false), reach);
            case "NumberLessThanOrEquals" -> some(path, new Range(null, false, operands.number(), true), reach);
            case "NumberGreaterThan" -> some(path, new Range(operands.number(), false, null, false), reach);
            case "NumberGreaterThanOrEquals" -> some(path, new Range(operands.number(), true, null, false), reach);
            case "NumberInRange" -> some(path, ranges(operands), reach);
            case "NumberNotInRange" -> noNumber(path, ranges(operands), reach);
            case "BoolEquals" -> some(path, new Bool(operands.one().bool("true or false")), reach);
            case "StringIn" -> some(path, strings(operands, IgnoringCase::new), reach);
            case "StringNotIn" ->
                AnyOf.of(List.of(absent(path), noString(path, strings(operands, IgnoringCase::new), reach)));
            case "StringBeginsWith" -> some(path, strings(operands, text -> new Prefix(text, true)), reach);
            case "StringNotBeginsWith" -> noString(path, strings(operands, text -> new Prefix(text, true)), reach);
            case "StringEndsWith" -> some(path, strings(operands, text -> new Suffix(text, true)), reach);
            case "StringNotEndsWith" -> noString(path, strings(operands, text -> new Suffix(text, true)), reach);
            case "StringContains" -> some(path, strings(operands, Contains::ofAnyCase), reach);
            case "StringNotContains" -> noString(path, strings(operands, Contains::ofAnyCase), reach);
            case "IsNullOrUndefined" -> {
                operands.none();
                yield new Test(path, new Null(), Absence.PASSES, Reach.VALUE);
            }
            case "IsNotNull" -> {
                operands.none();
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
                reach == Reach.VALUE
                        ? some(path, new AnyNumber(), reach)
                        : new Not(some(path, new AnythingBut(List.of(new AnyNumber())), reach)));
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

    private static Source required(Source filter, String name) {
        Source member = filter.member(name);
        if (member == null) {
            throw filter.refused(filter.excerpt(), "an object with " + name);
        }
        return member;
    }

    private static Path path(Source key) {
        String[] names = key.textWithCharacters("a string with a key such as subject or data.total")
                .split("\\.", -1);
        for (String name : names) {
            if (name.isEmpty()) {
                throw key.refused(key.excerpt(), "a key such as subject or data.total");
            }
        }
        String first = names[0].toLowerCase(Locale.ROOT);
        names[0] = names.length == 1 ? ATTRIBUTES.getOrDefault(first, first) : first;
        return Path.of(names);
    }

    private static ValueTest numbers(Operands operands) {
        return either(operands.each(value -> Range.equalTo(value.number("a number"))));
    }

    private static ValueTest ranges(Operands operands) {
        return either(operands.each(range -> {
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

    private static ValueTest strings(Operands operands, Function<String, ValueTest> test) {
        return either(operands.each(value -> test.apply(value.text("a string"))));
    }

    private static ValueTest either(List<ValueTest> tests) {
        return tests.size() == 1 ? tests.get(0) : new Either(tests);
    }

    /** The {@code value} of an advanced filter, or its {@code values}. */
    private record Operands(Source filter) {
        Source one() {
            none("values", "value");
            return required(filter, "value");
        }

        Num number() {
            return one().number("a number");
        }

        List<ValueTest> each(Function<Source, ValueTest> test) {
            none("value", "values");
            List<ValueTest> tests = new ArrayList<>();
            required(filter, "values").array("values").each((index, value) -> tests.add(test.apply(value)));
            return tests;
        }

        void none() {
            none("value", "neither value nor values");
            none("values", "neither value nor values");
        }

        private void none(String unwanted, String wanted) {
            Source found = filter.member(unwanted);
            if (found != null) {
                throw found.refused("'" + unwanted + "', which this operator does not have", wanted);
            }
        }
    }
}
