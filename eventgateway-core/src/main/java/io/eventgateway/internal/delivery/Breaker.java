package io.eventgateway.internal.delivery;

import io.eventgateway.delivery.CircuitBreakerPolicy;
import java.time.Duration;
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
 * <p>{@code lock} guards everything; lanes are told outside of it, since they have locks of their own.
 */
final class Breaker {
    private final CircuitBreakerPolicy settings;
    private final Clockwork clockwork;
    private final ReentrantLock lock = new ReentrantLock();
    private final Set<Lane> paused = new LinkedHashSet<>();
    private int failuresInARow;
    private boolean open;
    private boolean probing;
    private long probeAt;
    private Timers.@Nullable Entry wakeUp;

    Breaker(CircuitBreakerPolicy settings, Clockwork clockwork) {
        this.settings = settings;
        this.clockwork = clockwork;
    }

    /** Whether a call may begin. If not, the lane is told when it may try again. */
    boolean pass(Lane lane) {
        lock.lock();
        try {
            if (!open) {
                return true;
            }
            if (!probing && probeAt - clockwork.now() <= 0) {
                probing = true;
                return true;
            }
            paused.add(lane);
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** A call succeeded, or failed through no fault of the function. */
    void succeeded() {
        List<Lane> released;
        lock.lock();
        try {
            failuresInARow = 0;
            if (!open) {
                return;
            }
            open = false;
            probing = false;
            if (wakeUp != null) {
                clockwork.cancel(wakeUp);
            }
            released = takePaused();
        } finally {
            lock.unlock();
        }
        released.forEach(Lane::pump);
    }

    /** A call failed. */
    void failed() {
        lock.lock();
        try {
            failuresInARow++;
            if (open ? probing : failuresInARow >= settings.failures()) {
                pause();
            }
        } finally {
            lock.unlock();
        }
    }

    private void pause() {
        open = true;
        probing = false;
        Duration pause = settings.pause();
        probeAt = clockwork.now() + pause.toNanos();
        wakeUp = clockwork.schedule(pause, this::resume);
    }

    /** A call that had passed did not take place. */
    void unused() {
        boolean wasProbe;
        lock.lock();
        try {
            wasProbe = probing;
            probing = false;
        } finally {
            lock.unlock();
        }
        if (wasProbe) {
            resume();
        }
    }

    /** Takes a pass back that was not used, without waking anybody. */
    void takeBack() {
        lock.lock();
        try {
            probing = false;
        } finally {
            lock.unlock();
        }
    }

    /** The pause is over: one of those that wait may probe, whoever comes first. */
    private void resume() {
        List<Lane> waiting;
        lock.lock();
        try {
            waiting = takePaused();
        } finally {
            lock.unlock();
        }
        waiting.forEach(Lane::pump);
    }

    private List<Lane> takePaused() {
        List<Lane> lanes = new ArrayList<>(paused);
        paused.clear();
        return lanes;
    }
}
