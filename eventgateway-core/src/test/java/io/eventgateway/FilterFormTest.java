package io.eventgateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.Filter.PatternOption;
import io.eventgateway.error.InvalidFilterException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The JSON form that filters are stored in, and the bounds of filters. */
class FilterFormTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "null                                            | the top             | null",
                "``                                              | the top             | nothing",
                "[]                                              | the top             | []",
                "\"cesql\"                                       | the top             | an object with one member",
                "{}                                              | the top             | an object with one member",
                "{\"cesql\":\"a = 'x'\",\"not\":{}}              | the top             | an object with one member",
                "{\"and\":[{\"cesql\":\"TRUE\"},null]}           | /and/1              | null",
                "{\"not\":{\"or\":[{\"not\":7}]}}                | /not/or/0/not       | 7",
                "{\"cesql\":\"a = 'x'\",\"cesql\":\"b = 'y'\"}   | line 1, column 27   | Duplicate",
                "{\"pattern\":{\"a\":[1],\"a\":[2]}}             | line 1, column 24   | Duplicate",
                "{\"cesql\":\"TRUE\"} {}                         | line 1, column 18   | JSON",
                "{\"cesql\":                                     | line 1, column 10   | JSON",
            })
    void whatIsNoFilterIsRefusedWithItsPosition(String form, String position, String found) {
        assertThatThrownBy(() -> Filter.fromJson(form == null ? "" : form))
                .isInstanceOfSatisfying(InvalidFilterException.class, e -> {
                    assertThat(e.language()).isEqualTo("json");
                    assertThat(e.position()).isEqualTo(position);
                })
                .hasMessageContaining(found);
    }

    @ParameterizedTest
    @CsvSource({"200", "600", "100000"})
    void aFormThatIsNestedTooDeepIsRefused(int levels) {
        String deep = "{\"not\":".repeat(levels) + "{\"cesql\":\"TRUE\"}" + "}".repeat(levels);
        assertThatThrownBy(() -> Filter.fromJson(deep))
                .isInstanceOf(InvalidFilterException.class)
                .hasMessageMatching("(?s).*(nested deeper than 192 levels|at most 524288 are accepted).*");
    }

    /** Flat conditions, but a form that gets deeper with each. */
    @Test
    void combinationsThatCouldNotBeReadAgainAreNotMade() {
        Filter filter = Filter.cesql("a = 'x'");
        List<Filter> made = new ArrayList<>(List.of(filter));
        assertThatThrownBy(() -> {
                    while (true) {
                        made.add(Filter.and(made.get(made.size() - 1), filter));
                    }
                })
                .isInstanceOf(InvalidFilterException.class)
                .hasMessageContaining("192 levels");
        Filter deepest = made.get(made.size() - 1);
        assertThat(Filter.fromJson(deepest.toJson())).isEqualTo(deepest);
    }

    @Test
    void numbersOfAFormAreExact() {
        String form = "{\"pattern\":{\"data\":{\"n\":[12345678901234567.89]}}}";
        assertThat(Filter.fromJson(form).toJson()).isEqualTo(form);
    }

    @Test
    void aPatternOfNestedNamesIsStoredWithoutThem() {
        Filter nested = Filter.pattern("{\"data.a.b\":[1]}", PatternOption.NESTED_NAMES);
        assertThat(nested).isEqualTo(Filter.pattern("{\"data\":{\"a\":{\"b\":[1]}}}"));
        assertThat(nested.toJson()).isEqualTo("{\"pattern\":{\"data\":{\"a\":{\"b\":[1]}}}}");
        assertThat(Filter.pattern("{\"data.a.b\":[1]}", new PatternOption[0]))
                .isEqualTo(Filter.pattern("{\"data.a.b\":[1]}"))
                .isNotEqualTo(nested);
    }

    private static String values(int count, String each) {
        return IntStream.range(0, count).mapToObj(i -> each.formatted(i)).collect(Collectors.joining(","));
    }

    private static String pattern(String values) {
        return "{\"pattern\":{\"subject\":[" + values + "]}}";
    }

    private static String eventGrid(String operator, String values) {
        return "{\"eventGrid\":{\"advancedFilters\":[{\"operatorType\":\"" + operator
                + "\",\"key\":\"data.k\",\"values\":[" + values + "]}]}}";
    }

    static Stream<String> filtersThatAreNotTooMuch() {
        return Stream.of(
                pattern(values(8_000, "\"%d\"")),
                pattern(values(10_000, "%d")),
                pattern("{\"anything-but\":[" + values(8_000, "%d") + "]}"),
                pattern(values(2_000, "{\"prefix\":\"%d\"}")),
                eventGrid("NumberIn", values(10_000, "%d")),
                eventGrid("StringContains", values(2_000, "\"%d\"")),
                "{\"cloudEvents\":{\"any\":[" + values(1_500, "{\"exact\":{\"a\":\"%d\"}}") + "]}}",
                "{\"or\":[" + values(2_000, "{\"cesql\":\"a = 'x%d'\"}") + "]}");
    }

    @ParameterizedTest
    @MethodSource
    void filtersThatAreNotTooMuch(String form) {
        assertThat(Filter.fromJson(form).toJson()).isEqualTo(form);
    }

    static Stream<String> filtersThatAreTooMuch() {
        return Stream.of(
                pattern(values(10_001, "%d")),
                pattern("{\"anything-but\":[" + values(10_001, "%d") + "]}"),
                pattern(values(2_001, "{\"prefix\":\"%d\"}")),
                pattern("{\"anything-but\":{\"wildcard\":[" + values(2_001, "\"%d*\"") + "]}}"),
                "{\"pattern\":{\"$or\":[" + values(2_001, "{\"a%d\":[1]}") + "]}}",
                eventGrid("NumberIn", values(10_001, "%d")),
                eventGrid("StringContains", values(2_001, "\"%d\"")),
                "{\"cloudEvents\":{\"any\":[" + values(2_001, "{\"exact\":{\"a\":\"%d\"}}") + "]}}",
                "{\"or\":[" + values(2_001, "{\"cesql\":\"a = 'x%d'\"}") + "]}",
                "{\"and\":[" + pattern(values(6_000, "%d")) + "," + eventGrid("NumberIn", values(6_000, "%d")) + "]}",
                "{\"cesql\":\"a = '" + "x".repeat(66_000) + "'\"}",
                "{\"cloudEvents\":{\"exact\":{\"a\":\"" + "x".repeat(132_000) + "\"}}}");
    }

    @ParameterizedTest
    @MethodSource
    void filtersThatAreTooMuch(String form) {
        assertThatThrownBy(() -> Filter.fromJson(form))
                .isInstanceOf(InvalidFilterException.class)
                .hasMessageMatching("(?s).*at most (2000|10000|65536|131072).*");
    }

    /** What the branches of an $or share is held once. */
    @Test
    void valuesThatOrMultipliesCountOnce() {
        String or = "\"$or\":[" + values(500, "{\"a%d\":[1]}") + "]";
        assertThat(Filter.pattern("{\"subject\":[" + values(5_000, "%d") + "]," + or + "}")
                        .isStorable())
                .isTrue();
    }
}
