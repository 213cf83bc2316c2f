package io.eventgateway.internal.counters;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;

/**
 * Durations in buckets that grow with them: eight of 64 ns, then four for each doubling, up to some hours. A quantile is the middle of its
 * bucket, at most an eighth from the duration that was measured. Thread-safe.
 */
final class DurationHistogram {
    private static final int UNIT_BITS = 6;
    private static final int LINEAR = 8;
    private static final int LINEAR_BITS = 3;
    static final int BUCKETS = LINEAR + 37 * 4;

    private final AtomicIntegerArray buckets = new AtomicIntegerArray(BUCKETS);

    void record(long nanos) {
        buckets.incrementAndGet(bucket(Math.max(0, nanos)));
    }

    /** Adds what was counted to the counts of others. */
    void addTo(long[] counts) {
        for (int i = 0; i < BUCKETS; i++) {
            counts[i] += buckets.get(i);
        }
    }

    static int bucket(long nanos) {
        long units = nanos >>> UNIT_BITS;
        if (units < LINEAR) {
            return (int) units;
        }
        int exponent = Long.SIZE - 1 - Long.numberOfLeadingZeros(units);
        int quarter = (int) (units >>> (exponent - 2)) & 3;
        return Math.min(BUCKETS - 1, LINEAR + (exponent - LINEAR_BITS) * 4 + quarter);
    }

    /** The least duration of a bucket, in nanoseconds. */
    static long least(int bucket) {
        if (bucket < LINEAR) {
            return (long) bucket << UNIT_BITS;
        }
        int exponent = (bucket - LINEAR) / 4 + LINEAR_BITS;
        long quarter = (bucket - LINEAR) % 4L;
        return ((4 + quarter) << (exponent - 2)) << UNIT_BITS;
    }

    /** The duration that a share of those that were counted do not exceed; null when none was counted. */
    static @Nullable Duration quantile(long[] counts, double share) {
        long all = 0;
        for (long count : counts) {
            all += count;
        }
        long left = (long) Math.ceil(all * share);
        for (int i = 0; i < BUCKETS && all > 0; i++) {
            left -= counts[i];
            if (left <= 0) {
                return Duration.ofNanos((least(i) + least(i + 1)) / 2);
            }
        }
        return null;
    }
}
