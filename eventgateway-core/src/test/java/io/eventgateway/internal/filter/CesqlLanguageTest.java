package io.eventgateway.internal.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloudevents.sql.Parser;
import io.cloudevents.sql.Result;
import io.eventgateway.Event;
import io.eventgateway.InvalidFilterException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** CESQL expressions, of which parts are lifted into the condition tree, against the library that evaluates them whole. */
class CesqlLanguageTest {
    private static final List<String> NAMES = List.of("subject", "tenant", "level", "flag", "type", "SUBJECT", "data");
    private static final List<String> TEXTS =
            List.of("'a'", "'ab'", "\"b\"", "''", "'true'", "'1'", "'1.5'", "'a_b'", "'it\\'s'", "'T'");
    private static final List<String> FORMS =
            List.of("'a%'", "'%b'", "'%'", "'a_'", "'%a%'", "'a'", "''", "'1%'", "'%e'", "'\\%a'");

    private enum Verdict {
        MATCHES,
        DOES_NOT_MATCH,
        FAILS
    }

    private static final class Generator {
        private final Random random;

        Generator(long seed) {
            random = new Random(seed);
        }

        private String one(List<String> of) {
            return of.get(random.nextInt(of.size()));
        }

        /** Mostly conjunctions of plain tests, which are lifted, with others in between. */
        String expression(int depth) {
            if (depth < 3 && random.nextInt(3) > 0) {
                String operator = one(List.of("AND", "and", "AND", "AND", "OR", "XOR"));
                String both = expression(depth + 1) + " " + operator + " " + expression(depth + 1);
                return random.nextBoolean() ? "(" + both + ")" : both;
            }
            return switch (random.nextInt(10)) {
                case 0, 1 -> one(NAMES) + " " + one(List.of("=", "!=", "<>", "<")) + " " + one(TEXTS);
                case 2 -> one(NAMES) + " IN (" + one(TEXTS) + ", " + one(TEXTS) + ")";
                case 3 -> one(NAMES) + " LIKE " + one(FORMS);
                case 4 -> "EXISTS " + one(NAMES);
                case 5 -> "NOT (" + expression(depth + 1) + ")";
                case 6 -> one(NAMES) + " NOT LIKE " + one(FORMS);
                case 7 -> "level " + one(List.of(">", "=", "<=")) + " " + random.nextInt(3);
                case 8 -> "LENGTH(" + one(NAMES) + ") = " + random.nextInt(3);
                default -> one(List.of("TRUE", "FALSE", "flag", "tenant NOT IN ('a', 'b')", "1 / level = 1"));
            };
        }

        Event event() {
            Event.Builder event = Event.builder(random.nextBoolean() ? "T" : "a");
            if (random.nextInt(4) > 0) {
                event.subject(one(List.of("a", "ab", "b", "true", "1", "it's", "%a")));
            }
            if (random.nextInt(3) > 0) {
                event.extension("tenant", one(List.of("a", "b", "a_b", "1.5")));
            }
            switch (random.nextInt(4)) {
                case 0 -> event.extension("level", random.nextInt(3));
                case 1 -> event.extension("level", one(List.of("1", "x", "true")));
                default -> {}
            }
            switch (random.nextInt(4)) {
                case 0 -> event.extension("flag", random.nextBoolean());
                case 1 -> event.extension("flag", one(List.of("true", "a", "0")));
                default -> {}
            }
            return event.build();
        }
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
        Generator made = new Generator(seed);
        FilterIndex<Integer> index = new FilterIndex<>();
        List<String> expressions = new ArrayList<>();
        List<Condition> conditions = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            String expression = made.expression(0);
            expressions.add(expression);
            conditions.add(CesqlLanguage.compile(expression));
            index.put(Integer.toString(i), i, conditions.get(i));
        }
        for (int i = 0; i < 30; i++) {
            Event event = made.event();
            List<Integer> expected = new ArrayList<>();
            for (int j = 0; j < expressions.size(); j++) {
                Verdict verdict = byTheLibrary(expressions.get(j), event);
                assertThat(byTheTree(conditions.get(j), event))
                        .as("seed %s: %s of %s", seed, expressions.get(j), event.toJson())
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
            })
    void plainTestsOfAttributesAreIndexed(String expression) {
        assertThat(new Conjunction(CesqlLanguage.compile(expression)).covers(key -> 0))
                .isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"subject = 'a' OR tenant = 'b'", "level > 3", "subject = '12'", "NOT subject = 'a'"})
    void whatDoesNotFitTheTreeRunsAsItIs(String expression) {
        assertThat(CesqlLanguage.compile(expression)).isInstanceOf(Condition.Code.class);
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
    void anExpressionHasBounds() {
        assertThatThrownBy(() -> CesqlLanguage.compile("(".repeat(65) + "TRUE" + ")".repeat(65)))
                .isInstanceOf(InvalidFilterException.class)
                .hasMessageContaining("64");
        assertThatThrownBy(() -> CesqlLanguage.compile("NOT ".repeat(16_000) + "TRUE"))
                .isInstanceOf(InvalidFilterException.class);
        assertThatThrownBy(() -> CesqlLanguage.compile("'" + "x".repeat(70_000) + "' = subject"))
                .isInstanceOf(InvalidFilterException.class)
                .hasMessageContaining("65536");
    }
}
