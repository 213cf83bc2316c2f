package io.eventgateway.benchmarks.filter;

import io.eventgateway.Emission;
import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.Filter;
import io.eventgateway.Subscription;
import java.nio.charset.StandardCharsets;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;
import tools.jackson.databind.json.JsonMapper;

/** A webhook of about 10 KB emitted to filtered subscriptions: one that came as bytes and was read before, and one that came as a tree. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 400, timeUnit = TimeUnit.MILLISECONDS)
@Fork(2)
public class ReadBeforeBenchmark {
    /** How many filtered subscriptions. */
    @Param({"1", "100", "10000"})
    public int filters;

    private EventGateway gateway;
    private Event[] trees;
    private Event[] bytes;
    private int next;

    @Setup(Level.Trial)
    public void setUp(FilterApplication application, Blackhole blackhole) {
        gateway = EventGateway.create();
        gateway.functions().register("f", (event, context) -> {
            blackhole.consume(event);
            return null;
        });
        int number = 0;
        for (String pattern : Samples.patterns(filters)) {
            gateway.subscriptions()
                    .create(Subscription.to("github")
                            .id("s" + number++)
                            .function("f")
                            .filter(Filter.pattern(pattern))
                            .sync()
                            .build());
        }
        List<String> payloads = Samples.payloads();
        trees = new Event[payloads.size()];
        bytes = new Event[payloads.size()];
        for (int i = 0; i < trees.length; i++) {
            trees[i] = Event.builder("github")
                    .data(JsonMapper.shared().readTree(payloads.get(i)))
                    .build();
            bytes[i] = Event.builder("github")
                    .data("application/json", payloads.get(i).getBytes(StandardCharsets.UTF_8))
                    .build();
            blackhole.consume(bytes[i].dataAsJson());
        }
    }

    @TearDown
    public void close() {
        gateway.close();
    }

    private int next() {
        next = next + 1 == trees.length ? 0 : next + 1;
        return next;
    }

    @Benchmark
    public Emission bytesReadBefore() {
        return gateway.emit(bytes[next()]);
    }

    @Benchmark
    public Emission tree() {
        return gateway.emit(trees[next()]);
    }
}
