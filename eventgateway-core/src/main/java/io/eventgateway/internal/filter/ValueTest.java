package io.eventgateway.internal.filter;

import io.eventgateway.internal.net.AddressBlock;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a filter asks of one value. A value is a {@code String}, or a JSON node of any type; the structured ones pass
 * {@link Present} alone. {@code toString} is how explanations name the test.
 */
sealed interface ValueTest
        permits ValueTest.Texts,
                ValueTest.IgnoringCase,
                ValueTest.Prefix,
                ValueTest.Suffix,
                ValueTest.Contains,
                ValueTest.Like,
                ValueTest.Range,
                ValueTest.InBlock,
                ValueTest.Bool,
                ValueTest.Null,
                ValueTest.AnyNumber,
                ValueTest.NoNumber,
                ValueTest.AnArray,
                ValueTest.Present,
                ValueTest.AnythingBut,
                ValueTest.Either,
                ValueTest.LikeCharacters,
                CastTest {
    /**
     * Returns whether the value passes.
     *
     * @throws Evaluation.Failed if the test can't be made of such a value
     */
    boolean test(Object value);

    /** The text of a JSON string; null for every other value. */
    static @Nullable String textOf(Object value) {
        if (value instanceof String text) {
            return text;
        }
        return value instanceof JsonNode node && node.isString() ? node.stringValue() : null;
    }

    private static boolean isStructured(Object value) {
        return value instanceof JsonNode node && node.isContainer();
    }

    /** A string that is exactly one of some. */
    record Texts(Set<String> texts) implements ValueTest {
        public Texts {
            texts = Set.copyOf(texts);
        }

        static Texts of(String text) {
            return new Texts(Set.of(text));
        }

        @Override
        public boolean test(Object value) {
            String text = ValueTest.textOf(value);
            return text != null && texts.contains(text);
        }

        @Override
        public String toString() {
            return texts.size() == 1
                    ? quoted(texts.iterator().next())
                    : "one of "
                            + new TreeSet<>(texts)
                                    .stream().map(ValueTest::quoted).collect(Collectors.joining(", "));
        }
    }

    /** A string that is the text, whatever the case of its letters. */
    record IgnoringCase(String text) implements ValueTest {
        @Override
        public boolean test(Object value) {
            String seen = ValueTest.textOf(value);
            return seen != null && seen.equalsIgnoreCase(text);
        }

        @Override
        public String toString() {
            return quoted(text) + " in any case";
        }
    }

    /** A string that begins with a text. */
    record Prefix(String text, boolean ignoreCase) implements ValueTest {
        @Override
        public boolean test(Object value) {
            String seen = ValueTest.textOf(value);
            return seen != null && seen.regionMatches(ignoreCase, 0, text, 0, text.length());
        }

        @Override
        public String toString() {
            return "prefix " + quoted(text) + (ignoreCase ? " in any case" : "");
        }
    }

    /** A string that ends with a text. */
    record Suffix(String text, boolean ignoreCase) implements ValueTest {
        @Override
        public boolean test(Object value) {
            String seen = ValueTest.textOf(value);
            return seen != null
                    && seen.regionMatches(ignoreCase, seen.length() - text.length(), text, 0, text.length());
        }

        @Override
        public String toString() {
            return "suffix " + quoted(text) + (ignoreCase ? " in any case" : "");
        }
    }

    /** A string that has a text in it, whatever the case of its letters. */
    record Contains(Needle text) implements ValueTest {
        static Contains ofAnyCase(String text) {
            return new Contains(new Needle(Letters.folded(text)));
        }

        @Override
        public boolean test(Object value) {
            String seen = ValueTest.textOf(value);
            return seen != null && text.indexIn(Letters.folded(seen), 0) >= 0;
        }

        @Override
        public String toString() {
            return "containing " + quoted(text.text()) + " in any case";
        }
    }

    /** A string of a form. */
    record Like(Wildcard form) implements ValueTest {
        @Override
        public boolean test(Object value) {
            String seen = ValueTest.textOf(value);
            return seen != null && form.matches(seen);
        }

        @Override
        public String toString() {
            return "wildcard " + quoted(form.toString());
        }
    }

    /** A number between bounds; a bound that is null is none. */
    record Range(
            @Nullable Num low,
            boolean lowIncluded,
            @Nullable Num high,
            boolean highIncluded) implements ValueTest {
        static Range equalTo(Num number) {
            return new Range(number, true, number, true);
        }

        @Override
        public boolean test(Object value) {
            return value instanceof JsonNode node && node.isNumber() && contains(node);
        }

        boolean contains(JsonNode number) {
            if (low != null) {
                int compared = Num.compare(number, low);
                if (compared < 0 || (compared == 0 && !lowIncluded)) {
                    return false;
                }
            }
            if (high != null) {
                int compared = Num.compare(number, high);
                return compared < 0 || (compared == 0 && highIncluded);
            }
            return true;
        }

        boolean isOneNumber() {
            return low != null && low.equals(high);
        }

        @Override
        public String toString() {
            if (low != null && low.equals(high)) {
                return "number " + low;
            }
            StringJoiner bounds = new StringJoiner(" and ", "numeric ", "");
            if (low != null) {
                bounds.add((lowIncluded ? ">= " : "> ") + low);
            }
            if (high != null) {
                bounds.add((highIncluded ? "<= " : "< ") + high);
            }
            return bounds.toString();
        }
    }

    /** A string that is an address of a block. */
    record InBlock(AddressBlock block) implements ValueTest {
        @Override
        public boolean test(Object value) {
            String seen = ValueTest.textOf(value);
            return seen != null && block.contains(seen);
        }

        @Override
        public String toString() {
            return "cidr " + quoted(block.toString());
        }
    }

    /** True, or false. */
    record Bool(boolean wanted) implements ValueTest {
        @Override
        public boolean test(Object value) {
            return value instanceof JsonNode node && node.isBoolean() && node.booleanValue() == wanted;
        }

        @Override
        public String toString() {
            return Boolean.toString(wanted);
        }
    }

    /** JSON's null. */
    record Null() implements ValueTest {
        @Override
        public boolean test(Object value) {
            return value instanceof JsonNode node && node.isNull();
        }

        @Override
        public String toString() {
            return "null";
        }
    }

    /** A number. */
    record AnyNumber() implements ValueTest {
        @Override
        public boolean test(Object value) {
            return value instanceof JsonNode node && node.isNumber();
        }

        @Override
        public String toString() {
            return "a number";
        }
    }

    /** Anything that is no number, arrays and objects included. */
    record NoNumber() implements ValueTest {
        @Override
        public boolean test(Object value) {
            return !(value instanceof JsonNode node && node.isNumber());
        }

        @Override
        public String toString() {
            return "no number";
        }
    }

    /** An array. */
    record AnArray() implements ValueTest {
        @Override
        public boolean test(Object value) {
            return value instanceof JsonNode node && node.isArray();
        }

        @Override
        public String toString() {
            return "an array";
        }
    }

    /** Any value. */
    record Present() implements ValueTest {
        @Override
        public boolean test(Object value) {
            return true;
        }

        @Override
        public String toString() {
            return "any value";
        }
    }

    /** A value that passes none of the tests. */
    final class AnythingBut implements ValueTest {
        private final List<ValueTest> tests;
        private final ValueSet values;

        AnythingBut(List<ValueTest> tests) {
            this.tests = List.copyOf(tests);
            this.values = new ValueSet(tests);
        }

        List<ValueTest> tests() {
            return tests;
        }

        @Override
        public boolean test(Object value) {
            return !isStructured(value) && !values.test(value);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof AnythingBut that && tests.equals(that.tests);
        }

        @Override
        public int hashCode() {
            return 31 + tests.hashCode();
        }

        @Override
        public String toString() {
            return "anything but " + joined(tests);
        }
    }

    /** A value that passes one of the tests. */
    final class Either implements ValueTest {
        private final List<ValueTest> tests;
        private final ValueSet values;

        Either(List<ValueTest> tests) {
            this.tests = List.copyOf(tests);
            this.values = new ValueSet(tests);
        }

        List<ValueTest> tests() {
            return tests;
        }

        @Override
        public boolean test(Object value) {
            return values.test(value);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Either that && tests.equals(that.tests);
        }

        @Override
        public int hashCode() {
            return tests.hashCode();
        }

        @Override
        public String toString() {
            return joined(tests);
        }
    }

    /** A string of a form in which single characters may be any. */
    record LikeCharacters(LikeForm form) implements ValueTest {
        @Override
        public boolean test(Object value) {
            String seen = ValueTest.textOf(value);
            return seen != null && form.matches(seen);
        }

        @Override
        public String toString() {
            return "like " + quoted(form.toString());
        }
    }

    private static String joined(List<ValueTest> tests) {
        return tests.stream().map(ValueTest::toString).collect(Collectors.joining(" or "));
    }

    private static String quoted(String text) {
        return '"' + text + '"';
    }
}
