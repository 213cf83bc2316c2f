package io.eventgateway.internal.delivery;

import io.eventgateway.delivery.CircuitBreakerPolicy;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Whether a function, or one subscription's, is called at all: closed, open until a time, or probed by one call (Nygard, "Release
 * It!").
 *
 * <p>Each call has a {@link Pass} from the breaker that let it go, and its outcome is told to that breaker alone. While the breaker is
 * open only the probe's outcome counts, since the others say how the function was before.
 *
 * <p>{@code lock} guards everything; those that wait are told outside of it, since they have locks of their own.
 */
final class Breaker {
    private final CircuitBreakerPolicy settings;
    private final DeliveryScheduler scheduler;
    private final ReentrantLock lock = new ReentrantLock();
    private final Set<DeliveryLimits> paused = new LinkedHashSet<>();
    private int failuresInARow;
    private boolean open;
    private long probeAt;
    private @Nullable Pass probe;
    private Timers.@Nullable Entry wakeUp;

    Breaker(CircuitBreakerPolicy settings, DeliveryScheduler scheduler) {
        this.settings = settings;
        this.scheduler = scheduler;
    }

    /** The leave to make one call. */
    final class Pass {
        /** The call succeeded, or failed through no fault of the function. */
        void succeeded() {
            List<DeliveryLimits> released;
            lock.lock();
            try {
                if (open && probe != this) {
                    return;
                }
                failuresInARow = 0;
                if (!open) {
                    return;
                }
                open = false;
                probe = null;
                if (wakeUp != null) {
                    scheduler.cancel(wakeUp);
                }
                released = takePaused();
            } finally {
                lock.unlock();
            }
            released.forEach(DeliveryLimits::pump);
        }

        /** The call failed. */
        void failed() {
            lock.lock();
            try {
                if (open ? probe == this : ++failuresInARow >= settings.failures()) {
                    pause();
                }
            } finally {
                lock.unlock();
            }
        }

        /** The call was not made. */
        void unused() {
            List<DeliveryLimits> waiting;
            lock.lock();
            try {
                if (probe != this) {
                    return;
                }
                probe = null;
                waiting = takePaused();
            } finally {
                lock.unlock();
            }
            waiting.forEach(DeliveryLimits::pump);
        }

        /** Gives the pass back unused, for limits that look again by themselves. */
        void takenBack() {
            lock.lock();
            try {
                if (probe == this) {
                    probe = null;
                }
            } finally {
                lock.unlock();
            }
        }
    }

    /** The leave to make a call now; null if there is none, and then the limits are told when to ask again. */
    @Nullable Pass pass(DeliveryLimits limits) {
        lock.lock();
        try {
            Pass pass = new Pass();
            if (!open) {
                return pass;
            }
            if (probe == null && probeAt - scheduler.now() <= 0) {
                probe = pass;
                return pass;
            }
            paused.add(limits);
            return null;
        } finally {
            lock.unlock();
        }
    }

    /** Returns when calls may be made, on the clock's timer; a time in the past when they may be now, or a probe is under way. */
    long passesAt() {
        lock.lock();
        try {
            return open && probe == null ? probeAt : Long.MIN_VALUE;
        } finally {
            lock.unlock();
        }
    }

    private void pause() {
        open = true;
        probe = null;
        probeAt = scheduler.now() + settings.pause().toNanos();
        wakeUp = scheduler.schedule(settings.pause(), this::resume);
    }

    /** The pause is over: one of those that wait may probe, whoever comes first. */
    private void resume() {
        List<DeliveryLimits> waiting;
        lock.lock();
        try {
            waiting = takePaused();
        } finally {
            lock.unlock();
        }
        waiting.forEach(DeliveryLimits::pump);
    }

    private List<DeliveryLimits> takePaused() {
        List<DeliveryLimits> all = new ArrayList<>(paused);
        paused.clear();
        return all;
    }
}
