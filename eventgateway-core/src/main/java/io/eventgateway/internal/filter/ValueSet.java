package io.eventgateway.internal.filter;

import io.eventgateway.internal.filter.ValueTest.Contains;
import io.eventgateway.internal.filter.ValueTest.IgnoringCase;
import io.eventgateway.internal.filter.ValueTest.Like;
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
 * Tests of which a value may pass one, made ready so that long lists cost little: texts are hashed, numbers and affixes ordered,
 * wildcards and contained texts looked for together. Only what is left is tried one by one. Immutable.
 */
final class ValueSet {
    private final Set<String> texts = new HashSet<>();
    private final Set<String> foldedTexts = new HashSet<>();
    private final Num[] numbers;
    private final AffixSet prefixes;
    private final AffixSet foldedPrefixes;
    private final AffixSet suffixes;
    private final AffixSet foldedSuffixes;
    private final WildcardSet wildcards;
    /** The texts that a value may have in it, between two stars. */
    private final WildcardSet foldedContained;

    private final ValueTest[] others;

    ValueSet(List<ValueTest> tests) {
        List<Num> equal = new ArrayList<>();
        List<ValueTest> left = new ArrayList<>();
        List<Wildcard> forms = wildcards(tests);
        List<Wildcard> contained = contained(tests);
        for (ValueTest test : tests) {
            if (test instanceof Texts some) {
                texts.addAll(some.texts());
            } else if (test instanceof IgnoringCase same) {
                foldedTexts.add(Letters.folded(same.text()));
            } else if (test instanceof Range range && range.isOneNumber()) {
                equal.add(Objects.requireNonNull(range.low()));
            } else if (!(test instanceof Prefix)
                    && !(test instanceof Suffix)
                    && !(test instanceof Like like && !forms.isEmpty() && WildcardSet.isFor(like.form()))
                    && !(test instanceof Contains && !contained.isEmpty())) {
                left.add(test);
            }
        }
        this.numbers = equal.stream().sorted().toArray(Num[]::new);
        this.prefixes = prefixes(tests, false);
        this.foldedPrefixes = prefixes(tests, true);
        this.suffixes = suffixes(tests, false);
        this.foldedSuffixes = suffixes(tests, true);
        this.wildcards = new WildcardSet(forms);
        this.foldedContained = new WildcardSet(contained);
        this.others = left.toArray(ValueTest[]::new);
    }

    private static List<Wildcard> wildcards(List<ValueTest> tests) {
        List<Wildcard> forms = new ArrayList<>();
        for (ValueTest test : tests) {
            if (test instanceof Like like && WildcardSet.isFor(like.form())) {
                forms.add(like.form());
            }
        }
        return forms.size() < WildcardSet.FEW ? List.of() : forms;
    }

    /** Texts that are contained, as wildcards; none where one of them is empty, which is quick by itself. */
    private static List<Wildcard> contained(List<ValueTest> tests) {
        List<Wildcard> contained = new ArrayList<>();
        for (ValueTest test : tests) {
            if (test instanceof Contains contains) {
                if (contains.text().length() == 0) {
                    return List.of();
                }
                contained.add(Wildcard.of("", List.of("", contains.text().text(), "")));
            }
        }
        return contained.size() < WildcardSet.FEW ? List.of() : contained;
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
        if (texts.contains(text) || prefixes.matches(text) || suffixes.matches(text) || wildcards.matches(text)) {
            return true;
        }
        if (foldedTexts.isEmpty()
                && foldedPrefixes.isEmpty()
                && foldedSuffixes.isEmpty()
                && foldedContained.isEmpty()) {
            return false;
        }
        String folded = Letters.folded(text);
        return foldedTexts.contains(folded)
                || foldedPrefixes.matches(folded)
                || foldedSuffixes.matches(folded)
                || foldedContained.matches(folded);
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
