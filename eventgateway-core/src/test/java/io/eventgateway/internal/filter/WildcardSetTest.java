package io.eventgateway.internal.filter;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventgateway.Event;
import io.eventgateway.internal.filter.ValueTest.Contains;
import io.eventgateway.internal.filter.ValueTest.Either;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Wildcards and contained texts that are looked for together decide as each of them does. */
class WildcardSetTest {
    private static String text(Random random, int longest) {
        return random.ints(random.nextInt(longest), 0, 3)
                .mapToObj(i -> "abc".substring(i, i + 1))
                .collect(Collectors.joining());
    }

    private static Wildcard wildcard(Random random) {
        List<String> pieces = new ArrayList<>();
        pieces.add(text(random, 3));
        for (int i = random.nextInt(3); i >= 0; i--) {
            pieces.add(text(random, 4) + "ab".charAt(random.nextInt(2)));
        }
        pieces.add(text(random, 3));
        return Wildcard.of("", pieces);
    }

    @Property(tries = 2_000)
    void decidesAsEachOfTheWildcards(@ForAll long seed) {
        Random random = new Random(seed);
        List<Wildcard> wildcards = new ArrayList<>();
        for (int i = random.nextInt(12); i >= 0; i--) {
            wildcards.add(wildcard(random));
        }
        WildcardSet set = new WildcardSet(wildcards);
        for (int i = 0; i < 30; i++) {
            String text = text(random, 20);
            assertThat(set.matches(text))
                    .as(
                            "%s of %s",
                            text, wildcards.stream().map(Wildcard::texts).toList())
                    .isEqualTo(wildcards.stream().anyMatch(each -> each.matches(text)));
        }
    }

    @Property(tries = 500)
    void containedTextsOfAListAreFoundWithoutCase(@ForAll long seed) {
        Random random = new Random(seed);
        String letters = "aAkK\u212AsSſΣσςİıiI\uD801\uDC00\uD801\uDC28ß";
        List<ValueTest> tests = new ArrayList<>();
        for (int i = 0; i < WildcardSet.FEW + random.nextInt(3); i++) {
            tests.add(Contains.ofAnyCase(letters(random, letters, 1 + random.nextInt(3))));
        }
        Either either = new Either(tests);
        for (int i = 0; i < 20; i++) {
            String text = letters(random, letters, random.nextInt(8));
            assertThat(either.test(text))
                    .as("%s of %s", text, tests)
                    .isEqualTo(tests.stream().anyMatch(each -> each.test(text)));
        }
    }

    private static String letters(Random random, String letters, int count) {
        int[] all = letters.codePoints().toArray();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.appendCodePoint(all[random.nextInt(all.length)]);
        }
        return text.toString();
    }

    /** Azure compares texts without case, and here the same letters are equal in all languages. */
    @ParameterizedTest
    @CsvSource({
        "Σ, ΑΣ, true",
        "ΑΣ, ΑΣΑ, true",
        "σ, ας, true",
        "s, ſ, true",
        "k, \u212A, true",
        "É, café, true",
        "SS, ß, false"
    })
    void lettersAreContainedWhateverTheirCase(String wanted, String text, boolean contained) {
        assertThat(Contains.ofAnyCase(wanted).test(text)).isEqualTo(contained);
    }

    static Stream<String> hostileFilters() {
        return Stream.of(
                "{\"pattern\":{\"data\":{\"s\":[" + values("{\"wildcard\":\"*aaaaaaaaa%d*\"}") + "]}}}",
                "{\"pattern\":{\"data\":{\"s\":[" + values("{\"wildcard\":\"*aaaaaaaaa*b%d*\"}") + "]}}}",
                "{\"pattern\":{\"data\":{\"s\":[{\"anything-but\":{\"wildcard\":[" + values("\"*aaaaaaaaa%d*\"")
                        + "]}}]}}}",
                eventGrid("StringContains"),
                eventGrid("StringNotContains"));
    }

    private static String values(String value) {
        return IntStream.range(0, 1_900).mapToObj(value::formatted).collect(Collectors.joining(","));
    }

    private static String eventGrid(String operator) {
        return "{\"eventGrid\":{\"advancedFilters\":[{\"operatorType\":\"" + operator
                + "\",\"key\":\"data.s\",\"values\":[" + values("\"aaaaaaaaa%d\"") + "]}]}}";
    }

    /** One by one, they took half a minute a text. */
    @ParameterizedTest
    @MethodSource("hostileFilters")
    @Timeout(10)
    void manyTextsAreLookedForInTheTimeOfOne(String filter) {
        io.eventgateway.Filter.fromJson(filter);
        Condition condition = compiled(filter);
        Event event = Event.builder("t")
                .data("application/json", ("{\"s\":\"" + "a".repeat(1_000_000) + "\"}").getBytes())
                .build();
        FilterIndex<String> index = new FilterIndex<>();
        index.put("s", "s", condition);
        List<String> matched = new ArrayList<>();
        index.match(event, matched);
        assertThat(matched).hasSize(filter.contains("Not") || filter.contains("anything-but") ? 1 : 0);
    }

    private static Condition compiled(String form) {
        tools.jackson.databind.JsonNode json =
                tools.jackson.databind.json.JsonMapper.shared().readTree(form);
        return (json.has("pattern") ? Filters.pattern(json.get("pattern")) : Filters.eventGrid(json.get("eventGrid")))
                .condition();
    }

    @Test
    void endingsOfALongerTextAreFoundToo() {
        WildcardSet set = new WildcardSet(List.of(
                Wildcard.parse("*abab*c*"), Wildcard.parse("*ba*x*"), Wildcard.parse("*b*y*"), Wildcard.parse("*a*z")));
        assertThat(set.matches("ababc")).isTrue();
        assertThat(set.matches("ababx")).isTrue();
        assertThat(set.matches("ababy")).isTrue();
        assertThat(set.matches("abz")).isTrue();
        assertThat(set.matches("abw")).isFalse();
        assertThat(set.matches("")).isFalse();
    }
}
