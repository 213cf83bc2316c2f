package io.eventgateway.benchmarks;

import io.eventgateway.BacklogPolicy;
import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.Subscription;
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

/** A thousand events handed to other threads and worked off, against an executor with as many threads and the same work. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class AsyncBenchmark {
    private static final int EVENTS = 1_000;
    private static final int THREADS = 16;
    private static final int WORK = 200;

    private final Semaphore done = new Semaphore(0);
    private final ThreadPoolExecutor pool =
            new ThreadPoolExecutor(THREADS, THREADS, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>());
    private final EventGateway gateway = EventGateway.builder()
            .workerThreads(THREADS)
            .backlog(100_000, BacklogPolicy.BLOCK)
            .build();
    private final Event event = Event.builder("work").source("/bench").build();

    @Setup
    public void subscribe() {
        gateway.functions().register("work", (received, context) -> {
            Blackhole.consumeCPU(WORK);
            done.release();
            return null;
        });
        gateway.subscriptions().create(Subscription.to("work").function("work").build());
    }

    @TearDown
    public void close() {
        gateway.close();
        pool.shutdown();
    }

    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void eventGateway() {
        for (int i = 0; i < EVENTS; i++) {
            gateway.emit(event);
        }
        done.acquireUninterruptibly(EVENTS);
    }

    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void threadPoolExecutor() {
        for (int i = 0; i < EVENTS; i++) {
            pool.execute(() -> {
                Blackhole.consumeCPU(WORK);
                done.release();
            });
        }
        done.acquireUninterruptibly(EVENTS);
    }
}
