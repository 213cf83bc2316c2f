package io.eventgateway.internal.delivery;

import io.eventgateway.Subscription;
import io.eventgateway.delivery.FailingPeriod;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * For how long all attempts of a subscription's deliveries have failed. Thread-safe: {@code since} is read without the lock, so that a
 * success of a subscription that does not fail costs that read alone.
 *
 * <p>What is known of it is stored with the subscription, rarely, so that it outlives the process; what the store says, which may be
 * of another gateway, is taken over.
 */
final class FailureStreak {
    /** A streak is stored from then on. Most outages are shorter. */
    private static final long STORED_AFTER = Duration.ofHours(1).toMillis();

    private static final long STORED_EVERY = Duration.ofHours(6).toMillis();
    /** Two failures this far apart say nothing about the time between them. */
    private static final long LONGEST_GAP = Duration.ofHours(24).toMillis();

    private static final long TRIED_AGAIN_AFTER = Duration.ofMinutes(1).toMillis();
    private static final long NONE = Long.MIN_VALUE;

    /** What a failure gives reason to do. */
    enum Step {
        NOTHING,
        STORE,
        PAUSE
    }

    private volatile long since = NONE;
    private long last = NONE;
    /** The newest failure that the store knows. */
    private long stored = NONE;
    /** A pause that the store refused is tried again from then on. */
    private long triedAgainAt = NONE;

    boolean isFailing() {
        return since != NONE;
    }

    /**
     * An attempt failed.
     *
     * @param limit for how many milliseconds all attempts must have failed for the subscription to be paused
     */
    synchronized Step failed(long now, long limit) {
        if (since == NONE || now - last > LONGEST_GAP || now < since) {
            since = now;
            last = now;
            return stored == NONE ? Step.NOTHING : stored(now);
        }
        last = Math.max(last, now);
        if (now - since >= limit) {
            if (now < triedAgainAt) {
                return Step.NOTHING;
            }
            triedAgainAt = now + TRIED_AGAIN_AFTER;
            return Step.PAUSE;
        }
        boolean due = stored == NONE ? now - since >= STORED_AFTER : now - stored >= STORED_EVERY;
        return due ? stored(now) : Step.NOTHING;
    }

    private Step stored(long now) {
        stored = now;
        return Step.STORE;
    }

    /** An attempt succeeded; returns whether the store has to forget the streak. */
    synchronized boolean succeeded() {
        boolean wasStored = stored != NONE;
        reset();
        return wasStored;
    }

    private void reset() {
        since = NONE;
        last = NONE;
        stored = NONE;
        triedAgainAt = NONE;
    }

    /** The subscription is as the store has it now: another gateway may have stored, ended or paused it. */
    synchronized void known(Subscription subscription, boolean paused) {
        FailingPeriod period = subscription.failing();
        if (paused) {
            reset();
        } else if (period != null) {
            long began = EffectivePolicy.millis(period.since());
            since = since == NONE ? began : Math.min(since, began);
            last = Math.max(last, EffectivePolicy.millis(period.last()));
            stored = Math.max(stored, EffectivePolicy.millis(period.last()));
        } else if (stored != NONE) {
            reset();
        }
    }

    /** The period; null when there is none. */
    synchronized @Nullable FailingPeriod period() {
        return since == NONE ? null : new FailingPeriod(Instant.ofEpochMilli(since), Instant.ofEpochMilli(last));
    }
}
