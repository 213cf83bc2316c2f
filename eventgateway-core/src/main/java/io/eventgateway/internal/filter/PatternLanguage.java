package io.eventgateway.internal.filter;

import io.eventgateway.internal.filter.Condition.Absence;
import io.eventgateway.internal.filter.Condition.AnyOf;
import io.eventgateway.internal.filter.Condition.Consistent;
import io.eventgateway.internal.filter.Condition.Reach;
import io.eventgateway.internal.filter.Condition.Test;
import io.eventgateway.internal.filter.ValueTest.AnythingBut;
import io.eventgateway.internal.filter.ValueTest.Bool;
import io.eventgateway.internal.filter.ValueTest.Either;
import io.eventgateway.internal.filter.ValueTest.IgnoringCase;
import io.eventgateway.internal.filter.ValueTest.InBlock;
import io.eventgateway.internal.filter.ValueTest.Like;
import io.eventgateway.internal.filter.ValueTest.Null;
import io.eventgateway.internal.filter.ValueTest.Prefix;
import io.eventgateway.internal.filter.ValueTest.Present;
import io.eventgateway.internal.filter.ValueTest.Range;
import io.eventgateway.internal.filter.ValueTest.Suffix;
import io.eventgateway.internal.filter.ValueTest.Texts;
import io.eventgateway.internal.net.AddressBlock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Amazon EventBridge's event patterns, with the meaning that Amazon's event-ruler gives them.
 *
 * <p>As there, each {@code $or} is multiplied out: the pattern is one of several branches, each of which wants all of its
 * conditions to hold for the same elements of arrays.
 */
final class PatternLanguage {
    static final String NAME = "pattern";
    private static final String OR = "$or";
    private static final String OPERATORS =
            "a string, a number, true, false, null, or an object with one of prefix, suffix, equals-ignore-case, wildcard, "
                    + "anything-but, numeric, exists, cidr, exactly";
    /** Names that event-ruler keeps from members inside of {@code $or}, where they would look like operators. */
    private static final Set<String> RESERVED_IN_OR = Set.of(
            "exactly",
            "equals-ignore-case",
            "prefix",
            "suffix",
            "anything-but",
            "exists",
            "wildcard",
            "numeric",
            "cidr",
            "=",
            "<",
            "<=",
            ">",
            ">=",
            "regex");

    /** The conditions of one branch by their paths. */
    private static final class Branch {
        private final Map<List<String>, Test> tests = new LinkedHashMap<>();
        private int conditions;

        Branch() {}

        Branch(Branch before) {
            tests.putAll(before.tests);
            conditions = before.conditions;
        }
    }

    /** The names that a member of a pattern stands for. */
    private final Function<String, List<String>> names;

    private PatternLanguage(Function<String, List<String>> names) {
        this.names = names;
    }

    static Condition compile(Source source) {
        return new PatternLanguage(List::of).branches(source);
    }

    /** Of a pattern in which {@code "a.b"} is short for {@code "b"} in {@code "a"}. */
    static Condition compileNestedNames(Source source) {
        return new PatternLanguage(NestedNames::split).branches(source);
    }

    private Condition branches(Source source) {
        List<Branch> branches = new ArrayList<>();
        branches.add(new Branch());
        object(source, List.of(), branches, false);
        return AnyOf.of(branches.stream()
                .map(branch -> new Consistent(new Together(List.copyOf(branch.tests.values()))))
                .toList());
    }

    private void object(Source source, List<String> path, List<Branch> branches, boolean inOr) {
        source.object("members with the values that are wanted").each((name, below) -> {
            if (name.equals(OR)) {
                or(below, path, branches);
                return;
            }
            if (path.isEmpty()) {
                notOfEventBridge(name, below);
            }
            List<String> longer = new ArrayList<>(path);
            for (String each : names.apply(name)) {
                if (each.equals(OR)) {
                    throw below.refused("'" + OR + "' inside of the name '" + name + "'", "a member of its own");
                }
                if (inOr && RESERVED_IN_OR.contains(each)) {
                    throw below.refused("the operator '" + each + "' as a member of $or", "a member of the event");
                }
                longer.add(each);
            }
            if (below.value().isObject()) {
                object(below, longer, branches, inOr);
            } else if (below.value().isArray()) {
                put(below, test(below, longer), branches);
            } else {
                throw below.refused(below.excerpt(), "an object, or an array of the values that are wanted");
            }
        });
    }

    /** Refuses what no CloudEvent has, since the pattern would silently never match: the envelope of Amazon EventBridge. */
    private static void notOfEventBridge(String name, Source below) {
        if (name.equals("detail-type") || name.equals("detailType")) {
            throw below.refused("EventBridge's member '" + name + "'", "'type', which is the event's type here");
        }
        if (name.equals("detail") && below.value().isObject()) { // an extension of that name is no object
            throw below.refused("EventBridge's member 'detail'", "'data', which is the event's data here");
        }
    }

    private static void put(Source source, Test test, List<Branch> branches) {
        int conditions = Bounds.conditions(test.wanted());
        int size = 0;
        for (Branch branch : branches) {
            if (branch.tests.putIfAbsent(test.path().names(), test) != null) {
                throw source.refused(
                        "the path '" + test.path() + "' for the second time",
                        "each path once, either in $or or outside of it");
            }
            branch.conditions += conditions;
            size += branch.conditions;
        }
        if (size > Limits.MAX_CONDITIONS) {
            throw source.refused(
                    size + " conditions, with every $or multiplied out", "at most " + Limits.MAX_CONDITIONS);
        }
    }

    private void or(Source source, List<String> path, List<Branch> branches) {
        source.array("objects, one of which has to match");
        if (source.value().size() < 2) {
            throw source.refused("an $or of one", "two objects at least, one of which has to match");
        }
        List<Branch> before = List.copyOf(branches);
        branches.clear();
        source.each((index, alternative) -> {
            List<Branch> own = new ArrayList<>();
            for (Branch branch : before) {
                own.add(new Branch(branch));
            }
            if (branches.size() + own.size() > Limits.MAX_CONDITIONS) {
                throw alternative.refused(
                        "more than " + Limits.MAX_CONDITIONS + " branches, with every $or multiplied out",
                        "at most " + Limits.MAX_CONDITIONS);
            }
            object(alternative, path, own, true);
            branches.addAll(own);
        });
    }

    private static Test test(Source source, List<String> path) {
        List<ValueTest> wanted = new ArrayList<>();
        Set<String> texts = new LinkedHashSet<>();
        boolean[] orAbsent = {false};
        source.array(OPERATORS).each((index, value) -> {
            if (value.value().isString()) {
                texts.add(value.value().stringValue());
                AddressBlock address = AddressBlock.ofOne(value.value().stringValue());
                if (address != null) {
                    wanted.add(new InBlock(address)); // an address in another notation is the same address
                }
            } else if (value.value().isObject()) {
                Map.Entry<String, Source> operator = value.onlyMember("an operator");
                if (operator.getKey().equals("exists")) {
                    if (operator.getValue().bool("true or false")) {
                        wanted.add(new Present());
                    } else {
                        orAbsent[0] = true;
                    }
                } else {
                    wanted.add(operator(operator.getKey(), operator.getValue()));
                }
            } else {
                wanted.add(literal(value));
            }
        });
        if (!texts.isEmpty()) {
            wanted.add(0, new Texts(texts));
        }
        return new Test(
                Path.of(path),
                wanted.size() == 1 ? wanted.get(0) : new Either(wanted),
                orAbsent[0] ? Absence.PASSES : Absence.FAILS,
                Reach.LEAVES);
    }

    private static ValueTest literal(Source source) {
        if (source.value().isNumber()) {
            return Range.equalTo(source.number("a number"));
        }
        if (source.value().isBoolean()) {
            return new Bool(source.value().booleanValue());
        }
        if (source.value().isNull()) {
            return new Null();
        }
        throw source.refused(source.excerpt(), OPERATORS);
    }

    private static ValueTest operator(String name, Source operand) {
        return switch (name) {
            case "exactly" -> Texts.of(operand.text("a string"));
            case "prefix" ->
                operand.value().isObject()
                        ? new Prefix(ignoringCase(operand), true)
                        : new Prefix(operand.text("a string, or {\"equals-ignore-case\": a string}"), false);
            case "suffix" ->
                operand.value().isObject()
                        ? new Suffix(ignoringCase(operand), true)
                        : new Suffix(operand.text("a string, or {\"equals-ignore-case\": a string}"), false);
            case "equals-ignore-case" -> new IgnoringCase(operand.text("a string"));
            case "wildcard" -> wildcard(operand);
            case "cidr" -> cidr(operand);
            case "numeric" -> numeric(operand);
            case "anything-but" -> anythingBut(operand);
            default -> throw operand.refused("the operator '" + name + "'", OPERATORS);
        };
    }

    private static String ignoringCase(Source operand) {
        Map.Entry<String, Source> only = operand.onlyMember("equals-ignore-case");
        if (!only.getKey().equals("equals-ignore-case")) {
            throw only.getValue().refused("'" + only.getKey() + "'", "equals-ignore-case");
        }
        return only.getValue().text("a string");
    }

    private static Like wildcard(Source operand) {
        try {
            return new Like(Wildcard.parse(operand.text("a string with * for any characters")));
        } catch (IllegalArgumentException e) {
            throw operand.refused(
                    e.getMessage() + " in " + operand.excerpt(), "a string with * for any characters, \\* for a star");
        }
    }

    private static InBlock cidr(Source operand) {
        try {
            return new InBlock(AddressBlock.parse(operand.text("a string with a block such as 10.0.0.0/8")));
        } catch (IllegalArgumentException e) {
            throw operand.refused(String.valueOf(e.getMessage()), "a block such as 10.0.0.0/8 or 2001:db8::/32");
        }
    }

    private static Range numeric(Source operand) {
        List<Source> terms = new ArrayList<>();
        operand.array("an operator (=, <, <=, >, >=) and a number, once or twice")
                .each((index, term) -> terms.add(term));
        if (terms.size() != 2 && terms.size() != 4) {
            throw operand.refused(operand.excerpt(), "an operator (=, <, <=, >, >=) and a number, once or twice");
        }
        String first = terms.get(0).text("one of =, <, <=, >, >=");
        Num number = terms.get(1).number("a number");
        if (terms.size() == 2) {
            return switch (first) {
                case "=" -> Range.equalTo(number);
                case ">" -> new Range(number, false, null, false);
                case ">=" -> new Range(number, true, null, false);
                case "<" -> new Range(null, false, number, false);
                case "<=" -> new Range(null, false, number, true);
                default -> throw terms.get(0).refused("'" + first + "'", "one of =, <, <=, >, >=");
            };
        }
        String second = terms.get(2).text("< or <=");
        Num top = terms.get(3).number("a number");
        if (!first.equals(">") && !first.equals(">=")) {
            throw terms.get(0).refused("'" + first + "' as the first of two", "> or >=, then < or <=");
        }
        if (!second.equals("<") && !second.equals("<=")) {
            throw terms.get(2).refused("'" + second + "' as the second of two", "< or <=");
        }
        if (number.compareTo(top) >= 0) {
            throw terms.get(3).refused(top.toString(), "a number above " + number);
        }
        return new Range(number, first.equals(">="), top, second.equals("<="));
    }

    private static AnythingBut anythingBut(Source operand) {
        if (operand.value().isObject()) {
            Map.Entry<String, Source> only = operand.onlyMember("one of prefix, suffix, equals-ignore-case, wildcard");
            Source texts = only.getValue();
            return switch (only.getKey()) {
                case "prefix" ->
                    new AnythingBut(each(texts, each -> new Prefix(each.textWithCharacters("a string"), false)));
                case "suffix" ->
                    new AnythingBut(each(texts, each -> new Suffix(each.textWithCharacters("a string"), false)));
                case "equals-ignore-case" ->
                    new AnythingBut(each(texts, each -> new IgnoringCase(each.text("a string"))));
                case "wildcard" -> new AnythingBut(each(texts, PatternLanguage::wildcard));
                default ->
                    throw texts.refused(
                            "'" + only.getKey() + "'", "one of prefix, suffix, equals-ignore-case, wildcard");
            };
        }
        List<ValueTest> tests = each(operand, each -> {
            if (!each.value().isString() && !each.value().isNumber()) {
                throw each.refused(each.excerpt(), "a string or a number");
            }
            return each.value().isString() ? Texts.of(each.value().stringValue()) : literal(each);
        });
        boolean strings = tests.get(0) instanceof Texts;
        if (!tests.stream().allMatch(test -> test instanceof Texts == strings)) {
            throw operand.refused(operand.excerpt(), "either strings or numbers, not both");
        }
        return new AnythingBut(tests);
    }

    /** The tests of one operand, or of several in an array. */
    private static List<ValueTest> each(Source operand, Function<Source, ValueTest> test) {
        if (!operand.value().isArray()) {
            return List.of(test.apply(operand));
        }
        List<ValueTest> tests = new ArrayList<>();
        operand.array("what is not wanted").each((index, each) -> tests.add(test.apply(each)));
        return tests;
    }
}
