package io.eventgateway.benchmarks.filter;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.eventgateway.Emission;
import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.Filter;
import io.eventgateway.Subscription;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;
import software.amazon.event.ruler.Machine;
import tools.jackson.databind.json.JsonMapper;

/** One test that names many values, and an array of 10,000 elements of which none passes it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 400, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 4, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Fork(2)
public class ManyValuesBenchmark {
    private static final int ELEMENTS = 10_000;

    /** The test. */
    public enum Test {
        /** One of these numbers, of which the array has none. */
        NUMBERS {
            @Override
            String test(int values) {
                return list(values, i -> Integer.toString(i));
            }

            @Override
            String element(int i, int values) {
                return Integer.toString(values + i);
            }
        },
        /** Anything but these texts, and the array has no others. */
        ANYTHING_BUT {
            @Override
            String test(int values) {
                return "[{\"anything-but\":" + list(values, i -> "\"value-" + i + "\"") + "}]";
            }

            @Override
            String element(int i, int values) {
                return "\"value-" + i % values + "\"";
            }
        },
        /** Anything but these numbers, and the array has no others. */
        ANYTHING_BUT_NUMBERS {
            @Override
            String test(int values) {
                return "[{\"anything-but\":" + list(values, i -> Integer.toString(i)) + "}]";
            }

            @Override
            String element(int i, int values) {
                return Integer.toString(i % values);
            }
        };

        abstract String test(int values);

        abstract String element(int i, int values);

        static String list(int size, IntFunction<String> element) {
            return IntStream.range(0, size).mapToObj(element).collect(Collectors.joining(",", "[", "]"));
        }
    }

    /** The test. */
    @Param
    public Test test;

    /** How many values it names. */
    @Param({"10", "1000"})
    public int values;

    private EventGateway gateway;
    private Event event;
    private Machine machine;
    private com.fasterxml.jackson.databind.JsonNode theirs;

    @Setup(Level.Trial)
    public void setUp(FilterApplication application, Blackhole blackhole) throws Exception {
        String pattern = "{\"data\":{\"a\":" + test.test(values) + "}}";
        gateway = EventGateway.create();
        gateway.functions().register("f", (received, context) -> {
            blackhole.consume(received);
            return null;
        });
        gateway.subscriptions()
                .create(Subscription.to("t")
                        .function("f")
                        .filter(Filter.pattern(pattern))
                        .sync()
                        .build());
        machine = Machine.builder().build();
        machine.addRule("rule", pattern);
        String array = Test.list(ELEMENTS, i -> test.element(i, values));
        event = Event.builder("t")
                .data(JsonMapper.shared().readTree("{\"a\":" + array + "}"))
                .build();
        theirs = new ObjectMapper().readTree(event.toJson().toString());
        if (!gateway.emit(event).subscriptionIds().isEmpty()
                || !machine.rulesForJSONEvent(theirs).isEmpty()) {
            throw new IllegalStateException("nothing should match " + pattern);
        }
    }

    @TearDown
    public void close() {
        gateway.close();
    }

    @Benchmark
    public Emission ours() {
        return gateway.emit(event);
    }

    @Benchmark
    public int eventRuler() {
        return machine.rulesForJSONEvent(theirs).size();
    }
}
