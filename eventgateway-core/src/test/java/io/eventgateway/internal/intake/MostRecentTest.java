package io.eventgateway.internal.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MostRecentTest {
    private static final Duration LIFE = Duration.ofMinutes(1);

    private long now = Long.MAX_VALUE - 5; // a timer's origin is arbitrary

    private MostRecent<Integer, String> holding(int entries, long bytes) {
        return new MostRecent<>(entries, bytes, () -> now);
    }

    private static long sizeOf(int entries) {
        return (long) entries * MostRecent.ENTRY_BYTES;
    }

    @Test
    void hasTheNewestKeysHoweverOftenOldOnesWereAskedFor() {
        MostRecent<Integer, String> recent = holding(20_000, Long.MAX_VALUE);
        for (int key = 0; key < 200_000; key++) {
            recent.putIfAbsent(key, "v", 0, LIFE);
            recent.get(key / 2);
            recent.get(key / 2);
        }

        assertThat(IntStream.range(180_000, 200_000)).allMatch(key -> recent.get(key) != null);
        assertThat(recent.get(179_999)).isNull();
    }

    @Test
    void hasAsManyAsFitIntoItsBytes() {
        MostRecent<Integer, String> recent = holding(100, sizeOf(3) + 30);
        for (int key = 0; key < 5; key++) {
            recent.putIfAbsent(key, "v", 10, LIFE);
        }
        assertThat(IntStream.range(0, 5).filter(key -> recent.get(key) != null)).containsExactly(2, 3, 4);

        recent.resize(4, "v", 20);
        assertThat(IntStream.range(0, 5).filter(key -> recent.get(key) != null)).containsExactly(3, 4);

        recent.putIfAbsent(5, "larger than all", 1_000_000, LIFE);
        assertThat(recent.bytes()).isZero();
    }

    @Test
    void resizesAndRemovesOnlyTheValueThatIsMeant() {
        MostRecent<Integer, String> recent = holding(100, 1_000_000);
        recent.putIfAbsent(1, "v", 0, LIFE);

        recent.resize(1, "another", 500);
        recent.resize(2, "v", 500);
        recent.remove(1, "another");
        assertThat(recent.bytes()).isEqualTo(sizeOf(1));

        recent.remove(1, "v");
        assertThat(recent.get(1)).isNull();
        assertThat(recent.bytes()).isZero();
    }

    @Test
    void keepsTheFirstValueOfAKeyUntilItsLifeEnds() {
        MostRecent<Integer, String> recent = holding(100, 1_000_000);

        assertThat(recent.putIfAbsent(1, "first", 0, LIFE)).isNull();
        now += LIFE.toNanos() - 1;
        assertThat(recent.putIfAbsent(1, "second", 0, LIFE)).isEqualTo("first");
        now++;
        assertThat(recent.get(1)).isNull();
        assertThat(recent.putIfAbsent(1, "third", 0, LIFE)).isNull();
        assertThat(recent.bytes()).isEqualTo(sizeOf(1));
    }

    @Test
    void letsOldEntriesGoWhenTheirLifeHasEnded() {
        MostRecent<Integer, String> recent = holding(100, 1_000_000);
        recent.putIfAbsent(1, "v", 0, LIFE);
        recent.putIfAbsent(2, "v", 0, LIFE);
        now += LIFE.toNanos();

        recent.putIfAbsent(3, "v", 0, LIFE);

        assertThat(recent.bytes()).isEqualTo(sizeOf(1));
    }

    @Test
    void countsARenewedKeyAsTheNewestOne() {
        MostRecent<Integer, String> recent = holding(2, 1_000_000);
        recent.renew(1, () -> "one", 0, LIFE);
        recent.renew(2, () -> "two", 0, LIFE);
        now += LIFE.toNanos() - 1;

        assertThat(recent.renew(1, () -> "another", 0, LIFE)).isEqualTo("one");
        now++;
        recent.renew(3, () -> "three", 0, LIFE);

        assertThat(recent.get(1)).isEqualTo("one");
        assertThat(recent.get(2)).isNull();
    }
}
