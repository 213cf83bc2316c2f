package io.eventgateway.benchmarks;

import com.google.common.eventbus.AsyncEventBus;
import com.google.common.eventbus.Subscribe;
import io.eventgateway.Event;
import io.eventgateway.EventGateway;
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
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** How long one hand-off takes, there and back, with nothing else going on; p99.9 is what to look at. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 4, time = 1)
@Fork(2)
public class HandOffLatencyBenchmark {
    private final Semaphore done = new Semaphore(0);
    private final ThreadPoolExecutor pool = new ThreadPoolExecutor(
            AsyncBenchmark.THREADS, AsyncBenchmark.THREADS, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>());
    private final EventGateway gateway =
            EventGateway.builder().workerThreads(AsyncBenchmark.THREADS).build();
    private final Event event = Event.builder("work").source("/bench").build();
    private final AsyncEventBus guava = new AsyncEventBus(pool);
    private final Vertx vertx = Vertx.vertx();
    private final DeliveryOptions local = new DeliveryOptions().setLocalOnly(true);
    private final AsyncBenchmark.Posted posted = new AsyncBenchmark.Posted(1);

    /** Guava's subscriber. */
    public final class Worker {
        @Subscribe
        @com.google.common.eventbus.AllowConcurrentEvents
        public void handle(AsyncBenchmark.Posted received) {
            done.release();
        }
    }

    @Setup
    public void subscribe(Application application) {
        gateway.functions().register("work", (received, context) -> null);
        gateway.subscribe("work", "work");
        guava.register(new Worker());
        vertx.eventBus().localConsumer("work", message -> done.release());
    }

    @TearDown
    public void close() {
        gateway.close();
        pool.shutdown();
        vertx.close();
    }

    @Benchmark
    public Object eventGateway() {
        return gateway.emit(event).completion().join();
    }

    @Benchmark
    public Object threadPoolExecutorAndFuture() {
        CompletableFuture<Object> future = new CompletableFuture<>();
        pool.execute(() -> future.complete(null));
        return future.join();
    }

    @Benchmark
    public void guavaAsyncEventBus() {
        guava.post(posted);
        done.acquireUninterruptibly();
    }

    @Benchmark
    public void vertxLocalEventBus() {
        vertx.eventBus().send("work", "event", local);
        done.acquireUninterruptibly();
    }
}
