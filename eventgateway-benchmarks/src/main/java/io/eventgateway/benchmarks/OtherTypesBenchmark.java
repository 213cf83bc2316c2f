package io.eventgateway.benchmarks;

import io.eventgateway.Emission;
import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.Subscription;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
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

/** One event to one sync function, with other event types subscribed. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 6, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 400, timeUnit = TimeUnit.MILLISECONDS)
@Fork(2)
public class OtherTypesBenchmark {
    @Param({"1", "1000", "100000"})
    int others;

    private final EventGateway gateway = EventGateway.create();
    private final Event event = Event.builder("order.placed").source("/orders").build();

    @Setup
    public void subscribe(Application application, Blackhole blackhole) {
        int classes = application.handlerClasses();
        for (int i = 0; i < classes; i++) {
            gateway.functions().register("f" + i, Handlers.function(i, blackhole));
        }
        gateway.subscriptions()
                .create(Subscription.to("order.placed").function("f0").sync().build());
        for (int i = 0; i < others; i++) {
            gateway.subscriptions()
                    .create(Subscription.to("other." + i)
                            .function("f" + i % classes)
                            .sync()
                            .build());
        }
    }

    @TearDown
    public void close() {
        gateway.close();
    }

    @Benchmark
    public Emission emit() {
        return gateway.emit(event);
    }
}
