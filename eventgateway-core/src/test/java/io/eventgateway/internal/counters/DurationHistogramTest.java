package io.eventgateway.internal.counters;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DurationHistogramTest {
    @Test
    void everyDurationIsInTheBucketThatBeginsBelowItAndEndsAboveIt() {
        Random random = new Random(18);
        for (int i = 0; i < 100_000; i++) {
            long nanos = random.nextLong() >>> (20 + random.nextInt(44));
            int bucket = DurationHistogram.bucket(nanos);

            assertThat(DurationHistogram.least(bucket)).isLessThanOrEqualTo(nanos);
            if (bucket < DurationHistogram.BUCKETS - 1) {
                assertThat(DurationHistogram.least(bucket + 1)).isGreaterThan(nanos);
            }
        }
    }

    @Test
    void theLongestDurationIsInTheLastBucket() {
        assertThat(DurationHistogram.bucket(Long.MAX_VALUE)).isEqualTo(DurationHistogram.BUCKETS - 1);
    }

    @Test
    void aQuantileIsAtMostAnEighthFromTheMeasuredDuration() {
        DurationHistogram histogram = new DurationHistogram();
        for (int millis = 1; millis <= 1_000; millis++) {
            histogram.record(Duration.ofMillis(millis).toNanos());
        }
        long[] counts = new long[DurationHistogram.BUCKETS];
        histogram.addTo(counts);

        assertThat(DurationHistogram.quantile(counts, 0.5)).isBetween(Duration.ofMillis(437), Duration.ofMillis(563));
        assertThat(DurationHistogram.quantile(counts, 0.99)).isBetween(Duration.ofMillis(866), Duration.ofMillis(1114));
        assertThat(DurationHistogram.quantile(new long[DurationHistogram.BUCKETS], 0.5))
                .isNull();
    }
}
