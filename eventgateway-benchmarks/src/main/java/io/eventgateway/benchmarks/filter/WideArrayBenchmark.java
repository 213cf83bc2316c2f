package io.eventgateway.benchmarks.filter;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.eventgateway.Emission;
import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.Filter;
import io.eventgateway.Subscription;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;
import software.amazon.event.ruler.Machine;
import tools.jackson.databind.json.JsonMapper;

/**
 * An event with an array of objects, and filters that ask for two members of the same element, each filter for another element.
 * Those whose element the array has find their first member there and their second in the next one, except the first filter,
 * which matches.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 400, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 4, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Fork(2)
public class WideArrayBenchmark {
    /** How many filters. */
    @Param({"1", "100", "10000"})
    public int filters;

    /** How many elements the array has. */
    @Param({"10", "1000", "10000"})
    public int elements;

    private EventGateway gateway;
    private Event event;
    private Machine machine;
    private com.fasterxml.jackson.databind.JsonNode theirs;

    @Setup(Level.Trial)
    public void setUp(FilterApplication application, Blackhole blackhole) throws Exception {
        gateway = EventGateway.create();
        machine = Machine.builder().build();
        gateway.functions().register("f", (received, context) -> {
            blackhole.consume(received);
            return null;
        });
        int step = Math.max(1, elements / filters);
        for (int i = 0; i < filters; i++) {
            int element = i * step;
            String pattern = "{\"data\":{\"items\":{\"sku\":[\"sku-" + element + "\"],\"count\":["
                    + (i == 0 ? element : (element + 1) % elements) + "]}}}";
            gateway.subscriptions()
                    .create(Subscription.to("order")
                            .id("s" + i)
                            .function("f")
                            .filter(Filter.pattern(pattern))
                            .sync()
                            .build());
            machine.addRule("s" + i, pattern);
        }
        String data = IntStream.range(0, elements)
                .mapToObj(i -> "{\"sku\":\"sku-" + i + "\",\"count\":" + i + "}")
                .collect(Collectors.joining(",", "{\"items\":[", "]}"));
        event = Event.builder("order").data(JsonMapper.shared().readTree(data)).build();
        theirs = new ObjectMapper().readTree(event.toJson().toString());
        List<String> ours = gateway.emit(event).subscriptionIds();
        List<String> rules = machine.rulesForJSONEvent(theirs);
        if (!ours.equals(rules) || ours.size() != 1) {
            throw new IllegalStateException(ours + " match, and as event-ruler says " + rules);
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
