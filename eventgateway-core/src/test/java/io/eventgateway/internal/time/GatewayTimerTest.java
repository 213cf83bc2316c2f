package io.eventgateway.internal.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

class GatewayTimerTest {
    private final AtomicReference<Instant> time = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
    private final InstantSource clock = time::get;

    private long passedSeconds(LongSupplier timer) {
        return TimeUnit.NANOSECONDS.toSeconds(timer.getAsLong());
    }

    private void move(Duration by) {
        time.updateAndGet(now -> now.plus(by));
    }

    @Test
    void goesByTheMachinesTimerForTheSystemsClockInAnyZone() {
        assertThat(GatewayTimer.isSystem(InstantSource.system())).isTrue();
        assertThat(GatewayTimer.isSystem(Clock.systemUTC())).isTrue();
        assertThat(GatewayTimer.isSystem(Clock.system(ZoneId.of("Asia/Tokyo")))).isTrue();
        assertThat(GatewayTimer.isSystem(Clock.fixed(Instant.EPOCH, ZoneId.of("UTC"))))
                .isFalse();
        assertThat(GatewayTimer.isSystem(clock)).isFalse();
    }

    @Test
    void aClockThatIsSetBackGoesOnFromThere() {
        LongSupplier timer = GatewayTimer.of(clock);
        move(Duration.ofSeconds(10));
        assertThat(passedSeconds(timer)).isEqualTo(10);
        move(Duration.ofDays(-1));
        assertThat(passedSeconds(timer)).isEqualTo(10);
        move(Duration.ofSeconds(20));
        assertThat(passedSeconds(timer)).isEqualTo(30);
    }

    @Test
    void aClockThatIsSetBackAndPutRightCountsWhatPassedMeanwhile() {
        LongSupplier timer = GatewayTimer.of(clock);
        move(Duration.ofHours(-1));
        assertThat(passedSeconds(timer)).isZero();
        move(Duration.ofSeconds(2));
        assertThat(passedSeconds(timer)).isEqualTo(2);
        move(Duration.ofHours(1).plusSeconds(1));
        assertThat(passedSeconds(timer)).isEqualTo(3);
        move(Duration.ofSeconds(1));
        assertThat(passedSeconds(timer)).isEqualTo(4);
    }

    @Test
    void aClockThatCatchesUpByItselfLosesNothing() {
        LongSupplier timer = GatewayTimer.of(clock);
        move(Duration.ofSeconds(-10));
        timer.getAsLong();
        for (int i = 1; i <= 20; i++) {
            move(Duration.ofSeconds(1));
            assertThat(passedSeconds(timer)).isEqualTo(i);
        }
    }

    @Test
    void theFurthestInstantsAreNoOverflow() {
        LongSupplier timer = GatewayTimer.of(clock);
        time.set(Instant.MAX);
        assertThat(timer.getAsLong()).isPositive();
        time.set(Instant.MIN);
        assertThat(timer.getAsLong()).isPositive();
    }

    @Test
    void threadsThatReadAtOnceCountNoTimeTwice() throws Exception {
        Instant start = Instant.now();
        InstantSource ticking = () -> start.plusNanos(System.nanoTime());
        LongSupplier timer = GatewayTimer.of(ticking);
        long from = System.nanoTime();
        Thread[] threads = new Thread[4];
        for (int i = 0; i < threads.length; i++) {
            threads[i] = new Thread(() -> {
                for (int j = 0; j < 50_000; j++) {
                    timer.getAsLong();
                }
            });
            threads[i].start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(timer.getAsLong()).isLessThanOrEqualTo(System.nanoTime() - from + TimeUnit.MILLISECONDS.toNanos(1));
    }
}
