package io.eventgateway.internal.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LogLimitTest {
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final List<String> rest = new ArrayList<>();

    private LogLimit limit(int lines, int keys) {
        return new LogLimit(
                () -> now, lines, Duration.ofMinutes(1), keys, (key, heldBack) -> rest.add(key + " " + heldBack));
    }

    private int admitted(LogLimit limit, String key, int lines) {
        int admitted = 0;
        for (int i = 0; i < lines; i++) {
            admitted += limit.admits(key) ? 1 : 0;
        }
        return admitted;
    }

    @Test
    void admitsTheFirstLinesOfEachKeyInEachPeriod() {
        LogLimit limit = limit(3, 10);

        assertThat(admitted(limit, "a", 10)).isEqualTo(3);
        assertThat(admitted(limit, "b", 2)).isEqualTo(2);
        now = now.plusSeconds(59);
        assertThat(admitted(limit, "a", 10)).isZero();
        assertThat(rest).isEmpty();

        now = now.plusSeconds(1);
        assertThat(admitted(limit, "a", 10)).isEqualTo(3);
        assertThat(rest).containsExactly("a 17");
    }

    @Test
    void tellsWhatWasHeldBackThoughNoLineFollows() {
        LogLimit limit = limit(1, 10);
        admitted(limit, "a", 5);

        limit.tellEnded();
        assertThat(rest).isEmpty();
        now = now.plusSeconds(60);
        limit.tellEnded();
        limit.tellEnded();
        assertThat(rest).containsExactly("a 4");

        admitted(limit, "a", 3);
        limit.tellAll();
        limit.tellAll();
        assertThat(rest).containsExactly("a 4", "a 2");
    }

    @Test
    void knowsABoundedNumberOfKeysAndForgetsTheOneThatWasNotMetForTheLongestTime() {
        LogLimit limit = limit(1, 2);
        admitted(limit, "a", 3);
        admitted(limit, "b", 3);
        admitted(limit, "a", 1);

        admitted(limit, "c", 1);

        assertThat(rest).containsExactly("b 2");
        assertThat(admitted(limit, "a", 1)).isZero();
    }

    @Test
    void aClockThatWasSetBackEndsThePeriod() {
        LogLimit limit = limit(1, 10);
        admitted(limit, "a", 3);

        now = now.minusSeconds(3_600);

        assertThat(admitted(limit, "a", 3)).isEqualTo(1);
        assertThat(rest).containsExactly("a 2");
    }

    @Test
    void losesNoLineInTheCountWhateverTheThreads() throws InterruptedException {
        AtomicLong heldBack = new AtomicLong();
        AtomicLong written = new AtomicLong();
        LogLimit limit =
                new LogLimit(() -> now, 5, Duration.ofMinutes(1), 4, (key, lines) -> heldBack.addAndGet(lines));
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            Thread thread = new Thread(() -> {
                for (int i = 0; i < 10_000; i++) {
                    if (limit.admits("key " + i % 7)) {
                        written.incrementAndGet();
                    }
                }
            });
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        limit.tellAll();

        assertThat(written.get() + heldBack.get()).isEqualTo(40_000);
    }
}
