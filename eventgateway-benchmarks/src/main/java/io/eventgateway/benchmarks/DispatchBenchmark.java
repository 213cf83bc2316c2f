package io.eventgateway.benchmarks;

import com.google.common.eventbus.EventBus;
import io.eventgateway.Emission;
import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.Subscription;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import net.engio.mbassy.bus.MBassador;
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
import org.springframework.context.event.SimpleApplicationEventMulticaster;
import org.springframework.context.support.GenericApplicationContext;

/** One event to n handlers on the caller's thread. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 6, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 4, time = 200, timeUnit = TimeUnit.MILLISECONDS)
@Fork(2)
public class DispatchBenchmark {
    @Param({"1", "10", "100"})
    int handlers;

    private final Handlers.Order order = new Handlers.Order(40);
    private EventGateway gateway;
    private Event event;
    private Event complete;
    private EventBus guava;
    private MBassador<Object> mbassador;
    private org.greenrobot.eventbus.EventBus greenrobot;
    private SimpleApplicationEventMulticaster spring;
    private Handlers.OrderEvent springEvent;
    private Map<Class<?>, Consumer<Object>[]> bare;

    @Setup(Level.Trial)
    @SuppressWarnings("unchecked")
    public void setUp(Application application, Blackhole blackhole) {
        gateway = EventGateway.create();
        event = Event.builder("order.placed").source("/orders").data(order).build();
        complete = event.toBuilder()
                .time(Instant.now())
                .extension("correlationid", event.getId())
                .build();
        guava = new EventBus();
        mbassador = new MBassador<>(Handlers::failed);
        greenrobot = org.greenrobot.eventbus.EventBus.builder().build();
        GenericApplicationContext context = new GenericApplicationContext();
        spring = new SimpleApplicationEventMulticaster(context.getBeanFactory());
        springEvent = new Handlers.OrderEvent(order);
        Consumer<Object>[] loop = new Consumer[handlers];
        for (int i = 0; i < handlers; i++) {
            int number = i % application.handlerClasses();
            gateway.functions().register("f" + i, Handlers.function(number, blackhole));
            gateway.subscriptions()
                    .create(Subscription.to("order.placed")
                            .function("f" + i)
                            .sync()
                            .build());
            Object listener = Handlers.annotated(number, blackhole);
            guava.register(listener);
            mbassador.subscribe(listener);
            greenrobot.register(listener);
            spring.addApplicationListener(Handlers.springListener(number, blackhole));
            loop[i] = Handlers.consumer(number, blackhole);
        }
        bare = new ConcurrentHashMap<>(Map.of(Handlers.Order.class, loop));
    }

    @TearDown
    public void close() {
        gateway.close();
    }

    @Benchmark
    public Emission eventGatewayEvent() {
        return gateway.emit(event);
    }

    /** An event that lacks nothing, as one that was received or is passed on does; it is emitted as it is. */
    @Benchmark
    public Emission eventGatewayCompleteEvent() {
        return gateway.emit(complete);
    }

    @Benchmark
    public Emission eventGatewayTypeAndData() {
        return gateway.emit("order.placed", order);
    }

    @Benchmark
    public void guava() {
        guava.post(order);
    }

    @Benchmark
    public void mbassador() {
        mbassador.publish(order);
    }

    @Benchmark
    public void greenrobot() {
        greenrobot.post(order);
    }

    @Benchmark
    public void spring() {
        spring.multicastEvent(springEvent);
    }

    @Benchmark
    public void bareLoop() {
        for (Consumer<Object> consumer : bare.get(Handlers.Order.class)) {
            consumer.accept(order);
        }
    }
}
