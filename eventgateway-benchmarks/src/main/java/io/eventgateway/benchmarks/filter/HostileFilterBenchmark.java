package io.eventgateway.benchmarks.filter;

import io.eventgateway.Event;
import io.eventgateway.internal.filter.FilterIndex;
import io.eventgateway.internal.filter.Filters;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Filters and events that were made to be slow, with events of twice the size each time: the time has to grow as the size does.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 400, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 4, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Fork(2)
public class HostileFilterBenchmark {
    /** What is hostile. */
    public enum Attack {
        /** A wildcard of 32 stars on a text that almost matches from everywhere. */
        STARS {
            @Override
            String pattern() {
                return "{\"data\":{\"a\":[{\"wildcard\":\"" + "*a".repeat(30) + "*b*\"}]}}";
            }

            @Override
            String data(int size) {
                return "{\"a\":\"" + "a".repeat(size) + "\"}";
            }
        },
        /** A long piece between two stars, which the text has everywhere but for its last character. */
        LONG_PIECE {
            @Override
            String pattern() {
                return "{\"data\":{\"a\":[{\"wildcard\":\"*" + "a".repeat(1_000) + "b*\"}]}}";
            }

            @Override
            String data(int size) {
                return "{\"a\":\"" + "a".repeat(size) + "\"}";
            }
        },
        /** A list of texts, of which the text has almost all of each everywhere. */
        LIST_OF_TEXTS {
            @Override
            String pattern() {
                return IntStream.range(0, 1_900)
                        .mapToObj(i -> "{\"wildcard\":\"*aaaaaaaaa" + i + "*\"}")
                        .collect(Collectors.joining(",", "{\"data\":{\"a\":[", "]}}"));
            }

            @Override
            String data(int size) {
                return "{\"a\":\"" + "a".repeat(size) + "\"}";
            }
        },
        /** Ten conditions that have to hold for the same element, of which each element passes all but one. */
        ARRAY {
            @Override
            String pattern() {
                return IntStream.range(0, 10)
                        .mapToObj(i -> "\"m" + i + "\":[1]")
                        .collect(Collectors.joining(",", "{\"data\":{\"a\":{", "}}}"));
            }

            @Override
            String data(int size) {
                return IntStream.range(0, size)
                        .mapToObj(i -> IntStream.range(0, 10)
                                .mapToObj(j -> "\"m" + j + "\":" + (i % 10 == j ? 2 : 1))
                                .collect(Collectors.joining(",", "{", "}")))
                        .collect(Collectors.joining(",", "{\"a\":[", "]}"));
            }
        },
        /** The same through two arrays, one in the elements of the other. */
        NESTED_ARRAYS {
            @Override
            String pattern() {
                return "{\"data\":{\"a\":{\"x\":[1],\"b\":{\"x\":[1],\"y\":[2]},\"c\":{\"x\":[1],\"y\":[2]}}}}";
            }

            @Override
            String data(int size) {
                String inner = IntStream.range(0, 10)
                        .mapToObj(i -> i % 2 == 0 ? "{\"x\":1}" : "{\"y\":2}")
                        .collect(Collectors.joining(",", "[", "]"));
                return IntStream.range(0, size / 10)
                        .mapToObj(i -> "{\"x\":1,\"b\":" + inner + ",\"c\":" + inner + "}")
                        .collect(Collectors.joining(",", "{\"a\":[", "]}"));
            }
        },
        /** Absence asked of every element, in arrays in arrays. */
        ABSENCE {
            @Override
            String pattern() {
                return "{\"data\":{\"a\":{\"b\":{\"c\":[{\"exists\":false}],\"d\":[2],\"e\":[{\"exists\":false}]}}}}";
            }

            @Override
            String data(int size) {
                return IntStream.range(0, size)
                        .mapToObj(i -> "[[{\"b\":[{\"d\":1},{\"e\":1}]}]]")
                        .collect(Collectors.joining(",", "{\"a\":[", "]}"));
            }
        };

        abstract String pattern();

        abstract String data(int size);
    }

    /** The attack. */
    @Param
    public Attack attack;

    /** Characters, or elements. */
    @Param({"2000", "4000", "8000", "16000"})
    public int size;

    private final FilterIndex<String> index = new FilterIndex<>();
    private final List<String> matched = new ArrayList<>();
    private byte[] data;

    @Setup(Level.Trial)
    public void setUp() {
        index.put("hostile", "hostile", Filters.pattern(attack.pattern()).condition());
        data = attack.data(size).getBytes(StandardCharsets.UTF_8);
    }

    @Benchmark
    public int match() {
        matched.clear();
        index.match(Event.builder("t").data("application/json", data).build(), matched);
        return matched.size();
    }
}
