package io.eventgateway.benchmarks;

import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.Subscription;
import io.eventgateway.delivery.BacklogPolicy;
import io.eventgateway.delivery.DeliveryPolicy;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** Twenty thousand events of ten thousand keys, in the order of their keys and in none. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 4, time = 1)
@Fork(2)
public class OrderBenchmark {
    private static final int KEYS = 10_000;
    private static final int EVENTS = 20_000;
    private static final int WORK = 200;

    private final EventGateway gateway = EventGateway.builder()
            .workerThreads(AsyncBenchmark.THREADS)
            .backlog(100_000, BacklogPolicy.BLOCK)
            .build();
    private final Event[] ordered = new Event[KEYS];
    private final Event[] unordered = new Event[KEYS];

    @Setup
    public void subscribe(Application application) {
        for (int i = 0; i < KEYS; i++) {
            ordered[i] = Event.builder("ordered")
                    .source("/bench")
                    .subject("key-" + i)
                    .build();
            unordered[i] = Event.builder("unordered")
                    .source("/bench")
                    .subject("key-" + i)
                    .build();
        }
        gateway.functions().register("work", (received, context) -> {
            Blackhole.consumeCPU(WORK);
            return null;
        });
        gateway.subscribe("unordered", "work");
        gateway.subscriptions()
                .create(Subscription.to("ordered")
                        .function("work")
                        .delivery(DeliveryPolicy.builder().orderBy("subject").build())
                        .build());
    }

    @TearDown
    public void close() {
        gateway.close();
    }

    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public boolean ordered() {
        return run(ordered);
    }

    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public boolean unordered() {
        return run(unordered);
    }

    private boolean run(Event[] events) {
        for (int i = 0; i < EVENTS; i++) {
            gateway.emit(events[i % KEYS]);
        }
        return gateway.awaitIdle(Duration.ofMinutes(1));
    }
}
