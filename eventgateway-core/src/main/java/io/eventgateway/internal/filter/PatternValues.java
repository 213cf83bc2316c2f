package io.eventgateway.internal.filter;

import io.eventgateway.Filter.Language;
import io.eventgateway.error.FilterConversionException;
import io.eventgateway.internal.filter.Condition.Test;
import io.eventgateway.internal.filter.Formula.Atom;
import io.eventgateway.internal.filter.ValueTest.AnythingBut;
import io.eventgateway.internal.filter.ValueTest.Bool;
import io.eventgateway.internal.filter.ValueTest.Contains;
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
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/** Writes tests of a value as the array of values and operators that a pattern has at a path. */
final class PatternValues {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final String ANYTHING_BUT = "anything-but";
    private static final String WILDCARD = "wildcard";
    private static final String IGNORING_CASE = "equals-ignore-case";

    private final String path;
    private final ArrayNode values = NODES.arrayNode();

    private PatternValues(String path) {
        this.path = path;
    }

    static ArrayNode of(Atom atom) {
        PatternValues printer = new PatternValues(atom.attribute());
        if (!atom.negated()) {
            atom.tests().forEach(printer::add);
        } else {
            printer.add(atom.tests().isEmpty() ? new Present() : new AnythingBut(atom.tests()));
        }
        return printer.orAbsent(atom.orAbsent());
    }

    static ArrayNode of(Test test) {
        PatternValues printer = new PatternValues(test.path().toString());
        printer.add(test.wanted());
        return printer.orAbsent(test.orAbsent());
    }

    private ArrayNode orAbsent(boolean wanted) {
        return wanted ? values.add(operator("exists", BooleanNode.FALSE)) : values;
    }

    private static ObjectNode operator(String name, JsonNode operand) {
        ObjectNode operator = NODES.objectNode();
        operator.set(name, operand);
        return operator;
    }

    private FilterConversionException refused(String reason) {
        return new FilterConversionException(Language.PATTERN, path, reason, null);
    }

    private void add(ValueTest test) {
        if (test instanceof Either either) {
            either.tests().forEach(this::add);
        } else if (test instanceof Texts texts) {
            texts.texts().stream().sorted().forEach(text -> values.add(text(text)));
        } else {
            values.add(value(test));
        }
    }

    /** A string that is an address stands for its other notations, too, unless it is wanted exactly. */
    private static JsonNode text(String text) {
        return AddressBlock.ofOne(text) == null
                ? StringNode.valueOf(text)
                : operator("exactly", StringNode.valueOf(text));
    }

    private JsonNode value(ValueTest test) {
        if (test instanceof IgnoringCase text) {
            return operator(IGNORING_CASE, StringNode.valueOf(text.text()));
        }
        if (test instanceof Prefix prefix) {
            return operator("prefix", text(prefix.text(), prefix.ignoreCase()));
        }
        if (test instanceof Suffix suffix) {
            return operator("suffix", text(suffix.text(), suffix.ignoreCase()));
        }
        if (test instanceof InBlock block) {
            String written = block.block().toString();
            return written.indexOf('/') < 0
                    ? StringNode.valueOf(written)
                    : operator("cidr", StringNode.valueOf(written));
        }
        if (test instanceof Range range) {
            return range(range);
        }
        if (test instanceof Bool bool) {
            return BooleanNode.valueOf(bool.wanted());
        }
        if (test instanceof Null) {
            return NODES.nullNode();
        }
        if (test instanceof Present) {
            return operator("exists", BooleanNode.TRUE);
        }
        if (test instanceof AnythingBut anythingBut) {
            return anythingBut(anythingBut);
        }
        String form = wildcard(test);
        if (form == null) {
            throw refused(reason(test));
        }
        return operator(WILDCARD, StringNode.valueOf(form));
    }

    private static String reason(ValueTest test) {
        if (test instanceof CastTest.OnText) {
            return "it does not take numbers and booleans for their texts, which may pass " + test;
        }
        return test instanceof Contains
                ? "its wildcards count the case of letters, and " + test + " does not"
                : "it has no operator for " + test;
    }

    private static JsonNode text(String text, boolean ignoreCase) {
        StringNode node = StringNode.valueOf(text);
        return ignoreCase ? operator(IGNORING_CASE, node) : node;
    }

    private static JsonNode range(Range range) {
        if (range.isOneNumber()) {
            return number(range.low());
        }
        ArrayNode terms = NODES.arrayNode();
        if (range.low() != null) {
            terms.add(range.lowIncluded() ? ">=" : ">").add(number(range.low()));
        }
        if (range.high() != null) {
            terms.add(range.highIncluded() ? "<=" : "<").add(number(range.high()));
        }
        return operator("numeric", terms);
    }

    private static JsonNode number(@Nullable Num number) {
        return NODES.numberNode(new BigDecimal(String.valueOf(number)));
    }

    /** Prints what is not wanted. One operator has to say all of it: texts, numbers, or one kind of forms. */
    private JsonNode anythingBut(AnythingBut wanted) {
        List<ValueTest> tests = new ArrayList<>();
        for (ValueTest test : wanted.tests()) {
            if (test instanceof Texts texts) {
                texts.texts().stream().sorted().forEach(text -> tests.add(Texts.of(text)));
            } else {
                tests.add(test);
            }
        }
        JsonNode operand = operand(
                tests,
                test -> test instanceof Texts text
                        ? StringNode.valueOf(text.texts().iterator().next())
                        : null);
        if (operand == null) {
            operand = operand(
                    tests, test -> test instanceof Range range && range.isOneNumber() ? number(range.low()) : null);
        }
        if (operand == null) {
            operand = form("prefix", tests, PatternValues::prefix);
        }
        if (operand == null) {
            operand = form("suffix", tests, PatternValues::suffix);
        }
        if (operand == null) {
            operand = form(IGNORING_CASE, tests, test -> test instanceof IgnoringCase text ? text.text() : null);
        }
        if (operand == null) {
            operand = form(WILDCARD, tests, PatternValues::wildcard);
        }
        if (operand == null) {
            throw refused("it has no anything-but for "
                    + tests.stream().map(ValueTest::toString).collect(Collectors.joining(" or ")));
        }
        return operator(ANYTHING_BUT, operand);
    }

    private static @Nullable JsonNode form(
            String name, List<ValueTest> tests, Function<ValueTest, @Nullable String> text) {
        JsonNode operand = operand(tests, test -> {
            String of = text.apply(test);
            return of == null ? null : StringNode.valueOf(of);
        });
        return operand == null ? null : operator(name, operand);
    }

    /** What each test is, alone or in an array; null unless all of them are something. */
    private static @Nullable JsonNode operand(List<ValueTest> tests, Function<ValueTest, @Nullable JsonNode> one) {
        ArrayNode all = NODES.arrayNode();
        for (ValueTest test : tests) {
            JsonNode each = one.apply(test);
            if (each == null) {
                return null;
            }
            all.add(each);
        }
        return all.size() == 1 ? all.get(0) : all;
    }

    private static @Nullable String prefix(ValueTest test) {
        return test instanceof Prefix prefix
                        && !prefix.ignoreCase()
                        && !prefix.text().isEmpty()
                ? prefix.text()
                : null;
    }

    private static @Nullable String suffix(ValueTest test) {
        return test instanceof Suffix suffix
                        && !suffix.ignoreCase()
                        && !suffix.text().isEmpty()
                ? suffix.text()
                : null;
    }

    /** The wildcard that decides as a test; null where there is none. */
    private static @Nullable String wildcard(ValueTest test) {
        if (test instanceof Texts texts) {
            return escaped(texts.texts().iterator().next());
        }
        if (test instanceof IgnoringCase text && CaseClasses.isCaseless(text.text())) {
            return escaped(text.text());
        }
        if (test instanceof Prefix prefix && (!prefix.ignoreCase() || CaseClasses.isCaseless(prefix.text()))) {
            return escaped(prefix.text()) + "*";
        }
        if (test instanceof Suffix suffix && (!suffix.ignoreCase() || CaseClasses.isCaseless(suffix.text()))) {
            return "*" + escaped(suffix.text());
        }
        if (test instanceof Contains contains) {
            String text = contains.text().text();
            return CaseClasses.isAscii(text) && CaseClasses.isCaseless(text)
                    ? text.isEmpty() ? "*" : "*" + escaped(text) + "*"
                    : null;
        }
        return test instanceof Like like
                ? like.form().texts().stream().map(PatternValues::escaped).collect(Collectors.joining("*"))
                : null;
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\").replace("*", "\\*");
    }
}
