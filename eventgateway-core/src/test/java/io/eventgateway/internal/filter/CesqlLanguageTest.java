package io.eventgateway.internal.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloudevents.sql.Parser;
import io.cloudevents.sql.Result;
import io.eventgateway.Event;
import io.eventgateway.error.InvalidFilterException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** CESQL against its specification and, where that leaves no doubt, against the SDK of CloudEvents. */
class CesqlLanguageTest {
    private enum Verdict {
        MATCHES,
        DOES_NOT_MATCH,
        FAILS
    }

    /** The value of the expression, cast to a boolean. */
    private static Verdict byTheLibrary(String expression, Event event) {
        Result result = Parser.parseDefault("TRUE AND (" + expression + ")").evaluate(event);
        if (result.isFailed()) {
            return Verdict.FAILS;
        }
        return (Boolean) result.value() ? Verdict.MATCHES : Verdict.DOES_NOT_MATCH;
    }

    private static Verdict byTheTree(Condition condition, Event event) {
        try {
            return Evaluation.holds(condition, new TreeView(event)) ? Verdict.MATCHES : Verdict.DOES_NOT_MATCH;
        } catch (Evaluation.Failed e) {
            return Verdict.FAILS;
        }
    }

    @Property(tries = 100)
    void decidesAsTheLibraryDoes(@ForAll long seed) {
        CesqlGenerator made = new CesqlGenerator(seed);
        FilterIndex<Integer> index = new FilterIndex<>();
        List<CesqlGenerator.Written> expressions = new ArrayList<>();
        List<Condition> conditions = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            CesqlGenerator.Written expression = made.expression(0);
            expressions.add(expression);
            conditions.add(CesqlLanguage.compile(expression.ours()));
            index.put(Integer.toString(i), i, conditions.get(i));
        }
        for (int i = 0; i < 30; i++) {
            Event event = made.event();
            List<Integer> expected = new ArrayList<>();
            for (int j = 0; j < expressions.size(); j++) {
                Verdict verdict = byTheLibrary(expressions.get(j).theirs(), event);
                assertThat(byTheTree(conditions.get(j), event))
                        .as("seed %s: %s of %s", seed, expressions.get(j).ours(), event.toJson())
                        .isEqualTo(verdict);
                if (verdict == Verdict.MATCHES) {
                    expected.add(j);
                }
            }
            List<Integer> matched = new ArrayList<>();
            index.match(event, matched);
            assertThat(matched).as("seed %s, event %s", seed, event.toJson()).containsExactlyElementsOf(expected);
        }
    }

    /** The library prints a time as Java does, without seconds that are zero; CESQL says RFC 3339, which has them. */
    @Test
    void aTimeIsTheTextThatTheEventHas() {
        Event event = Event.builder("t")
                .time(OffsetDateTime.parse("2018-04-26T14:48:00+02:00"))
                .build();
        String expression = "time = '2018-04-26T14:48:00+02:00'";
        assertThat(byTheLibrary(expression, event)).isEqualTo(Verdict.DOES_NOT_MATCH);
        assertThat(byTheTree(CesqlLanguage.compile(expression), event)).isEqualTo(Verdict.MATCHES);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "subject = 'a'",
                "subject LIKE 'a%' AND LENGTH(tenant) > 2",
                "(subject IN ('a', 'b')) AND (EXISTS tenant AND tenant != 'x')",
                "subject = 'a' OR tenant = 'b'",
                "level > 3",
                "subject = '12'",
                "level IN (1, 2)",
                "NOT (subject = 'a')",
                "subject LIKE 'a_%'",
            })
    void plainTestsOfAttributesAreIndexed(String expression) {
        assertThat(new Conjunction(CesqlLanguage.compile(expression)).covers(key -> 0))
                .isNotEmpty();
    }

    /** As the index does not lead from events without the attribute to the filters that need it. */
    @Test
    void countsTheEventsThatLackTheAttributeAskedForFirst() {
        FilterIndex<String> index = new FilterIndex<>();
        index.match(Event.of("t", null), new ArrayList<>());
        index.put("s", "s", CesqlLanguage.compile("tenant = 'a' AND subject = 'b'"));
        index.put("other", "other", CesqlLanguage.compile("EXISTS tenant"));
        index.match(Event.of("t", null), new ArrayList<>());
        index.match(Event.builder("t").subject("b").build(), new ArrayList<>());
        index.match(Event.builder("t").extension("tenant", "b").build(), new ArrayList<>());
        assertThat(index.errors("s")).isEqualTo(2);
        assertThat(index.errors("other")).isZero();
        index.match(Event.builder("t").extension("tenant", "a").build(), new ArrayList<>());
        assertThat(index.errors("s")).isEqualTo(3);
        index.put("s", "s", CesqlLanguage.compile("tenant = 'a'"));
        assertThat(index.errors("s")).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "subject =                  | line 1, column 10",
                "subject = 'a'  AND  AND b  | line 1, column 21",
                "subject = 'a' b            | line 1, column 15",
                "NOPE(subject) = 1          | line 1, column 1",
                "LENGTH(1, 2) = 1           | line 1, column 1",
                "subject LIKE tenant        | line 1, column 14",
                "é = 1                      | line 1, column 1",
                "EXISTS 'subject'           | line 1, column 8",
                "subject = 2147483648       | line 1, column 11",
                "subject = 'it's'           | line 1, column 16",
                "my_attribute = 1           | line 1, column 1",
                "(subject = 'a'             | line 1, column 15",
                "subject IN ()              | line 1, column 13",
                "subject NOT = 'a'          | line 1, column 13",
                "1 + + 2 = 3                | line 1, column 5",
                "data = 'a'                 | line 1, column 1",
                "data.total > 1             | line 1, column 5",
            })
    void whatIsNoExpressionIsRefusedWithItsPosition(String expression, String position) {
        assertThatThrownBy(() -> CesqlLanguage.compile(expression))
                .isInstanceOfSatisfying(InvalidFilterException.class, e -> {
                    assertThat(e.language()).isEqualTo("cesql");
                    assertThat(e.position()).isEqualTo(position);
                })
                .hasMessageContaining("found");
    }

    @Test
    void aProblemOnALaterLineIsNamedByLineAndColumn() {
        assertThatThrownBy(() -> CesqlLanguage.compile("subject = 'a'\n  AND tenant = 'b'\n  AND OR"))
                .isInstanceOfSatisfying(InvalidFilterException.class, e -> assertThat(e.position())
                        .isEqualTo("line 3, column 7"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"data.total > 1", "data = 'a'", "subject = 'a' AND EXISTS data"})
    void whoAsksForDataIsSentToThePattern(String expression) {
        assertThatThrownBy(() -> CesqlLanguage.compile(expression))
                .hasMessageContaining("attributes and extensions only")
                .hasMessageContaining("Filter.pattern");
    }

    /** CESQL 1.0, section 1.2: the output value has to be a Boolean. */
    @ParameterizedTest
    @ValueSource(
            strings = {"subject", "'true'", "1", "LENGTH('a')", "CONCAT('tr', 'ue')", "1 + 1", "BOOL('x')", "missing"})
    void whatIsNoBooleanNeverMatches(String expression) {
        Event event = Event.builder("t").subject("true").build();
        assertThat(byTheTree(CesqlLanguage.compile(expression), event)).isEqualTo(Verdict.FAILS);
        assertThat(Explainer.explain(CesqlLanguage.compile(expression), event).error())
                .isTrue();
    }

    @Test
    void anAttributeThatIsABooleanMayBeTheWholeExpression() {
        assertThat(byTheTree(
                        CesqlLanguage.compile("flag"),
                        Event.builder("t").extension("flag", true).build()))
                .isEqualTo(Verdict.MATCHES);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // an error left of OR is an error, which the SDK loses
                "(tenant = 'a') OR TRUE             | FAILS",
                "TRUE OR (tenant = 'a')             | MATCHES",
                "FALSE AND (tenant = 'a')           | DOES_NOT_MATCH",
                "NOT (tenant = 'a')                 | FAILS",
                "tenant != 'a'                      | FAILS",
                // section 3.6: from the left where precedences are equal
                "FALSE AND TRUE OR TRUE             | MATCHES",
                "TRUE OR TRUE AND FALSE             | DOES_NOT_MATCH",
                "TRUE OR FALSE XOR TRUE             | DOES_NOT_MATCH",
                "10 - 3 - 2 = 5                     | MATCHES",
                "2 + 3 * 2 = 8                      | MATCHES",
                "4 -1 = 3                           | MATCHES",
                "--'10' = 10                        | MATCHES",
                "NOT TRUE = FALSE                   | MATCHES",
                "NOT NOT subject LIKE 'true'        | MATCHES",
                // section 3.7
                "TRUE = 'true'                      | MATCHES",
                "TRUE = 'TRUE'                      | DOES_NOT_MATCH",
                "'TRUE' = TRUE                      | MATCHES",
                "'+5' = 5                           | MATCHES",
                "'٥' = 5                            | FAILS",
                "'5 ' = 5                           | FAILS",
                "TRUE = 1                           | MATCHES",
                "2 = TRUE                           | MATCHES",
                "2147483647 + 1 = 0                 | FAILS",
                "-2147483648 - 1 = 0                | FAILS",
                "ABS(-2147483648) > 0               | FAILS",
                "7 / 0 = 0                          | FAILS",
                "-7 / 2 = -3                        | MATCHES",
                "-7 % 2 = -1                        | MATCHES",
                // section 2.2: only the quote itself is escaped
                "'it\\'s' = \"it's\"                  | MATCHES",
                "'(((' = '((('                      | MATCHES",
                "LENGTH('a\\b') = 3                 | MATCHES",
                // section 3.1: characters are Unicode's
                "LENGTH('😀') = 1                   | MATCHES",
                "'😀' LIKE '_'                      | MATCHES",
                "LEFT('😀b', 1) = '😀'              | MATCHES",
                "SUBSTRING('a😀b', -2, 1) = '😀'    | MATCHES",
                "'a%b' LIKE 'a\\%b'                 | MATCHES",
                "'axb' LIKE 'a\\%b'                 | DOES_NOT_MATCH",
                "'a_b' LIKE 'a\\_b'                 | MATCHES",
                "'axb' LIKE 'a\\_b'                 | DOES_NOT_MATCH",
                "'xaab' LIKE '%a_b'                 | MATCHES",
                "'aXbc' LIKE 'a_b%_c'               | DOES_NOT_MATCH",
                "'aXbYYc' LIKE 'a_b%_c'             | MATCHES",
                "'ab' LIKE 'ab_%'                   | DOES_NOT_MATCH",
                "time NOT IN ('2026-01-02T03:04:05Z') | DOES_NOT_MATCH",
                "time IN ('2026-01-02T03:04:05Z')   | MATCHES",
                "SUBJECT = 'true'                   | MATCHES",
            })
    void decidesAsTheSpecificationSays(String expression, Verdict verdict) {
        Event event = Event.builder("t")
                .subject("true")
                .time(OffsetDateTime.parse("2026-01-02T03:04:05Z"))
                .build();
        Condition condition = CesqlLanguage.compile(expression);
        assertThat(byTheTree(condition, event)).isEqualTo(verdict);
        FilterIndex<String> index = new FilterIndex<>();
        index.put("s", "s", condition);
        List<String> matched = new ArrayList<>();
        index.match(event, matched);
        assertThat(matched.isEmpty()).isEqualTo(verdict != Verdict.MATCHES);
    }

    /** A matcher that goes back takes minutes for these. */
    @ParameterizedTest
    @ValueSource(strings = {"%a%a%a%a%a%a%a%ab", "%a_a%a_a%a_a%a_a%b_"})
    @Timeout(10)
    void likeTakesLinearTime(String form) {
        assertThat(CesqlLike.parse(form).test("a".repeat(1_000_000))).isFalse(); // longer than an attribute may be
    }

    @Property(tries = 300)
    void aFormWithSingleCharactersIsTheRegularExpression(
            @ForAll @Chars({'a', 'b', '_', '%'}) @StringLength(max = 8) String form,
            @ForAll @Chars({'a', 'b', 'c'}) @StringLength(max = 8) String text) {
        String regex = form.replace("%", ".*").replace("_", ".");
        assertThat(CesqlLike.parse(form).test(text)).isEqualTo(text.matches(regex));
    }

    @Test
    @Timeout(10)
    void anExpressionOfThousandsOfOperandsCompilesAtOnceAndRunsWithoutADeepStack() {
        String any = String.join(" OR ", Collections.nCopies(2_000, "subject = 'a'"));
        String sum = String.join(" + ", Collections.nCopies(1_900, "1")) + " = 1900";
        Event event = Event.builder("t").subject("a").build();
        for (String expression : List.of(any, sum)) {
            assertThat(byTheTree(CesqlLanguage.compile(expression), event)).isEqualTo(Verdict.MATCHES);
        }
    }

    /** AND and OR in turns are a level each, since they go from the left. */
    @ParameterizedTest
    @ValueSource(ints = {33, 600, 2_000})
    void operatorsInTurnsAreRefusedBeforeTheyAreDeep(int repeats) {
        assertThatThrownBy(() -> CesqlLanguage.compile("n = 5 OR n = 6 AND ".repeat(repeats) + "TRUE"))
                .isInstanceOf(InvalidFilterException.class)
                .hasMessageContaining("64")
                .hasMessageContaining("parentheses");
    }

    @ParameterizedTest
    @ValueSource(strings = {"subject = 'x\\y\\'", "LENGTH('\\') = 1", "LENGTH('\\\\') = 2", "subject LIKE \"x\\y\\\""})
    void aStringMayEndInABackslash(String expression) {
        Event event = Event.builder("t").subject("x\\y\\").build();
        assertThat(byTheTree(CesqlLanguage.compile(expression), event)).isEqualTo(Verdict.MATCHES);
    }

    @Test
    void anEventThatIsLookedAtAgainIsCountedOnce() throws Exception {
        FilterIndex<String> index = new FilterIndex<>();
        index.put("s", "s", CesqlLanguage.compile("1 / 0 = level + 1"));
        index.put("other", "other", CesqlLanguage.compile("subject = 'a'"));
        AtomicBoolean changing = new AtomicBoolean(true);
        Thread changes = new Thread(() -> {
            for (int i = 0; changing.get(); i++) {
                index.put("other", "other", CesqlLanguage.compile("subject = '" + i + "'"));
            }
        });
        changes.start();
        Event event = Event.builder("t").extension("level", 1).build();
        for (int i = 0; i < 20_000; i++) {
            index.match(event, new ArrayList<>());
        }
        changing.set(false);
        changes.join();
        assertThat(index.errors("s")).isEqualTo(20_000);
    }

    @Test
    void anExpressionHasBounds() {
        assertThatThrownBy(() -> CesqlLanguage.compile("(".repeat(65) + "TRUE" + ")".repeat(65)))
                .isInstanceOf(InvalidFilterException.class)
                .hasMessageContaining("64");
        assertThatThrownBy(() -> CesqlLanguage.compile("NOT ".repeat(16_000) + "TRUE"))
                .isInstanceOf(InvalidFilterException.class);
        assertThatThrownBy(() -> CesqlLanguage.compile("subject" + " LIKE 'a'".repeat(65)))
                .isInstanceOf(InvalidFilterException.class)
                .hasMessageContaining("64");
        assertThatThrownBy(() -> CesqlLanguage.compile("EXISTS id" + " AND EXISTS id OR EXISTS id".repeat(100)))
                .isInstanceOf(InvalidFilterException.class)
                .hasMessageContaining("64");
        assertThatThrownBy(() -> CesqlLanguage.compile("'" + "x".repeat(70_000) + "' = subject"))
                .isInstanceOf(InvalidFilterException.class)
                .hasMessageContaining("65536");
        assertThatThrownBy(() -> CesqlLanguage.compile("1" + "+1".repeat(10_000) + " = 1"))
                .isInstanceOf(InvalidFilterException.class)
                .hasMessageContaining("10000 operands");
        assertThatThrownBy(() -> CesqlLanguage.compile("subject LIKE '" + "a%".repeat(40) + "'"))
                .isInstanceOf(InvalidFilterException.class)
                .hasMessageContaining("32");
        assertThatThrownBy(() -> CesqlLanguage.compile("subject LIKE '%" + "_".repeat(2_000) + "%'"))
                .isInstanceOf(InvalidFilterException.class)
                .hasMessageContaining("1024");
    }
}
