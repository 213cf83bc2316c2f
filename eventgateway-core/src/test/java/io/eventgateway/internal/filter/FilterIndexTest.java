package io.eventgateway.internal.filter;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventgateway.Event;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The index against the evaluation of every condition, while targets come, change and go. */
class FilterIndexTest {
    private static final String[] SQL = {
        "subject = 'a'",
        "subject LIKE 'a%' AND EXISTS tenant",
        "EXISTS tenant AND tenant != 'x'",
        "LENGTH(subject) > 1 AND subject IN ('ab', 'b')",
        "level > 3 OR subject = 'b'",
    };
    private static final String[] DIALECTS = {
        "{\"exact\":{\"subject\":\"a\"}}",
        "{\"prefix\":{\"subject\":\"a\"}}",
        "{\"suffix\":{\"subject\":\"b\"}}",
        "{\"not\":{\"exact\":{\"tenant\":\"x\"}}}",
        "[{\"prefix\":{\"subject\":\"a\"}},{\"any\":[{\"exact\":{\"tenant\":\"x\"}},{\"sql\":\"level = 2\"}]}]",
    };
    private static final String[] EVENT_GRID = {
        "{\"subjectBeginsWith\":\"A\"}",
        "{\"subjectEndsWith\":\"b\",\"isSubjectCaseSensitive\":true}",
        "{\"advancedFilters\":[{\"operatorType\":\"NumberInRange\",\"key\":\"data.a\",\"values\":[[0,5]]}]}",
        "{\"advancedFilters\":[{\"operatorType\":\"StringNotIn\",\"key\":\"data.b\",\"values\":[\"a\"]}]}",
        "{\"enableAdvancedFilteringOnArrays\":true,\"advancedFilters\":"
                + "[{\"operatorType\":\"StringContains\",\"key\":\"data.c\",\"values\":[\"a\",\"b\"]}]}",
        "{\"advancedFilters\":[{\"operatorType\":\"IsNullOrUndefined\",\"key\":\"data.d\"}]}",
    };

    /** Conditions of all languages, and events that meet them now and then. */
    private static final class Generator {
        private final Random random;
        private final Corpus corpus;

        private Generator(long seed) {
            random = new Random(seed);
            corpus = new Corpus(seed);
        }

        private Condition condition(int depth) {
            switch (random.nextInt(depth > 2 ? 5 : 8)) {
                case 0:
                    return Filters.cesql(SQL[random.nextInt(SQL.length)]);
                case 1:
                    return Filters.cloudEvents(DIALECTS[random.nextInt(DIALECTS.length)])
                            .condition();
                case 2:
                    return Filters.eventGrid(EVENT_GRID[random.nextInt(EVENT_GRID.length)])
                            .condition();
                case 3, 4:
                    ObjectNode pattern = JsonNodeFactory.instance.objectNode();
                    pattern.set("data", corpus.pattern());
                    return Filters.pattern(pattern.toString()).condition();
                case 5:
                    return Filters.all(List.of(condition(depth + 1), condition(depth + 1)));
                case 6:
                    return Filters.any(List.of(condition(depth + 1), condition(depth + 1)));
                default:
                    return Filters.not(condition(depth + 1));
            }
        }

        private Event event() {
            return attributes().data(corpus.data()).build();
        }

        private Event.Builder attributes() {
            Event.Builder event = Event.builder("t");
            if (random.nextInt(4) > 0) {
                event.subject(List.of("a", "ab", "b", "Ab").get(random.nextInt(4)));
            }
            if (random.nextBoolean()) {
                event.extension("tenant", random.nextBoolean() ? "x" : "y");
            }
            if (random.nextBoolean()) {
                event.extension("level", random.nextInt(6));
            }
            return event;
        }
    }

    private static List<String> naive(Map<String, Condition> conditions, Event event) {
        List<String> matched = new ArrayList<>();
        conditions.forEach((id, condition) -> {
            if (holds(condition, event)) {
                matched.add(id);
            }
        });
        return matched;
    }

    /** What can't be evaluated does not match. */
    private static boolean holds(Condition condition, Event event) {
        try {
            return Evaluation.holds(condition, new TreeView(event));
        } catch (Evaluation.Failed e) {
            return false;
        }
    }

    @Property(tries = 60)
    void findsWhatTheEvaluationOfEachFinds(@ForAll long seed) {
        Generator made = new Generator(seed);
        FilterIndex<String> index = new FilterIndex<>();
        Map<String, Condition> conditions = new LinkedHashMap<>();
        for (int step = 0; step < 400; step++) {
            String id = Integer.toString(made.random.nextInt(60));
            if (made.random.nextInt(3) == 0) {
                conditions.remove(id);
                index.remove(id);
            } else {
                Condition condition = made.condition(0);
                conditions.put(id, condition);
                index.put(id, id, condition);
            }
            for (int i = 0; i < 3; i++) {
                Event event = made.event();
                List<String> matched = new ArrayList<>();
                index.match(event, matched);
                assertThat(matched)
                        .as("seed %s, step %s, event %s", seed, step, event.toJson())
                        .containsExactlyElementsOf(naive(conditions, event));
            }
        }
        assertThat(index.targets()).containsExactlyElementsOf(conditions.keySet());
        conditions.keySet().forEach(index::remove);
        assertThat(index.isEmpty()).isTrue();
    }

    /** A thread that reads again and again while another one writes. */
    private record Reader(FutureTask<?> task, CountDownLatch reading, AtomicBoolean ended) {
        static Reader of(Runnable read) {
            CountDownLatch reading = new CountDownLatch(1);
            AtomicBoolean ended = new AtomicBoolean();
            FutureTask<?> task = new FutureTask<>(
                    () -> {
                        while (!ended.get()) {
                            read.run();
                            reading.countDown();
                        }
                    },
                    null);
            return new Reader(task, reading, ended);
        }

        void during(Runnable writes) throws Exception {
            new Thread(task, "reader").start();
            try {
                assertThat(reading.await(10, TimeUnit.SECONDS)).isTrue();
                writes.run();
            } finally {
                ended.set(true);
            }
            task.get(10, TimeUnit.SECONDS);
        }
    }

    private static Condition counting(LongAdder tried, String pattern) {
        Condition counter = Filters.where(event -> {
            tried.increment();
            return true;
        });
        return Filters.all(List.of(counter, Filters.pattern(pattern).condition()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"data\":{\"a-region\":[\"eu\"],\"customer\":[\"c-%1$s\"]}}",
                "{\"data\":{\"a-region\":[\"eu\"],\"$or\":[{\"customer\":[\"c-%1$s\"]},{\"vip\":[\"v-%1$s\"]}]}}",
                "{\"data\":{\"a-region\":[{\"prefix\":\"e\"}],\"customer\":[{\"suffix\":\"-%1$s\"}]}}",
            })
    void anEventLeadsOnlyToTheFiltersWhoseMostSelectiveTestItMayPass(String pattern) {
        FilterIndex<String> index = new FilterIndex<>();
        LongAdder tried = new LongAdder();
        for (int i = 0; i < 1_000; i++) {
            index.put("f" + i, "f" + i, counting(tried, String.format(Locale.ROOT, pattern, i)));
        }
        for (int i = 0; i < 1_000; i++) {
            List<String> matched = new ArrayList<>();
            index.match(Event.of("t", Map.of("a-region", "eu", "customer", "c-" + i)), matched);
            assertThat(matched).containsExactly("f" + i);
        }
        assertThat(tried.sum()).isLessThan(1_500);
    }

    /** By its kind alone, equality would be the better test of the two. */
    @Test
    void aFilterMovesToTheTestThatEventsFail() {
        FilterIndex<String> index = new FilterIndex<>();
        LongAdder tried = new LongAdder();
        Condition counter = Filters.where(event -> {
            tried.increment();
            return true;
        });
        index.put(
                "s",
                "s",
                Filters.all(List.of(
                        counter,
                        Filters.cloudEvents("{\"exact\":{\"subject\":\"always\"}}")
                                .condition(),
                        Filters.eventGrid("{\"advancedFilters\":[{\"operatorType\":\"NumberGreaterThan\","
                                        + "\"key\":\"data.total\",\"value\":100}]}")
                                .condition())));
        for (int i = 0; i < 10_000; i++) {
            Event event = Event.builder("t")
                    .subject("always")
                    .data(Map.of("total", i % 1_000 == 999 ? 101 : i % 100))
                    .build();
            List<String> matched = new ArrayList<>();
            index.match(event, matched);
            assertThat(matched).hasSize(i % 1_000 == 999 ? 1 : 0);
        }
        assertThat(tried.sum()).isLessThan(200);
    }

    /** The filters of an exact type and of patterns are in indexes of their own. */
    @Property(tries = 40)
    void severalIndexesFindTogetherWhatEachFinds(@ForAll long seed) {
        Generator made = new Generator(seed);
        List<FilterIndex<String>> indexes = List.of(new FilterIndex<>(), new FilterIndex<>(), new FilterIndex<>());
        for (int i = 0; i < 60; i++) {
            indexes.get(i % 3).put("f" + i, "f" + i, made.condition(0));
        }
        for (int i = 0; i < 40; i++) {
            String data = made.corpus.data().toString();
            String text = i % 8 == 0 ? data.substring(1) : i % 8 == 1 ? data + "]" : data;
            Event event = made.attributes()
                    .data("application/json", text.getBytes(StandardCharsets.UTF_8))
                    .build();
            List<String> expected = new ArrayList<>();
            indexes.forEach(index -> index.match(event, expected));
            List<String> matched = new ArrayList<>();
            FilterIndex.match(indexes, event, matched);
            assertThat(matched).as("seed %s, event %s", seed, text).containsExactlyElementsOf(expected);
        }
    }

    /** A reader that is past a member when a filter comes that names it must not take the member for absent. */
    @Test
    void noEventPassesAFilterThatComesWhileItsDataIsRead() throws Exception {
        byte[] data = ("{\"a\":1," + "\"x\":[0],".repeat(50) + "\"z\":1}").getBytes(StandardCharsets.UTF_8);
        Event event = Event.builder("t").data("application/json", data).build();
        AtomicReference<List<FilterIndex<String>>> current =
                new AtomicReference<>(List.of(new FilterIndex<>(), new FilterIndex<>()));
        Reader reader = Reader.of(() -> {
            List<String> matched = new ArrayList<>();
            FilterIndex.match(current.get(), event, matched);
            current.get().get(0).match(event, matched);
            assertThat(matched).isEmpty();
        });
        Condition condition = Filters.pattern("{\"data\":{\"a\":[{\"exists\":false}],\"z\":[1]}}")
                .condition();
        Condition other = Filters.pattern("{\"data\":{\"x\":[1]}}").condition();
        reader.during(() -> {
            for (int i = 0; i < 20_000; i++) {
                List<FilterIndex<String>> fresh = List.of(new FilterIndex<>(), new FilterIndex<>());
                fresh.get(0).put("other", "other", other);
                current.set(fresh);
                fresh.get(1).put("s", "s", condition);
                fresh.get(0).put("s", "s", condition);
            }
        });
    }

    @Test
    void readersSeeEachTargetOnceWhileOthersComeAndGo() throws Exception {
        FilterIndex<String> index = new FilterIndex<>();
        Condition always = Filters.cesql("subject = 'a'");
        Condition too = Filters.cloudEvents("{\"prefix\":{\"subject\":\"a\"}}").condition();
        index.put("kept", "kept", always);
        Event event = Event.builder("t").subject("a").build();
        Reader reader = Reader.of(() -> {
            List<String> matched = new ArrayList<>();
            index.match(event, matched);
            assertThat(matched).containsOnlyOnce("kept").doesNotHaveDuplicates();
        });
        reader.during(() -> {
            for (int i = 0; i < 20_000; i++) {
                index.put("kept", "kept", i % 2 == 0 ? too : always);
                index.put("other" + i % 100, "other", Filters.cesql("subject = 'b'"));
                index.remove("other" + (i + 50) % 100);
            }
        });
    }
}
