package io.eventgateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.Filter.Language;
import io.eventgateway.error.FilterConversionException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What filters look like in other languages, and which can't be written in them. */
class FilterConversionTest {
    private static final Map<String, Language> LANGUAGES = Map.of(
            "pattern", Language.PATTERN,
            "cloudEvents", Language.CLOUD_EVENTS,
            "eventGrid", Language.EVENT_GRID,
            "CESQL", Language.CESQL);

    static Stream<Arguments> documented() throws IOException {
        return Files.readAllLines(Path.of("..", "docs", "filters.md")).stream()
                .dropWhile(line -> !line.startsWith("## From one language"))
                .filter(line -> line.startsWith("| ") && line.contains("`"))
                .takeWhile(line -> line.split("\\|").length == 5 && LANGUAGES.containsKey(line.split("\\|")[1].strip()))
                .map(line -> Arguments.of(Arrays.stream(line.split("\\|"))
                        .skip(1)
                        .map(cell -> cell.strip().replaceAll("^`|`$", ""))
                        .toArray()));
    }

    private static Filter filter(String language, String text) {
        return switch (LANGUAGES.get(language)) {
            case PATTERN -> Filter.pattern(text);
            case CLOUD_EVENTS -> Filter.cloudEvents(text);
            case EVENT_GRID -> Filter.eventGrid(text);
            case CESQL -> Filter.cesql(text);
        };
    }

    @ParameterizedTest
    @MethodSource("documented")
    void theDocumentedExamplesAreWrittenSo(String from, String to, String filter, String written) {
        assertThat(filter(from, filter).as(LANGUAGES.get(to))).isEqualTo(filter(to, written));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"subject\":[\"a\"]}                        | subject = 'a'",
                "{\"subject\":[\"a\",\"b\"]}                  | subject IN ('a', 'b')",
                "{\"tenant\":[\"a\",\"b\"]}                   | tenant = 'a' OR tenant = 'b'",
                "{\"subject\":[{\"prefix\":\"/50%/\"}]}       | subject LIKE '/50\\%/%'",
                "{\"subject\":[{\"wildcard\":\"a*b*\"}]}      | subject LIKE 'a%b%'",
                "{\"subject\":[{\"exists\":false}]}           | NOT (EXISTS subject)",
                "{\"subject\":[{\"exists\":true}],\"type\":[\"t\"]} | EXISTS subject AND type = 't'",
                "{\"subject\":[{\"anything-but\":\"a\"}]}     | subject != 'a'",
                "{\"subject\":[{\"anything-but\":[\"a\",\"b\"]}]} | subject NOT IN ('a', 'b')",
                "{\"subject\":[\"a\",{\"exists\":false}]}     | NOT (EXISTS subject) OR subject = 'a'",
                "{\"$or\":[{\"subject\":[\"a\"]},{\"type\":[\"t\"]}]} | (EXISTS subject AND subject = 'a') OR type = 't'",
                "{\"subject\":[{\"equals-ignore-case\":\"Ten\"}]} | LENGTH(subject) = 3 AND UPPER(LOWER(subject)) = 'TEN'",
                "{\"subject\":[{\"equals-ignore-case\":\"it\"}]} | LENGTH(subject) = 2 AND SUBSTRING(subject, 1, 1) IN ('I', 'i', 'İ', 'ı') AND UPPER(LOWER(SUBSTRING(subject, 2, 1))) = 'T'",
                "{\"subject\":[1]}                            | FALSE",
                "{\"subject\":[{\"equals-ignore-case\":\"a\"},{\"exists\":false}]} | NOT (EXISTS subject) OR (LENGTH(subject) = 1 AND UPPER(LOWER(subject)) = 'A')",
                "{\"tenant\":[{\"anything-but\":{\"prefix\":\"x\"}}],\"type\":[\"t\"]} | NOT (tenant LIKE 'x%') AND type = 't'",
                "{\"subject\":[\"it's\"]}                     | subject = \"it's\"",
            })
    void aPatternAsCesql(String pattern, String expression) {
        assertThat(Filter.pattern(pattern).as(Language.CESQL)).isEqualTo(Filter.cesql(expression));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"subject\":[\"a\",{\"prefix\":\"b\"}]} | {\"any\":[{\"exact\":{\"subject\":\"a\"}},{\"prefix\":{\"subject\":\"b\"}}]}",
                "{\"subject\":[\"a\"],\"type\":[{\"suffix\":\"z\"}]} | {\"all\":[{\"exact\":{\"subject\":\"a\"}},{\"suffix\":{\"type\":\"z\"}}]}",
                "{\"type\":[{\"anything-but\":\"a\"}]}    | {\"not\":{\"exact\":{\"type\":\"a\"}}}",
                "{\"subject\":[{\"anything-but\":\"a\"}]} | {\"all\":[{\"sql\":\"EXISTS subject\"},{\"not\":{\"exact\":{\"subject\":\"a\"}}}]}",
                "{\"subject\":[{\"wildcard\":\"a*z\"}]}   | {\"sql\":\"EXISTS subject AND subject LIKE 'a%z'\"}",
            })
    void aPatternAsCloudEvents(String pattern, String dialect) {
        assertThat(Filter.pattern(pattern).as(Language.CLOUD_EVENTS)).isEqualTo(Filter.cloudEvents(dialect));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"type\":[{\"equals-ignore-case\":\"a\"}]}  | {\"includedEventTypes\":[\"a\"]}",
                "{\"subject\":[{\"prefix\":\"/eu/\"}]}        | {\"subjectBeginsWith\":\"/eu/\",\"isSubjectCaseSensitive\":true}",
                "{\"tenant\":[{\"prefix\":{\"equals-ignore-case\":\"a\"}}]} | {\"advancedFilters\":[{\"operatorType\":\"StringBeginsWith\",\"key\":\"tenant\",\"values\":[\"a\"]}]}",
                "{\"id\":[\"4711\"]}                          | {\"advancedFilters\":[{\"operatorType\":\"StringIn\",\"key\":\"EventId\",\"values\":[\"4711\"]}]}",
                "{\"level\":[1,2]}                            | {\"advancedFilters\":[{\"operatorType\":\"NumberIn\",\"key\":\"level\",\"values\":[1,2]}]}",
                "{\"level\":[{\"numeric\":[\">\",1,\"<=\",5]}]} | {\"advancedFilters\":[{\"operatorType\":\"NumberGreaterThan\",\"key\":\"level\",\"value\":1},{\"operatorType\":\"NumberLessThanOrEquals\",\"key\":\"level\",\"value\":5}]}",
                "{\"tenant\":[{\"anything-but\":{\"equals-ignore-case\":\"a\"}}]} | {\"advancedFilters\":[{\"operatorType\":\"StringNotIn\",\"key\":\"tenant\",\"values\":[\"a\"]},{\"operatorType\":\"IsNotNull\",\"key\":\"tenant\"}]}",
                "{\"tenant\":[{\"exists\":false}]}            | {\"advancedFilters\":[{\"operatorType\":\"IsNullOrUndefined\",\"key\":\"tenant\"}]}",
            })
    void aPatternAsEventGrid(String pattern, String eventGrid) {
        assertThat(Filter.pattern(pattern).as(Language.EVENT_GRID)).isEqualTo(Filter.eventGrid(eventGrid));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "subject = 'a'                             | {\"subject\":[\"a\"]}",
                "subject IN ('b', 'a') AND EXISTS tenant   | {\"subject\":[\"a\",\"b\"],\"tenant\":[{\"exists\":true}]}",
                "subject LIKE '/eu/%'                      | {\"subject\":[{\"prefix\":\"/eu/\"}]}",
                "tenant LIKE 'x%'                          | {\"tenant\":[{\"prefix\":\"x\"}]}",
                "subject != 'a'                            | {\"subject\":[{\"anything-but\":\"a\"}]}",
                "subject = '10.0.0.1'                      | {\"subject\":[{\"exactly\":\"10.0.0.1\"}]}",
            })
    void cesqlAsAPattern(String expression, String pattern) {
        assertThat(Filter.cesql(expression).as(Language.PATTERN)).isEqualTo(Filter.pattern(pattern));
        assertThat(Filter.pattern(pattern).as(Language.CESQL).as(Language.PATTERN))
                .isEqualTo(Filter.pattern(pattern));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"advancedFilters\":[{\"operatorType\":\"StringIn\",\"key\":\"Subject\",\"values\":[\"a\",\"b\"]}]} | {\"subject\":[{\"equals-ignore-case\":\"a\"},{\"equals-ignore-case\":\"b\"}]}",
                "{\"advancedFilters\":[{\"operatorType\":\"StringNotIn\",\"key\":\"Subject\",\"values\":[\"a\"]}]} | {\"subject\":[{\"anything-but\":{\"equals-ignore-case\":\"a\"}},{\"exists\":false}]}",
                "{\"subjectBeginsWith\":\"a\"}             | {\"subject\":[{\"prefix\":{\"equals-ignore-case\":\"a\"}}]}",
                "{\"includedEventTypes\":[\"All\"]}        | {\"type\":[{\"exists\":true}]}",
                "{\"includedEventTypes\":[\"a\"],\"subjectEndsWith\":\"z\",\"isSubjectCaseSensitive\":true} | {\"type\":[{\"equals-ignore-case\":\"a\"}],\"subject\":[{\"suffix\":\"z\"}]}",
                "{\"advancedFilters\":[{\"operatorType\":\"StringContains\",\"key\":\"Id\",\"values\":[\"-7-\"]}]} | {\"id\":[{\"wildcard\":\"*-7-*\"}]}",
            })
    void eventGridAsAPattern(String eventGrid, String pattern) {
        assertThat(Filter.eventGrid(eventGrid).as(Language.PATTERN)).isEqualTo(Filter.pattern(pattern));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"exact\":{\"subject\":\"a\"}}           | {\"subject\":[\"a\"]}",
                "[{\"prefix\":{\"subject\":\"a\"}},{\"exact\":{\"type\":\"t\"}}] | {\"subject\":[{\"prefix\":\"a\"}],\"type\":[\"t\"]}",
                "{\"not\":{\"exact\":{\"subject\":\"a\"}}} | {\"subject\":[{\"anything-but\":\"a\"},{\"exists\":false}]}",
                "{\"any\":[{\"exact\":{\"subject\":\"a\"}},{\"suffix\":{\"type\":\"t\"}}]} | {\"$or\":[{\"subject\":[\"a\"]},{\"type\":[{\"suffix\":\"t\"}]}]}",
                "{\"not\":{\"all\":[{\"exact\":{\"type\":\"a\"}},{\"exact\":{\"id\":\"b\"}}]}} | {\"$or\":[{\"type\":[{\"anything-but\":\"a\"}]},{\"id\":[{\"anything-but\":\"b\"}]}]}",
            })
    void cloudEventsAsAPattern(String dialect, String pattern) {
        assertThat(Filter.cloudEvents(dialect).as(Language.PATTERN)).isEqualTo(Filter.pattern(pattern));
    }

    @Test
    void combinationsBecomeOneFilterOfOneLanguage() {
        Filter data =
                Filter.pattern("{\"data\":{\"items\":{\"kind\":[\"book\"],\"price\":[{\"numeric\":[\"<\",10]}]}}}");
        Filter both = Filter.and(data, Filter.cesql("subject = 'a'"));
        assertThat(both.as(Language.PATTERN))
                .isEqualTo(Filter.pattern("{\"subject\":[\"a\"],"
                        + "\"data\":{\"items\":{\"kind\":[\"book\"],\"price\":[{\"numeric\":[\"<\",10]}]}}}"));
        assertThat(Filter.or(data, Filter.cesql("subject = 'a'"))
                        .as(Language.PATTERN)
                        .toJson())
                .contains("$or");
        assertThat(Filter.not(Filter.cesql("subject = 'a'")).as(Language.PATTERN))
                .as("a missing attribute is an error, and so is its contrary")
                .isEqualTo(Filter.pattern("{\"subject\":[{\"anything-but\":\"a\"}]}"));
    }

    @Test
    void aFilterOfTheLanguageIsItself() {
        Filter pattern = Filter.pattern("{\"data\":{\"a\":[1]}}");
        assertThat(pattern.as(Language.PATTERN)).isSameAs(pattern);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"pattern\":{\"data\":{\"n\":[1]}}}                     | CESQL        | data.n  | attributes and extensions, not data",
                "{\"pattern\":{\"data\":{\"n\":[1]}}}                     | CLOUD_EVENTS | data.n  | attributes and extensions, not data",
                "{\"pattern\":{\"data\":{\"n\":[1]}}}                     | EVENT_GRID   | data.n  | every array on its way",
                "{\"eventGrid\":{\"advancedFilters\":[{\"operatorType\":\"NumberIn\",\"key\":\"data.n\",\"values\":[1]}]}} | PATTERN | data.n | no array on its way",
                "{\"pattern\":{\"level\":[1]}}                            | CESQL        | level   | number 1",
                "{\"pattern\":{\"flag\":[true]}}                          | CESQL        | flag    | booleans",
                "{\"pattern\":{\"level\":[\"1\"]}}                        | CESQL        | level   | for their texts",
                "{\"cloudEvents\":{\"exact\":{\"level\":\"1\"}}}          | PATTERN      | level   | for their texts",
                "{\"pattern\":{\"subject\":[\"a\"]}}                      | EVENT_GRID   | subject | without the case",
                "{\"pattern\":{\"subject\":[{\"cidr\":\"10.0.0.0/8\"}]}}  | CESQL        | subject | no addresses",
                "{\"pattern\":{\"subject\":[\"a\\\\'\"]}}                 | CESQL        | subject | backslash",
                "{\"pattern\":{\"in\":[\"a\"]}}                           | CESQL        | in      | keyword",
                "{\"pattern\":{\"topic\":[{\"exists\":true}]}}            | EVENT_GRID   | topic   | another attribute",
                "{\"cloudEvents\":{\"any\":[{\"exact\":{\"id\":\"1\"}},{\"exact\":{\"subject\":\"2\"}}]}} | EVENT_GRID | id | no OR",
                "{\"cloudEvents\":{\"not\":{\"prefix\":{\"subject\":\"1\"}}}} | EVENT_GRID | subject | StringNotBeginsWith",
                "{\"cloudEvents\":[{\"prefix\":{\"subject\":\"a\"}},{\"suffix\":{\"subject\":\"b\"}}]} | PATTERN | subject | one list of values",
                "{\"eventGrid\":{\"advancedFilters\":[{\"operatorType\":\"StringContains\",\"key\":\"subject\",\"values\":[\"a\"]}]}} | PATTERN | subject | case of letters",
                "{\"cesql\":\"LENGTH(subject) = 2\"}                      | PATTERN      | subject | LENGTH",
                "{\"pattern\":{\"data_base64\":[\"YQ==\"]}}               | CESQL        | data_base64 | no name of an attribute",
                "{\"and\":[{\"pattern\":{\"data\":{\"x\":[1],\"$or\":[{\"x\":{\"y\":[2]}},{\"z\":[3]}]}}}]} | PATTERN | data.x.y | both of them",
            })
    void whatALanguageLacksIsSaid(String form, Language language, String path, String reason) {
        assertThatThrownBy(() -> Filter.fromJson(form).as(language))
                .isInstanceOfSatisfying(FilterConversionException.class, e -> {
                    assertThat(e.language()).isEqualTo(language);
                    assertThat(e.path()).isEqualTo(path == null ? "" : path);
                    assertThat(e.reason()).contains(reason);
                })
                .hasMessageContaining("can't be written as " + language.word());
    }

    @ParameterizedTest
    @ValueSource(strings = {"n = 1", "LENGTH(subject) = 2", "subject LIKE 'a_'", "flag"})
    void anExpressionOfAnyKindIsADialect(String expression) {
        assertThat(Filter.cesql(expression).as(Language.CLOUD_EVENTS))
                .isEqualTo(Filter.cloudEvents("{\"sql\":\"" + expression + "\"}"));
    }

    @Test
    void codeCanNotBeWritten() {
        Filter code = Filter.where(event -> true);
        for (Language language : Language.values()) {
            assertThatThrownBy(() -> code.as(language))
                    .isInstanceOf(FilterConversionException.class)
                    .hasMessageContaining("the application's predicate");
        }
    }

    private static Filter[] each(int count, IntFunction<Filter> filter) {
        return IntStream.range(0, count).mapToObj(filter).toArray(Filter[]::new);
    }

    static Stream<Filter> large() {
        Filter halves = Filter.and(each(
                8,
                i -> Filter.or(each(
                        50,
                        j -> Filter.cloudEvents("{\"exact\":{\"x" + i + "\":\"a" + j + "\",\"y" + i + "\":\"b\"}}")))));
        return Stream.of(
                Filter.not(Filter.and(each(2_000, i -> Filter.cesql("a" + i + " = 'x'")))),
                Filter.or(each(2_000, i -> Filter.cesql("a" + i + " = 'x'"))),
                Filter.or(each(2_000, i -> Filter.pattern("{\"a\":[\"x" + i + "\"]}"))),
                Filter.pattern("{\"subject\":"
                        + IntStream.range(0, 7_000)
                                .mapToObj(i -> "\"x" + i + "\"")
                                .toList() + "}"),
                Filter.pattern("{\"subject\":[{\"equals-ignore-case\":\"" + "i".repeat(30_000) + "\"}]}"),
                halves,
                Filter.and(halves, Filter.not(halves)));
    }

    /** What can't be written shortly enough is refused; either takes milliseconds. */
    @ParameterizedTest
    @MethodSource("large")
    @Timeout(20)
    void largeFiltersAreWrittenOrRefusedSoon(Filter filter) {
        for (Language language : Language.values()) {
            try {
                assertThat(filter.as(language).isStorable()).isTrue();
            } catch (FilterConversionException e) {
                assertThat(e.language()).isEqualTo(language);
            }
        }
    }
}
