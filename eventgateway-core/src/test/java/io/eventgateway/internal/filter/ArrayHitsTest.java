package io.eventgateway.internal.filter;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventgateway.Event;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** The index verifies arrays from the elements that led to a filter; it finds what looking through all of them finds. */
class ArrayHitsTest {
    private static final String[] NAMES = {"a", "b", "c", "a.b"};

    private static final class Generator {
        private final Random random;

        Generator(long seed) {
            random = new Random(seed);
        }

        private String scalar() {
            return switch (random.nextInt(4)) {
                case 0 -> "\"x\"";
                case 1 -> "\"y\"";
                case 2 -> Integer.toString(random.nextInt(3));
                default -> random.nextBoolean() ? "true" : "null";
            };
        }

        /** Objects and arrays within each other, whose members come twice now and then. */
        String value(int depth) {
            int kind = random.nextInt(depth > 3 ? 1 : 4);
            if (kind < 1) {
                return scalar();
            }
            int size = random.nextInt(5);
            return kind < 3
                    ? IntStream.range(0, size)
                            .mapToObj(i -> value(depth + 1))
                            .collect(Collectors.joining(",", "[", "]"))
                    : object(depth, size);
        }

        String object(int depth, int size) {
            return IntStream.range(0, size)
                    .mapToObj(i -> "\"" + NAMES[random.nextInt(NAMES.length)] + "\":" + value(depth + 1))
                    .collect(Collectors.joining(",", "{", "}"));
        }

        private String wanted() {
            return switch (random.nextInt(9)) {
                case 0, 1 -> "[\"x\"]";
                case 2 -> "[\"y\",1]";
                case 3 -> "[{\"numeric\":[\">\",0]}]";
                case 4 -> "[{\"exists\":false}]";
                case 5 -> "[{\"exists\":true}]";
                case 6 -> "[{\"anything-but\":[\"x\"]}]";
                case 7 -> "[{\"prefix\":\"x\"},{\"exists\":false}]";
                default -> "[null,2]";
            };
        }

        private String pattern(int depth) {
            List<String> members = new ArrayList<>();
            for (String name : NAMES) {
                if (random.nextInt(3) > 0) {
                    boolean deeper = depth < 2 && random.nextInt(2) == 0;
                    members.add("\"" + name + "\":" + (deeper ? pattern(depth + 1) : wanted()));
                }
            }
            return members.isEmpty() ? "{\"a\":" + wanted() + "}" : "{" + String.join(",", members) + "}";
        }

        String filter() {
            String data = "{\"data\":" + pattern(0) + "}";
            return random.nextInt(6) == 0 ? "{\"$or\":[{\"data\":" + pattern(0) + "},{\"subject\":[\"s\"]}]}" : data;
        }
    }

    @Property(tries = 150)
    void findsWhatTheEvaluationOfEachFinds(@ForAll long seed) {
        Generator made = new Generator(seed);
        FilterIndex<Integer> index = new FilterIndex<>();
        List<Condition> conditions = new ArrayList<>();
        List<String> patterns = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            patterns.add(made.filter());
            conditions.add(Filters.pattern(patterns.get(i)).condition());
            index.put(Integer.toString(i), i, conditions.get(i));
        }
        for (int i = 0; i < 200; i++) { // enough for filters to move to other keys
            String data = made.object(0, 3);
            Event text = Event.builder("t")
                    .data("application/json", data.getBytes(StandardCharsets.UTF_8))
                    .build();
            Event tree = Event.of("t", JsonMapper.shared().readTree(data));
            List<Integer> expected = IntStream.range(0, conditions.size())
                    .filter(each -> Evaluation.holds(conditions.get(each), new TreeView(tree)))
                    .boxed()
                    .toList();
            for (Event event : List.of(text, text, tree)) {
                List<Integer> matched = new ArrayList<>();
                index.match(event, matched);
                assertThat(matched)
                        .as("seed %s, data %s, filters %s", seed, data, patterns)
                        .containsExactlyElementsOf(expected);
            }
        }
    }

    /** A value that passes directly in an array does not hide the same one in an array in it, as in event-ruler. */
    @ParameterizedTest
    @ValueSource(strings = {"[{\"a\":1},[5]]", "[{\"a\":1},[5],5]", "[{\"a\":1},5,[5]]", "[{\"a\":1},[[5]],5]"})
    void aValueMaySettleInAnArrayInAnArray(String array) {
        Condition condition = Filters.pattern(
                        "{\"data\":{\"c\":[5],\"$or\":[{\"q\":[3.5]},{\"c\":{\"a\":[{\"exists\":false}]}}]}}")
                .condition();
        Event event = Event.of("t", JsonMapper.shared().readTree("{\"c\":" + array + "}"));
        assertThat(Evaluation.holds(condition, new TreeView(event))).isTrue();
        FilterIndex<Integer> index = new FilterIndex<>();
        index.put("s", 1, condition);
        List<Integer> matched = new ArrayList<>();
        index.match(event, matched);
        assertThat(matched).hasSize(1);
    }

    /** In the order of dotted paths, {@code a.b} and {@code a-b} stand between the tests of {@code a} and its members. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"a\":{\"a\":[{\"exists\":false}],\"c\":[1]},\"a.b\":[2]} | [{\"a\":{\"c\":1}}] | false",
                "{\"a\":{\"a\":[{\"exists\":false}],\"c\":[1]},\"a.b\":[2]} | [{\"a\":{\"c\":1},\"a.b\":2}] | true",
                "{\"a\":{\"a\":[1],\"c\":[2]},\"a.b\":[5]} | {\"a\":[{\"a\":0},{\"a\":1,\"c\":2}],\"a.b\":[5]} | true",
                "{\"a\":{\"a\":[1],\"c\":[2]},\"a.b\":[5]} | {\"a\":[{\"a\":1},{\"c\":2}],\"a.b\":[5]} | false",
                "{\"a\":{\"c\":[2]},\"$or\":[{\"a\":[1]},{\"z\":[9]}],\"a-b\":[5]} | {\"a\":[0,1,{\"c\":2}],\"a-b\":[5]} | true",
            })
    void aNameThatBeginsWithAnotherOneIsOfAnotherMember(String pattern, String data, boolean matches) {
        Condition condition = Filters.pattern("{\"data\":" + pattern + "}").condition();
        Event event = Event.of("t", JsonMapper.shared().readTree(data));
        assertThat(Evaluation.holds(condition, new TreeView(event))).isEqualTo(matches);
        FilterIndex<Integer> index = new FilterIndex<>();
        index.put("s", 1, condition);
        for (String first : List.of("{\"a\":[{\"a\":1}]}", "{\"a\":[{\"c\":2}]}")) {
            for (int i = 0; i < 2_000; i++) { // so that the index takes the key that the fewest events have
                index.match(Event.of("t", JsonMapper.shared().readTree(first)), new ArrayList<>());
            }
        }
        List<Integer> matched = new ArrayList<>();
        index.match(event, matched);
        assertThat(matched).hasSize(matches ? 1 : 0);
    }

    private static Event items(int elements, String member) {
        return Event.of(
                "t",
                JsonMapper.shared()
                        .readTree(IntStream.range(0, elements)
                                .mapToObj(i -> "{\"id\":\"i" + i + "\",\"n\":" + i + member + "}")
                                .collect(Collectors.joining(",", "{\"items\":[", "]}"))));
    }

    /** Looking through the array for each filter would be 4 · 10^8 elements for each of the events. */
    @Test
    @Timeout(60)
    void manyFiltersOnAWideArrayTakeTheTimeOfTheirHits() {
        int many = 20_000;
        for (String other : List.of("\"n\":[7]", "\"gone\":[{\"exists\":false}]", "\"z\":[{\"exists\":false}]")) {
            FilterIndex<Integer> index = new FilterIndex<>();
            for (int i = 0; i < many; i++) {
                String pattern = "{\"data\":{\"items\":{\"id\":[\"i" + i + "\"]," + other + "}}}";
                index.put(Integer.toString(i), i, Filters.pattern(pattern).condition());
            }
            Event event = items(many, ",\"z\":1");
            List<Integer> matched = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                matched.clear();
                index.match(event, matched);
            }
            assertThat(matched).hasSize(other.startsWith("\"n\"") ? 1 : other.startsWith("\"z\"") ? 0 : many);
        }
    }

    @Test
    @Timeout(60)
    void manyEventGridFiltersOnAWideArrayTakeTheTimeOfTheirHits() {
        int many = 20_000;
        FilterIndex<Integer> index = new FilterIndex<>();
        for (int i = 0; i < many; i++) {
            index.put(
                    Integer.toString(i),
                    i,
                    Filters.eventGrid("{\"enableAdvancedFilteringOnArrays\":true,\"advancedFilters\":["
                                    + "{\"operatorType\":\"StringIn\",\"key\":\"data.tags\",\"values\":[\"T" + i
                                    + "\"]}]}")
                            .condition());
        }
        Event event = Event.of(
                "t",
                JsonMapper.shared()
                        .readTree(IntStream.range(0, many)
                                .mapToObj(i -> "\"t" + i + "\"")
                                .collect(Collectors.joining(",", "{\"tags\":[", "]}"))));
        List<Integer> matched = new ArrayList<>();
        index.match(event, matched);
        assertThat(matched).hasSize(many);
    }
}
