package io.eventgateway.internal.delivery;

import io.netty.util.HashedWheelTimer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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

/** A million retries put off by up to 100 ms, and run. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 5)
@Measurement(iterations = 10)
@Fork(1)
public class TimersBenchmark {
    private static final int RETRIES = 1_000_000;

    private final DeliveryScheduler ours =
            new DeliveryScheduler(System::nanoTime, true, null, new LiveDeliveries(), () -> false);

    private final HashedWheelTimer netty = new HashedWheelTimer(1, TimeUnit.MILLISECONDS, 1024);
    private final ScheduledThreadPoolExecutor jdk = new ScheduledThreadPoolExecutor(1);

    @Setup
    public void start() {
        ours.start();
    }

    @TearDown
    public void stop() {
        ours.stop();
        netty.stop();
        jdk.shutdownNow();
    }

    /** Spread over the time, and not in its order. */
    private static long delayMicros(int i) {
        return (i * 2_654_435_761L >>> 8) % 100_000;
    }

    @Benchmark
    public void eventGateway() throws InterruptedException {
        Countdown left = new Countdown();
        for (int i = 0; i < RETRIES; i++) {
            ours.schedule(Duration.ofNanos(delayMicros(i) * 1_000), left);
        }
        left.await();
    }

    @Benchmark
    public void nettyHashedWheelTimer() throws InterruptedException {
        Countdown left = new Countdown();
        for (int i = 0; i < RETRIES; i++) {
            netty.newTimeout(timeout -> left.run(), delayMicros(i), TimeUnit.MICROSECONDS);
        }
        left.await();
    }

    @Benchmark
    public void scheduledThreadPoolExecutor() throws InterruptedException {
        Countdown left = new Countdown();
        for (int i = 0; i < RETRIES; i++) {
            jdk.schedule(left, delayMicros(i), TimeUnit.MICROSECONDS);
        }
        left.await();
    }

    private static final class Countdown implements Runnable {
        private final AtomicInteger left = new AtomicInteger(RETRIES);
        private final CountDownLatch end = new CountDownLatch(1);

        @Override
        public void run() {
            if (left.decrementAndGet() == 0) {
                end.countDown();
            }
        }

        void await() throws InterruptedException {
            end.await();
        }
    }
}
