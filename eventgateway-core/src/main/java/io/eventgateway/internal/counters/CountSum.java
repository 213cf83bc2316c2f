package io.eventgateway.internal.counters;

import io.eventgateway.GatewayCounters.Counts;
import org.jspecify.annotations.Nullable;

/** A sum of counts. Not thread-safe. */
final class CountSum {
    long emitted;
    long routed;
    long delivered;
    long failedAttempts;
    long retried;
    long dead;
    long dropped;
    private long @Nullable [] durations;

    long[] durations() {
        long[] known = durations;
        if (known == null) {
            known = new long[DurationHistogram.BUCKETS];
            durations = known;
        }
        return known;
    }

    void add(CountSum other) {
        emitted += other.emitted;
        routed += other.routed;
        delivered += other.delivered;
        failedAttempts += other.failedAttempts;
        retried += other.retried;
        dead += other.dead;
        dropped += other.dropped;
        long[] measured = other.durations;
        for (int i = 0; measured != null && i < measured.length; i++) {
            durations()[i] += measured[i];
        }
    }

    /** Returns whether there is nothing in it, as where a type has a route and no events. */
    boolean isEmpty() {
        return emitted == 0 && routed == 0 && delivered == 0 && failedAttempts == 0 && dead == 0 && dropped == 0;
    }

    Counts counts() {
        long[] measured = durations;
        return new Counts(
                emitted,
                routed,
                delivered,
                failedAttempts,
                retried,
                dead,
                dropped,
                measured == null ? null : DurationHistogram.quantile(measured, 0.5),
                measured == null ? null : DurationHistogram.quantile(measured, 0.99));
    }
}
