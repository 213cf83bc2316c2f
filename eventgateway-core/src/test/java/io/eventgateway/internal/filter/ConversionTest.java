package io.eventgateway.internal.filter;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventgateway.Event;
import io.eventgateway.Filter.Language;
import io.eventgateway.error.FilterConversionException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A filter that is written in another language matches the same events. */
class ConversionTest {
    private static final List<String> NAMES = List.of("subject", "tenant", "type", "level", "source", "flag", "time");
    /** Letters that are the same without case in one language and not in another, and texts of numbers and booleans. */
    private static final List<String> TEXTS = List.of(
            "\uD83D\uDE00",
            "\uD801\uDC28",
            "2026-11-24T10:00:00Z",
            "a",
            "A",
            "ab",
            "aB",
            "abc",
            "b",
            "",
            "1",
            "12",
            "-1",
            "01",
            "true",
            "TRUE",
            "false",
            "tru",
            "rue",
            "x'y",
            "x\"y",
            "'\"",
            "a%b",
            "a_b",
            "%",
            "_",
            "*",
            "a*b",
            "i",
            "I",
            "İ",
            "ı",
            "paid",
            "PAİD",
            "s",
            "ſ",
            "k",
            "\u212A",
            "ß",
            "ẞ",
            "SS",
            "ss",
            "iß",
            "σ",
            "ς",
            "é",
            "É",
            "ﬁ",
            "fi",
            "10.0.0.1",
            "010.0.0.1",
            "::1",
            "/",
            "/1/",
            "a\\b",
            "\\",
            "2026",
            "falſe");

    private static final List<String> NUMBERS = List.of("0", "1", "-1", "12", "1.5", "1e1", "3000000000");

    private static final class Generator {
        private final Random random;

        Generator(long seed) {
            random = new Random(seed);
        }

        private <T> T one(List<T> of) {
            return of.get(random.nextInt(of.size()));
        }

        private static String json(String text) {
            return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
        }

        private String text() {
            return json(one(TEXTS));
        }

        private String letters() {
            String text = one(TEXTS);
            return json(text.isEmpty() ? "q" : text);
        }

        Condition filter(int depth) {
            return switch (random.nextInt(depth > 1 ? 4 : 7)) {
                case 0 -> Filters.pattern(pattern()).condition();
                case 1 -> Filters.cloudEvents(dialect(0)).condition();
                case 2 -> Filters.eventGrid(eventGrid()).condition();
                case 3 -> cesql();
                case 4 -> Filters.all(List.of(filter(depth + 1), filter(depth + 1)));
                case 5 -> Filters.any(List.of(filter(depth + 1), filter(depth + 1)));
                default -> Filters.not(filter(depth + 1));
            };
        }

        private String pattern() {
            List<String> names = new ArrayList<>(NAMES);
            String first = names.remove(random.nextInt(names.size()));
            String second = one(names);
            String plain = "\"" + first + "\":[" + values() + "]";
            return switch (random.nextInt(5)) {
                case 0 -> "{" + plain + ",\"" + second + "\":[" + values() + "]}";
                case 1 -> "{\"$or\":[{" + plain + "},{\"" + second + "\":[" + values() + "]}]}";
                case 2 ->
                    "{" + plain + ",\"$or\":[{\"" + second + "\":[" + values() + "]},{\"" + second + "\":[" + values()
                            + "],\"id\":[\"e-1\"]}]}";
                case 3 ->
                    "{" + plain + ",\"data\":{\"items\":{\"" + one(List.of("a", "b", "c")) + "\":[" + random.nextInt(2)
                            + "]}}}";
                default -> "{" + plain + "}";
            };
        }

        private String values() {
            return random.nextInt(3) > 0 ? value() : value() + "," + value();
        }

        private String value() {
            return switch (random.nextInt(15)) {
                case 0, 1 -> text();
                case 2 -> "{\"prefix\":" + text() + "}";
                case 3 -> "{\"suffix\":" + text() + "}";
                case 4 -> "{\"prefix\":{\"equals-ignore-case\":" + text() + "}}";
                case 5 -> "{\"suffix\":{\"equals-ignore-case\":" + text() + "}}";
                case 6 -> "{\"equals-ignore-case\":" + text() + "}";
                case 7 -> "{\"wildcard\":" + json(wildcard()) + "}";
                case 8 -> "{\"exists\":" + random.nextBoolean() + "}";
                case 9 -> one(NUMBERS);
                case 10 -> random.nextBoolean() ? "true" : "null";
                case 11 -> "{\"numeric\":[\"" + one(List.of("<", "<=", ">", ">=", "=")) + "\"," + one(NUMBERS) + "]}";
                case 12 -> "{\"anything-but\":[" + text() + "," + text() + "]}";
                case 13 -> "{\"anything-but\":" + one(NUMBERS) + "}";
                default ->
                    "{\"anything-but\":{\"" + one(List.of("prefix", "suffix", "equals-ignore-case")) + "\":["
                            + letters() + "," + letters() + "]}}";
            };
        }

        private String wildcard() {
            String text = one(TEXTS).replace("\\", "\\\\").replace("*", "\\*");
            return one(List.of("*" + text, text + "*", "*" + (text.isEmpty() ? "q" : text) + "*", text, "a*" + text));
        }

        private String dialect(int depth) {
            return switch (random.nextInt(depth > 1 ? 3 : 6)) {
                case 0 -> "{\"exact\":{\"" + one(NAMES) + "\":" + letters() + "}}";
                case 1 -> "{\"prefix\":{\"" + one(NAMES) + "\":" + letters() + "}}";
                case 2 -> "{\"suffix\":{\"" + one(NAMES) + "\":" + letters() + "}}";
                case 3 -> "{\"not\":" + dialect(depth + 1) + "}";
                case 4 -> "{\"all\":[" + dialect(depth + 1) + "," + dialect(depth + 1) + "]}";
                default -> "{\"any\":[" + dialect(depth + 1) + "," + dialect(depth + 1) + "]}";
            };
        }

        private String eventGrid() {
            String advanced = random.nextBoolean() ? advanced() : advanced() + "," + advanced();
            return switch (random.nextInt(5)) {
                case 0 ->
                    "{\"subjectBeginsWith\":" + text() + ",\"isSubjectCaseSensitive\":" + random.nextBoolean() + "}";
                case 1 -> "{\"subjectEndsWith\":" + text() + ",\"advancedFilters\":[" + advanced + "]}";
                case 2 -> "{\"includedEventTypes\":[" + letters() + "],\"advancedFilters\":[" + advanced + "]}";
                case 3 -> "{\"enableAdvancedFilteringOnArrays\":true,\"advancedFilters\":[" + advanced + "]}";
                default -> "{\"advancedFilters\":[" + advanced + "]}";
            };
        }

        private String advanced() {
            String operator = one(List.of(
                    "StringIn",
                    "StringNotIn",
                    "StringBeginsWith",
                    "StringNotBeginsWith",
                    "StringEndsWith",
                    "StringNotEndsWith",
                    "StringContains",
                    "StringNotContains",
                    "NumberIn",
                    "NumberNotIn",
                    "NumberLessThan",
                    "NumberGreaterThanOrEquals",
                    "NumberInRange",
                    "BoolEquals",
                    "IsNullOrUndefined",
                    "IsNotNull"));
            String operand = operator.startsWith("String")
                    ? ",\"values\":[" + text() + (random.nextBoolean() ? "" : "," + text()) + "]"
                    : switch (operator) {
                        case "NumberIn", "NumberNotIn" -> ",\"values\":[" + one(NUMBERS) + "]";
                        case "NumberInRange" -> ",\"values\":[[0," + (1 + random.nextInt(12)) + "]]";
                        case "BoolEquals" -> ",\"value\":" + random.nextBoolean();
                        case "IsNullOrUndefined", "IsNotNull" -> "";
                        default -> ",\"value\":" + one(NUMBERS);
                    };
            String key = random.nextInt(8) == 0 ? "data.a" : one(NAMES);
            return "{\"operatorType\":\"" + operator + "\",\"key\":\"" + key + "\"" + operand + "}";
        }

        /** Expressions of which the tests of one attribute become plain tests. */
        private Condition cesql() {
            String name = one(NAMES);
            String text = one(List.of("'a'", "'abc'", "'q'", "'x\"y'"));
            return Filters.cesql(
                    switch (random.nextInt(6)) {
                        case 0 -> name + " = " + text;
                        case 1 -> name + " != " + text;
                        case 2 -> "subject IN (" + text + ", 'ab')";
                        case 3 -> name + " LIKE 'a%'";
                        case 4 -> "EXISTS " + name + " AND " + name + " LIKE '%b'";
                        default -> "EXISTS " + name;
                    });
        }

        Event event() {
            Event.Builder event = Event.builder(text("T")).id("e-1").source(one(List.of("/", "/1/", "a", "/test")));
            if (random.nextInt(4) > 0) {
                event.subject(text("s"));
            }
            if (random.nextInt(3) > 0) {
                event.extension("tenant", text("t"));
            }
            for (String name : List.of("level", "flag")) {
                switch (random.nextInt(4)) {
                    case 0 -> event.extension(name, one(List.of(0, 1, -1, 12, 10)));
                    case 1 -> event.extension(name, text("l"));
                    case 2 -> event.extension(name, random.nextBoolean());
                    default -> {}
                }
            }
            if (random.nextInt(3) == 0) {
                event.time(OffsetDateTime.parse("2026-11-24T10:00:00Z"));
            }
            return event.data(Map.of("items", List.of(item(), item()), "a", 1)).build();
        }

        private Map<String, Integer> item() {
            return Map.of("a", random.nextInt(2), "b", random.nextInt(2));
        }

        /** One of the texts, alone or beside another, so that it is a beginning or an end. */
        private String text(String otherwise) {
            String text = random.nextBoolean() ? one(TEXTS) : one(TEXTS) + one(TEXTS);
            return text.isEmpty() ? otherwise : text;
        }
    }

    private static boolean matches(Condition condition, Event event) {
        try {
            return Evaluation.holds(condition, new TreeView(event));
        } catch (Evaluation.Failed e) {
            return false;
        }
    }

    private static Condition read(Language language, JsonNode written) {
        return switch (language) {
            case PATTERN -> Filters.pattern(written.toString()).condition();
            case CLOUD_EVENTS -> Filters.cloudEvents(written.toString()).condition();
            case EVENT_GRID -> Filters.eventGrid(written.toString()).condition();
            case CESQL -> Filters.cesql(written.stringValue());
        };
    }

    @Property(tries = 3_000)
    void whatIsWrittenInAnotherLanguageMatchesTheSameEvents(@ForAll long seed) {
        Generator made = new Generator(seed);
        Condition filter = made.filter(0);
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            events.add(made.event());
        }
        for (Language language : Language.values()) {
            JsonNode written;
            try {
                written = Conversion.written(filter, language);
            } catch (FilterConversionException e) {
                assertThat(e.language()).isEqualTo(language);
                assertThat(e.reason()).isNotEmpty();
                continue;
            }
            Condition converted;
            try {
                converted = read(language, written);
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ": " + filter + " as " + written + " can't be read", e);
            }
            for (Event event : events) {
                assertThat(matches(converted, event))
                        .as("seed %s: %s as %s, of %s", seed, filter, written, event.toJson())
                        .isEqualTo(matches(filter, event));
            }
        }
    }

    /** So that the property above does not hold because all is refused, or nothing matches. */
    @Test
    void manyFiltersCanBeWrittenInAnotherLanguageAndManyMatch() {
        Generator made = new Generator(1);
        Map<Language, Integer> converted = new EnumMap<>(Language.class);
        int matched = 0;
        for (int i = 0; i < 1_000; i++) {
            Condition filter = made.filter(1);
            matched += matches(filter, made.event()) ? 1 : 0;
            for (Language language : Language.values()) {
                try {
                    Conversion.written(filter, language);
                    converted.merge(language, 1, Integer::sum);
                } catch (FilterConversionException e) {
                    // counted by what is missing
                }
            }
        }
        assertThat(converted.values()).as("%s", converted).hasSize(4).allMatch(count -> count > 250);
        assertThat(matched).isBetween(250, 750);
    }
}
