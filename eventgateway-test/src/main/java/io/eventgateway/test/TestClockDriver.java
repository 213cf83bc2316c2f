package io.eventgateway.test;

import io.eventgateway.internal.time.DrivenClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Drives the gateways of one {@link TestClock}: runs their work on the thread that emits or moves the clock, one task at a time.
 * Thread-safe; other threads (those of an HTTP client, say) may bring results at any time.
 */
final class TestClockDriver implements DrivenClock {
    private static final long PEEK_MILLIS = 5;

    private final List<Driven> gateways = new CopyOnWriteArrayList<>();
    /** Guards the fields below; nothing foreign runs under it. */
    private final Object lock = new Object();

    private final Deque<Runnable> ready = new ArrayDeque<>();
    private @Nullable Thread runner;
    private @Nullable Thread mover;
    private volatile Instant now;

    TestClockDriver(Instant start) {
        this.now = start;
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public long nanoTime() {
        return nanos(now);
    }

    private static long nanos(Instant time) {
        return TimeUnit.SECONDS.toNanos(time.getEpochSecond()) + time.getNano();
    }

    /** Moves the clock on, and runs what becomes due; see {@link TestClock#advance}. */
    void advance(Duration by) {
        if (by.isNegative()) {
            throw new IllegalArgumentException("a clock only goes forward, was asked for " + by);
        }
        Instant target = now.plus(by);
        synchronized (lock) {
            if (runner == Thread.currentThread() || mover == Thread.currentThread()) {
                now = target;
                return;
            }
            mover = Thread.currentThread();
        }
        try {
            runUntil(target);
        } finally {
            synchronized (lock) {
                mover = null;
            }
        }
    }

    private void runUntil(Instant target) {
        while (true) {
            runReady();
            long next = nextDue();
            if (next > nanos(target)) {
                break;
            }
            if (next > nanoTime()) {
                now = Instant.ofEpochSecond(0, next);
            }
            for (Driven gateway : gateways) {
                gateway.runDue();
            }
        }
        if (now.isBefore(target)) {
            now = target;
        }
    }

    private long nextDue() {
        long next = Long.MAX_VALUE;
        for (Driven gateway : gateways) {
            next = Math.min(next, gateway.nextDueNanos());
        }
        return next;
    }

    /** Moves the clock to the next time at which something is due; see {@link TestClock#advanceToNext}. */
    boolean advanceToNext(Instant limit) {
        long next = nextDue();
        if (next > nanos(limit)) {
            return false;
        }
        advance(Duration.ofNanos(Math.max(0, next - nanoTime())));
        return true;
    }

    @Override
    public void drive(Driven gateway) {
        gateways.add(gateway);
    }

    @Override
    public void leave(Driven gateway) {
        gateways.remove(gateway);
    }

    @Override
    public void execute(Runnable task) {
        synchronized (lock) {
            ready.add(task);
            lock.notifyAll();
        }
        runReady();
    }

    @Override
    public void together(Runnable step) {
        boolean mine;
        synchronized (lock) {
            mine = runner == null;
            runner = mine ? Thread.currentThread() : runner;
        }
        try {
            step.run();
        } finally {
            if (mine) {
                synchronized (lock) {
                    runner = null;
                }
                runReady();
            }
        }
    }

    /** Runs what is ready, unless a thread does: then that one runs it. */
    private void runReady() {
        synchronized (lock) {
            if (runner != null) {
                return;
            }
            runner = Thread.currentThread();
        }
        List<Throwable> thrown = new ArrayList<>();
        while (true) {
            Runnable task;
            synchronized (lock) {
                task = ready.poll();
                if (task == null) {
                    runner = null;
                    lock.notifyAll();
                    break;
                }
            }
            try {
                task.run();
            } catch (RuntimeException | Error e) { // it must not keep the others from running
                thrown.add(e);
            }
        }
        if (!thrown.isEmpty()) {
            throw new IllegalStateException("the gateway's work failed", thrown.get(0));
        }
    }

    @Override
    public boolean await(BooleanSupplier condition, BooleanSupplier underWay, Duration atMost) {
        long patience = System.nanoTime() + atMost.toNanos();
        boolean held;
        synchronized (lock) {
            held = runner == Thread.currentThread();
        }
        while (true) {
            runReady();
            if (condition.getAsBoolean()) {
                return true;
            }
            synchronized (lock) {
                boolean others = runner != null && !held;
                boolean hopeless = !underWay.getAsBoolean() && !others && ready.isEmpty();
                if (hopeless || held || System.nanoTime() - patience >= 0) {
                    return condition.getAsBoolean();
                }
                try {
                    lock.wait(PEEK_MILLIS); // other threads don't say when the condition holds
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return condition.getAsBoolean();
                }
            }
        }
    }

    @Override
    public void pass(Duration time) {
        advance(time);
    }
}
