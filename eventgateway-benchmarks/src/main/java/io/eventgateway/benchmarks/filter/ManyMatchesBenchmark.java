package io.eventgateway.benchmarks.filter;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.eventgateway.Event;
import io.eventgateway.internal.filter.FilterIndex;
import io.eventgateway.internal.filter.Filters;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
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
import software.amazon.event.ruler.Machine;

/** An event that some of 10,000 filters match: the cost is that of the matches. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 400, timeUnit = TimeUnit.MILLISECONDS)
@Fork(2)
public class ManyMatchesBenchmark {
    private static final int FILTERS = 10_000;

    /** How many of them match. */
    @Param({"1", "10", "100", "1000", "10000"})
    public int matching;

    private final FilterIndex<Integer> index = new FilterIndex<>();
    private final List<Integer> matched = new ArrayList<>();
    private Machine machine;
    private Event event;
    private com.fasterxml.jackson.databind.JsonNode theirs;

    @Setup(Level.Trial)
    public void setUp(FilterApplication application) throws Exception {
        machine = Machine.builder().build();
        for (int i = 0; i < FILTERS; i++) {
            String pattern = "{\"data\":{\"customer\":[\"" + (i < matching ? "acme" : "other-" + i)
                    + "\"],\"total\":[{\"numeric\":[\">\"," + i % 100 + "]}]}}";
            index.put(Integer.toString(i), i, Filters.pattern(pattern).condition());
            machine.addRule(Integer.toString(i), pattern);
        }
        event = Event.builder("order")
                .data(Map.of("customer", "acme", "total", 1_000))
                .build();
        event.dataAsJson();
        theirs = new ObjectMapper().readTree(event.toJson().toString());
    }

    @Benchmark
    public int ours() {
        matched.clear();
        index.match(event, matched);
        return matched.size();
    }

    @Benchmark
    public int eventRuler() {
        return machine.rulesForJSONEvent(theirs).size();
    }
}
