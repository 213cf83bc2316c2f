package io.eventgateway.internal.counters;

import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The counts of some deliveries. Thread-safe.
 *
 * <p>What happens to each delivery costs one counter at most: a sync delivery counts as delivered unless it is counted as lost. What is
 * rare is made when it first happens.
 */
final class DeliveryCount {
    /** The counts of what most subscriptions never see. */
    private static final class Rare {
        private final LongAdder lostSync = new LongAdder();
        private final LongAdder failedAttempts = new LongAdder();
        private final LongAdder retried = new LongAdder();
        private final LongAdder dead = new LongAdder();
        private final LongAdder dropped = new LongAdder();
    }

    private final LongAdder routedSync = new LongAdder();
    private final LongAdder routedAsync = new LongAdder();
    private final LongAdder deliveredAsync = new LongAdder();
    private volatile @Nullable Rare rare;
    private volatile @Nullable DurationHistogram durations;

    private Rare rare() {
        Rare known = rare;
        if (known != null) {
            return known;
        }
        synchronized (this) {
            Rare made = rare == null ? new Rare() : rare;
            rare = made;
            return made;
        }
    }

    void routed(long sync, long async) {
        if (sync > 0) {
            routedSync.add(sync);
        }
        if (async > 0) {
            routedAsync.add(async);
        }
    }

    void deliveredAsync() {
        deliveredAsync.increment();
    }

    void lostSync() {
        rare().lostSync.increment();
    }

    void failedAttempt() {
        rare().failedAttempts.increment();
    }

    void retried() {
        rare().retried.increment();
    }

    void dead() {
        rare().dead.increment();
    }

    void dropped() {
        rare().dropped.increment();
    }

    void took(long nanos) {
        DurationHistogram known = durations;
        if (known == null) {
            synchronized (this) {
                known = durations == null ? new DurationHistogram() : durations;
                durations = known;
            }
        }
        known.record(nanos);
    }

    /** Adds the counts to a sum. */
    void addTo(CountSum sum) {
        sum.routed += routedSync.sum() + routedAsync.sum();
        sum.delivered += routedSync.sum() + deliveredAsync.sum();
        Rare seldom = rare;
        if (seldom != null) {
            sum.delivered -= seldom.lostSync.sum();
            sum.failedAttempts += seldom.failedAttempts.sum();
            sum.retried += seldom.retried.sum();
            sum.dead += seldom.dead.sum();
            sum.dropped += seldom.dropped.sum();
        }
        DurationHistogram measured = durations;
        if (measured != null) {
            measured.addTo(sum.durations());
        }
    }
}
