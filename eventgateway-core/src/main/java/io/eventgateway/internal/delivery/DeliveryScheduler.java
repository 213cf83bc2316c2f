package io.eventgateway.internal.delivery;

import io.eventgateway.internal.time.DrivenClock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
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
public final class DeliveryScheduler implements DrivenClock.Driven {
    private static final Logger log = LoggerFactory.getLogger(DeliveryScheduler.class);

    /** How closely deadlines are kept. */
    static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    /** After a second without attempts the thread sleeps until it is woken, which costs whoever begins the next one. */
    private static final int TICKS_UNTIL_IDLE = 100;

    /** Put-off work is late by about a millisecond at most. */
    private static final int REAL_SHIFT = 20;

    private static final long LONGEST_WAIT_NANOS = TimeUnit.DAYS.toNanos(36_500);

    private final LongSupplier timer;
    /** Whether the timer runs at the pace of real time, so that it is known how long to sleep. */
    private final boolean real;

    private final @Nullable DrivenClock driver;
    private final LiveDeliveries live;
    private final Timers timers;
    private final BooleanSupplier eachTick;
    /** How many looks in a row found nothing to look after; for the clock's thread. */
    private int emptyTicks;

    private volatile boolean idle;
    private volatile boolean stopped;
    private final @Nullable Thread thread;

    /**
     * A clock that is to be {@linkplain #start started}.
     *
     * @param live the deliveries whose deadlines are looked after
     * @param eachTick what else is to be looked at every few milliseconds; returns whether it has to be looked at again
     */
    DeliveryScheduler(
            LongSupplier timer,
            boolean real,
            @Nullable DrivenClock driver,
            LiveDeliveries live,
            BooleanSupplier eachTick) {
        this.timer = timer;
        this.real = real;
        this.driver = driver;
        this.live = live;
        this.timers = new Timers(driver == null ? REAL_SHIFT : 0);
        this.eachTick = eachTick;
        this.thread = driver == null ? Workers.watch(this::run) : null;
    }

    /** Begins to look. */
    void start() {
        if (thread != null) {
            thread.start();
        } else if (driver != null) {
            driver.drive(this);
        }
    }

    /** Returns the time on the clock's timer, in nanoseconds. */
    public long now() {
        return timer.getAsLong();
    }

    /** Runs a task in so much time, on the clock's thread: it must be brief, and must not call foreign code. */
    public Timers.Entry schedule(Duration in, Runnable task) {
        Timers.Entry entry = new Timers.Task(task, now() + nanos(in));
        schedule(entry);
        return entry;
    }

    /** Has an entry run at its time. */
    void schedule(Timers.Entry entry) {
        if (timers.add(entry, now())) {
            wake();
        }
    }

    /** A wait in nanoseconds: zero for one in the past, a century for whatever is longer. */
    static long nanos(Duration wait) {
        return Math.max(0, Math.min(LONGEST_WAIT_NANOS, TimeUnit.NANOSECONDS.convert(wait)));
    }

    /** Takes an entry out again; returns false when it was taken out before, perhaps to be run. */
    public boolean cancel(Timers.Entry entry) {
        return timers.cancel(entry);
    }

    /** Looks every few milliseconds from now on: an attempt is under way, or a task waits for a thread. */
    void lookOften() {
        if (idle) {
            wake();
        }
    }

    /** Looks soon at what is looked at on each tick. */
    void wake() {
        Thread sleeper = thread;
        if (sleeper != null) {
            idle = false;
            LockSupport.unpark(sleeper);
        }
    }

    /** Returns whether this is the thread that stops time while it is held. */
    boolean isCurrentThread() {
        return Thread.currentThread() == thread;
    }

    private void run() {
        while (!stopped) {
            try {
                step();
            } catch (Throwable e) { // without this thread nothing times out and nothing is attempted again
                report("The gateway's clock failed, and goes on", e);
            }
        }
    }

    private static void report(String message, Throwable e) {
        try {
            log.error(message, e);
        } catch (Throwable again) { // as where memory ran out; the clock goes on all the same
            Thread.onSpinWait();
        }
    }

    private void step() {
        if (emptyTicks > TICKS_UNTIL_IDLE) {
            idle = true;
            if (!isNeeded() && !stopped) {
                sleep();
            }
            idle = false;
            emptyTicks = TICKS_UNTIL_IDLE; // what is there now is looked at in a tick
        } else {
            LockSupport.parkNanos(this, Math.min(TICK_NANOS, untilNext()));
            emptyTicks = isNeeded() ? 0 : emptyTicks + 1;
        }
        runDue();
    }

    /** Looks at what is looked at on each tick, and returns whether there is something to look after. */
    private boolean isNeeded() {
        boolean needed = eachTick.getAsBoolean();
        return live.isBusy() || needed;
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
        return Math.min(timers.nextNanos(), live.nextDeadline());
    }

    @Override
    public void runDue() {
        long now = timer.getAsLong();
        for (Delivery delivery : live.overdue(now)) {
            delivery.expireAt(now);
        }
        for (Timers.Entry entry : timers.due(now)) {
            try {
                entry.due();
            } catch (Throwable e) { // the others are due too
                report("What was put off failed when it was due", e);
            }
        }
    }

    /** Stops; what is put off is not run any more. */
    void stop() {
        stopped = true;
        wake();
        if (driver != null) {
            driver.leave(this);
        }
        timers.clear();
    }

    /** Returns whether nothing is run any more. */
    public boolean isStopped() {
        return stopped;
    }
}
