package io.eventgateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import io.eventgateway.Filter.Language;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Azure's limits ("Understand event filtering for Event Grid subscriptions", section "Limitations"). */
class EventGridLimitsTest {
    private static String advanced(String operator, String key, String operand) {
        return "{\"operatorType\":\"" + operator + "\",\"key\":\"" + key + "\"," + operand + "}";
    }

    private static List<EventGridLimits.Problem> check(String... advanced) {
        return EventGridLimits.check(Filter.eventGrid("{\"advancedFilters\":[" + String.join(",", advanced) + "]}"));
    }

    private static String numbers(int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString).collect(Collectors.joining(",", "[", "]"));
    }

    @Test
    void aFilterWithinTheLimitsHasNoProblem() {
        assertThat(check(
                        advanced("NumberIn", "data.n", "\"values\":" + numbers(24)),
                        advanced("StringIn", "data.s", "\"values\":[\"" + "x".repeat(512) + "\"]"),
                        "{\"operatorType\":\"IsNotNull\",\"key\":\"data.k\"}"))
                .isEmpty();
        assertThat(EventGridLimits.check(Filter.eventGrid("{\"subjectEndsWith\":\".jpg\"}")))
                .isEmpty();
    }

    @Test
    void moreThan25AdvancedFiltersAreAProblem() {
        String[] filters = IntStream.range(0, 26)
                .mapToObj(i -> "{\"operatorType\":\"IsNotNull\",\"key\":\"data.k" + i + "\"}")
                .toArray(String[]::new);
        assertThat(check(filters))
                .containsExactly(new EventGridLimits.Problem("/advancedFilters", "26 advanced filters", "at most 25"));
    }

    @Test
    void moreThan25ValuesInAllAdvancedFiltersAreAProblem() {
        assertThat(check(
                        advanced("NumberIn", "data.n", "\"values\":" + numbers(25)),
                        advanced("NumberLessThan", "data.n", "\"value\":7")))
                .singleElement()
                .hasToString(
                        "at /advancedFilters: found 26 values in all advanced filters; Azure accepts at most 25 across"
                                + " all of them");
        String ranges =
                IntStream.range(0, 13).mapToObj(i -> "[" + i + "," + i + "]").collect(Collectors.joining(","));
        assertThat(check(advanced("NumberInRange", "data.n", "\"values\":[" + ranges + "]")))
                .as("a range is one value")
                .isEmpty();
    }

    @Test
    void stringsOfMoreThan512CharactersAreAProblemWhereTheyAre() {
        assertThat(check(
                        advanced("StringIn", "data.s", "\"values\":[\"a\",\"" + "x".repeat(513) + "\"]"),
                        advanced("StringBeginsWith", "data.s", "\"values\":[\"" + "y".repeat(600) + "\"]")))
                .extracting(EventGridLimits.Problem::position, EventGridLimits.Problem::found)
                .containsExactly(
                        tuple("/advancedFilters/0/values/1", "a string of 513 characters"),
                        tuple("/advancedFilters/1/values/0", "a string of 600 characters"));
    }

    @ParameterizedTest
    @CsvSource({
        "0.1, true",
        "3, true",
        "1e2, true",
        "9007199254740993, false",
        "1e400, false",
        "1.00000000000000001, false"
    })
    void numbersThatADoubleDoesNotHoldAreAProblem(String number, boolean fits) {
        assertThat(check(advanced("NumberIn", "data.n", "\"values\":[" + number + "]"))
                        .isEmpty())
                .isEqualTo(fits);
    }

    @Test
    void aFilterOfAnotherLanguageIsConvertedFirst() {
        Filter pattern = Filter.pattern("{\"level\":" + numbers(30) + "}");
        assertThatThrownBy(() -> EventGridLimits.check(pattern))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("filter.as(EVENT_GRID)");
        assertThat(EventGridLimits.check(pattern.as(Language.EVENT_GRID))).hasSize(1);
        assertThatThrownBy(() -> EventGridLimits.check(Filter.where(event -> true)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
