package io.eventgateway.benchmarks;

import com.google.common.eventbus.AsyncEventBus;
import com.google.common.eventbus.Subscribe;
import io.eventgateway.Emission;
import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.Subscription;
import io.eventgateway.delivery.BacklogPolicy;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
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
import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.SimpleApplicationEventMulticaster;

/**
 * A thousand events handed to other threads and worked off, end to end with the completion of each: a future where the peer has
 * one, else a semaphore that the handler releases, which is less work.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 4, time = 1)
@Fork(2)
public class AsyncBenchmark {
    static final int THREADS = 16;
    private static final int EVENTS = 1_000;
    private static final int WORK = 200;

    private final Semaphore done = new Semaphore(0);
    private final ThreadPoolExecutor pool =
            new ThreadPoolExecutor(THREADS, THREADS, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>());
    private final EventGateway gateway = EventGateway.builder()
            .workerThreads(THREADS)
            .backlog(100_000, BacklogPolicy.BLOCK)
            .build();
    private final Event event = Event.builder("work").source("/bench").build();
    private final Emission[] emissions = new Emission[EVENTS];
    private final CompletableFuture<?>[] futures = new CompletableFuture<?>[EVENTS];
    private final AsyncEventBus guava = new AsyncEventBus(pool);
    private final SimpleApplicationEventMulticaster spring = new SimpleApplicationEventMulticaster();
    private final Vertx vertx = Vertx.vertx();
    private final DeliveryOptions local = new DeliveryOptions().setLocalOnly(true);

    /** What Guava delivers. */
    public record Posted(int number) {}

    private static final class SpringEvent extends ApplicationEvent {
        private static final long serialVersionUID = 1L;

        SpringEvent() {
            super("bench");
        }
    }

    private final class Worker implements ApplicationListener<SpringEvent> {
        @Override
        public void onApplicationEvent(SpringEvent received) {
            work();
        }

        @Subscribe
        @com.google.common.eventbus.AllowConcurrentEvents
        public void handle(Posted posted) {
            work();
        }

        private void work() {
            Blackhole.consumeCPU(WORK);
            done.release();
        }
    }

    private final Posted posted = new Posted(1);
    private final SpringEvent springEvent = new SpringEvent();

    @Setup
    public void subscribe(Application application) {
        gateway.functions().register("work", (received, context) -> {
            Blackhole.consumeCPU(WORK);
            return null;
        });
        gateway.subscriptions().create(Subscription.to("work").function("work").build());
        Worker worker = new Worker();
        guava.register(worker);
        spring.setTaskExecutor(pool);
        spring.addApplicationListener(worker);
        vertx.eventBus().localConsumer("work", message -> worker.work());
    }

    @TearDown
    public void close() {
        gateway.close();
        pool.shutdown();
        vertx.close();
    }

    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void eventGateway() {
        for (int i = 0; i < EVENTS; i++) {
            emissions[i] = gateway.emit(event);
        }
        for (Emission emission : emissions) {
            emission.completion().join();
        }
    }

    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void threadPoolExecutorAndFuture() {
        for (int i = 0; i < EVENTS; i++) {
            CompletableFuture<Object> future = new CompletableFuture<>();
            futures[i] = future;
            pool.execute(() -> {
                Blackhole.consumeCPU(WORK);
                future.complete(null);
            });
        }
        for (CompletableFuture<?> future : futures) {
            future.join();
        }
    }

    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void guavaAsyncEventBus() {
        for (int i = 0; i < EVENTS; i++) {
            guava.post(posted);
        }
        done.acquireUninterruptibly(EVENTS);
    }

    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void springAsyncMulticaster() {
        for (int i = 0; i < EVENTS; i++) {
            spring.multicastEvent(springEvent);
        }
        done.acquireUninterruptibly(EVENTS);
    }

    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void vertxLocalEventBus() {
        for (int i = 0; i < EVENTS; i++) {
            vertx.eventBus().send("work", "event", local);
        }
        done.acquireUninterruptibly(EVENTS);
    }
}
