package io.eventgateway.internal.filter;

import io.eventgateway.internal.filter.ValueTest.IgnoringCase;
import io.eventgateway.internal.filter.ValueTest.Prefix;
import io.eventgateway.internal.filter.ValueTest.Range;
import io.eventgateway.internal.filter.ValueTest.Suffix;
import io.eventgateway.internal.filter.ValueTest.Texts;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Tests of which a value may pass one, made ready so that long lists cost little: texts are hashed, numbers and affixes ordered. Only
 * what is left is tried one by one. Immutable.
 */
final class ValueSet {
    private final Set<String> texts = new HashSet<>();
    private final Set<String> foldedTexts = new HashSet<>();
    private final Num[] numbers;
    private final AffixSet prefixes;
    private final AffixSet foldedPrefixes;
    private final AffixSet suffixes;
    private final AffixSet foldedSuffixes;
    private final ValueTest[] others;

    ValueSet(List<ValueTest> tests) {
        List<Num> equal = new ArrayList<>();
        List<ValueTest> left = new ArrayList<>();
        for (ValueTest test : tests) {
            if (test instanceof Texts some) {
                texts.addAll(some.texts());
            } else if (test instanceof IgnoringCase same) {
                foldedTexts.add(Letters.folded(same.text()));
            } else if (test instanceof Range range && range.isOneNumber()) {
                equal.add(Objects.requireNonNull(range.low()));
            } else if (!(test instanceof Prefix) && !(test instanceof Suffix)) {
                left.add(test);
            }
        }
        this.numbers = equal.stream().sorted().toArray(Num[]::new);
        this.prefixes = prefixes(tests, false);
        this.foldedPrefixes = prefixes(tests, true);
        this.suffixes = suffixes(tests, false);
        this.foldedSuffixes = suffixes(tests, true);
        this.others = left.toArray(ValueTest[]::new);
    }

    private static AffixSet prefixes(List<ValueTest> tests, boolean ignoreCase) {
        return new AffixSet(
                tests.stream()
                        .filter(test -> test instanceof Prefix prefix && prefix.ignoreCase() == ignoreCase)
                        .map(test -> folded(((Prefix) test).text(), ignoreCase))
                        .toList(),
                false);
    }

    private static AffixSet suffixes(List<ValueTest> tests, boolean ignoreCase) {
        return new AffixSet(
                tests.stream()
                        .filter(test -> test instanceof Suffix suffix && suffix.ignoreCase() == ignoreCase)
                        .map(test -> folded(((Suffix) test).text(), ignoreCase))
                        .toList(),
                true);
    }

    private static String folded(String text, boolean ignoreCase) {
        return ignoreCase ? Letters.folded(text) : text;
    }

    /**
     * Returns whether the value passes one of the tests.
     *
     * @throws Evaluation.Failed if a test that is reached can't be made of such a value
     */
    boolean test(Object value) {
        String text = ValueTest.textOf(value);
        if (text != null ? passes(text) : value instanceof JsonNode node && node.isNumber() && isOneOfNumbers(node)) {
            return true;
        }
        for (ValueTest other : others) {
            if (other.test(value)) {
                return true;
            }
        }
        return false;
    }

    private boolean passes(String text) {
        if (texts.contains(text) || prefixes.matches(text) || suffixes.matches(text)) {
            return true;
        }
        if (foldedTexts.isEmpty() && foldedPrefixes.isEmpty() && foldedSuffixes.isEmpty()) {
            return false;
        }
        String folded = Letters.folded(text);
        return foldedTexts.contains(folded) || foldedPrefixes.matches(folded) || foldedSuffixes.matches(folded);
    }

    private boolean isOneOfNumbers(JsonNode number) {
        int low = 0;
        int high = numbers.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            int compared = Num.compare(number, numbers[middle]);
            if (compared == 0) {
                return true;
            }
            if (compared > 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return false;
    }
}
