package io.eventgateway.benchmarks.filter;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.eventgateway.Event;
import io.eventgateway.internal.filter.FilterIndex;
import io.eventgateway.internal.filter.Filters;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
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
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One real webhook of about 10 KB against filters of mixed kinds, few of which match: from a tree, and from its text. Both sides
 * see the same structured JSON form; ours reads attributes from the event itself. An event of ours is made for each call, since
 * what is made of its data is kept with it.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 400, timeUnit = TimeUnit.MILLISECONDS)
@Fork(2)
public class FilterBenchmark {
    /** How many filters. */
    @Param({"1", "100", "10000"})
    public int filters;

    private final FilterIndex<String> index = new FilterIndex<>();
    private final List<String> matched = new ArrayList<>();
    private Machine machine;
    private Event[] parsed;
    private byte[][] bytes;
    private com.fasterxml.jackson.databind.JsonNode[] theirTrees;
    private String[] theirTexts;
    private int next;

    @Setup(Level.Trial)
    public void setUp(FilterApplication application) throws Exception {
        machine = Machine.builder().build();
        int number = 0;
        for (String pattern : Samples.patterns(filters)) {
            String name = Integer.toString(number++);
            index.put(name, name, Filters.pattern(pattern).condition());
            machine.addRule(name, pattern);
        }
        List<String> payloads = Samples.payloads();
        parsed = new Event[payloads.size()];
        bytes = new byte[payloads.size()][];
        theirTrees = new com.fasterxml.jackson.databind.JsonNode[payloads.size()];
        theirTexts = new String[payloads.size()];
        for (int i = 0; i < parsed.length; i++) {
            JsonNode tree = JsonMapper.shared().readTree(payloads.get(i));
            parsed[i] = Event.builder("github").data(tree).build();
            bytes[i] = payloads.get(i).getBytes(StandardCharsets.UTF_8);
            theirTexts[i] = parsed[i].toJson().toString();
            theirTrees[i] = new ObjectMapper().readTree(theirTexts[i]);
        }
    }

    private int next() {
        next = next + 1 == parsed.length ? 0 : next + 1;
        return next;
    }

    @Benchmark
    public int treeOurs() {
        matched.clear();
        index.match(parsed[next()], matched);
        return matched.size();
    }

    @Benchmark
    public int treeEventRuler() {
        return machine.rulesForJSONEvent(theirTrees[next()]).size();
    }

    @Benchmark
    public int textOurs() {
        matched.clear();
        Event event = Event.builder("github")
                .id("1")
                .data("application/json", bytes[next()])
                .build();
        index.match(event, matched);
        return matched.size();
    }

    @Benchmark
    public int textEventRuler() throws Exception {
        return machine.rulesForJSONEvent(theirTexts[next()]).size();
    }
}
