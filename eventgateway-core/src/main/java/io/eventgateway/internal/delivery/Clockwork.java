package io.eventgateway.internal.delivery;

import io.eventgateway.internal.time.DrivenClock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens because time passes: attempts run out of it, and what was put off becomes due.
 *
 * <p>One thread looks at every watched attempt every few milliseconds, and sleeps until something is due when there is none. A
 * timer that is armed and disarmed for each attempt would cost more than the hand-off itself, and hardly any attempt ever
 * reaches its deadline. A {@link DrivenClock} takes the thread's place when there is one.
 */
final class Clockwork implements DrivenClock.Driven {
    private static final Logger log = LoggerFactory.getLogger(Clockwork.class);

    /** How closely deadlines are kept. */
    static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    /** After a second without attempts the thread sleeps until it is woken, which costs whoever begins the next one. */
    private static final int TICKS_UNTIL_IDLE = 100;

    /** Put-off work is late by about a millisecond at most. */
    private static final int REAL_SHIFT = 20;

    private final LongSupplier timer;
    /** Whether the timer runs at the pace of real time, so that it is known how long to sleep. */
    private final boolean real;

    private final @Nullable DrivenClock driver;
    private final Timers timers;
    private final Set<Delivery> watched = ConcurrentHashMap.newKeySet();
    private final AtomicInteger settling = new AtomicInteger();
    private final Runnable eachTick;
    /** How many looks in a row found no attempt under way; for the clock's thread. */
    private int emptyTicks;

    private volatile boolean idle;
    private volatile boolean stopped;
    private final @Nullable Thread thread;

    /**
     * Starts to work.
     *
     * @param eachTick what else is to be looked at every few milliseconds while attempts are under way
     */
    Clockwork(LongSupplier timer, boolean real, @Nullable DrivenClock driver, Runnable eachTick) {
        this.timer = timer;
        this.real = real;
        this.driver = driver;
        this.timers = new Timers(driver == null ? REAL_SHIFT : 0);
        this.eachTick = eachTick;
        if (driver == null) {
            this.thread = Workers.startWatch(this::run);
        } else {
            this.thread = null;
            driver.drive(this);
        }
    }

    long now() {
        return timer.getAsLong();
    }

    /** Runs a task in so much time, on the clock's thread: it must be brief, and must not call foreign code. */
    Timers.Entry schedule(Duration in, Runnable task) {
        long now = now();
        Timers.Entry entry = new Timers.Entry(task, now + Math.max(0, in.toNanos()));
        if (timers.add(entry, now)) {
            wake();
        }
        return entry;
    }

    boolean cancel(Timers.Entry entry) {
        return timers.cancel(entry);
    }

    void watch(Delivery delivery) {
        watched.add(delivery);
        if (stopped) {
            delivery.abandon(); // it was started while the gateway closed, and nobody looks at it any more
        }
        if (idle) {
            wake();
        }
    }

    void unwatch(Delivery delivery) {
        watched.remove(delivery);
    }

    private void wake() {
        Thread sleeper = thread;
        if (sleeper != null) {
            idle = false;
            LockSupport.unpark(sleeper);
        }
    }

    private void run() {
        while (!stopped) {
            try {
                step();
            } catch (RuntimeException e) { // without this thread nothing times out and nothing is attempted again
                log.error("The gateway's clock failed, and goes on", e);
            }
        }
    }

    private void step() {
        emptyTicks = watched.isEmpty() ? emptyTicks + 1 : 0;
        if (emptyTicks > TICKS_UNTIL_IDLE) {
            idle = true;
            if (watched.isEmpty() && !stopped) {
                sleep();
            }
            idle = false;
        } else {
            LockSupport.parkNanos(this, Math.min(TICK_NANOS, untilNext()));
            eachTick.run();
        }
        runDue();
    }

    private void sleep() {
        long left = untilNext();
        if (left == Long.MAX_VALUE) {
            LockSupport.park(this);
        } else if (left > 0) {
            LockSupport.parkNanos(this, left);
        }
    }

    private long untilNext() {
        long next = timers.nextNanos();
        if (next == Long.MAX_VALUE) {
            return Long.MAX_VALUE;
        }
        return real ? next - timer.getAsLong() : TICK_NANOS;
    }

    @Override
    public long nextDueNanos() {
        long next = timers.nextNanos();
        for (Delivery delivery : watched) {
            long deadline = delivery.deadlineNanos();
            next = deadline == 0 ? next : Math.min(next, deadline);
        }
        return next;
    }

    @Override
    public void runDue() {
        long now = timer.getAsLong();
        for (Delivery delivery : watched) {
            delivery.expireAt(now);
        }
        List<Runnable> due = timers.due(now);
        for (Runnable task : due) {
            try {
                task.run();
            } catch (RuntimeException e) { // the others are due too
                log.error("What was put off failed when it was due", e);
            }
        }
    }

    /** How many threads are held by attempts that held them when this was last asked; only for the clock's thread. */
    int heldThreads() {
        int held = 0;
        for (Delivery delivery : watched) {
            held += delivery.stillHoldsThread() ? 1 : 0;
        }
        return held;
    }

    /** Whether an attempt is under way, or what is next after one is being decided. */
    boolean isBusy() {
        return !watched.isEmpty() || settling.get() > 0;
    }

    /** Decides on what is next after an attempt. */
    void settle(Delivery delivery, Runnable decision) {
        if (driver == null) {
            watched.remove(delivery);
            decision.run();
            return;
        }
        settling.incrementAndGet(); // who waits for other threads must not find none in between
        try {
            watched.remove(delivery);
            decision.run();
        } finally {
            settling.decrementAndGet();
        }
    }

    /** Stops; what is still put off comes back, and is the caller's to end. */
    List<Runnable> stop() {
        stopped = true;
        wake();
        if (driver != null) {
            driver.leave(this);
        }
        return timers.clear();
    }

    boolean isStopped() {
        return stopped;
    }

    /** The attempts that are under way. */
    Set<Delivery> watched() {
        return watched;
    }
}
