package io.eventgateway.test;

import io.eventgateway.internal.time.DrivenClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Drives the gateways of one {@link TestClock}: runs their work on the thread that emits or moves the clock, one task at a time.
 * Thread-safe; other threads (those of an HTTP client, say) may bring results at any time.
 *
 * <p>At most one thread drives at a time. It drives from the outermost call that needs it until nothing is ready and nothing is
 * due. What it asks for meanwhile, from within a task, is left to the outermost call: except when the task waits or sleeps, where
 * other tasks run inside of it, as they would on other threads.
 */
final class TestClockDriver implements DrivenClock {
    /** How long the results of other threads are waited for before the clock moves on. */
    static final Duration GRACE = Duration.ofMillis(500);

    private static final Duration WRITING = Duration.ofSeconds(10);
    private static final long PEEK_MILLIS = 5;

    private final List<Driven> gateways = new CopyOnWriteArrayList<>();
    /** Guards the fields below; nothing foreign runs under it. */
    private final Object lock = new Object();

    private final Deque<Runnable> ready = new ArrayDeque<>();
    private @Nullable Thread runner;
    /** How many tasks have run; tells a thread that waits whether the runner gets on. */
    private long tasksRun;

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
        move(by, false);
    }

    /** {@inheritDoc} */
    @Override
    public void pass(Duration time) {
        move(time, true);
    }

    /**
     * Moves the clock on.
     *
     * @param asleep whether what becomes due also runs when a task asks, because the task is asleep until then
     */
    private void move(Duration by, boolean asleep) {
        if (by.isNegative()) {
            throw new IllegalArgumentException("a clock only goes forward, was asked for " + by);
        }
        Instant target = now.plus(by);
        boolean outermost = beginDriving();
        try {
            if (outermost || (asleep && isDriving())) {
                runUntil(target);
            } else {
                now = target; // whoever drives runs what has become due, when its task has ended
            }
        } finally {
            if (outermost) {
                endDriving();
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
            if (!runDue()) {
                break;
            }
        }
        if (now.isBefore(target)) {
            now = target;
        }
    }

    /** Runs what is due; false when that is in the hands of other threads, which have not finished in a moment of real time. */
    private boolean runDue() {
        long until = System.nanoTime() + GRACE.toNanos();
        while (true) {
            for (Driven gateway : gateways) {
                gateway.runDue();
            }
            boolean due = nextDue() <= nanoTime();
            synchronized (lock) {
                if (!due || !ready.isEmpty()) {
                    return true;
                }
                if (System.nanoTime() - until >= 0 || !pause()) {
                    return false;
                }
            }
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
        boolean outermost;
        synchronized (lock) {
            ready.add(task);
            lock.notifyAll();
            outermost = runner == null;
            runner = outermost ? Thread.currentThread() : runner;
        }
        if (outermost) {
            endDriving();
        }
    }

    @Override
    public void together(Runnable step) {
        boolean outermost = beginDriving();
        try {
            step.run();
        } finally {
            if (outermost) {
                endDriving();
            }
        }
    }

    private boolean isDriving() {
        synchronized (lock) {
            return runner == Thread.currentThread();
        }
    }

    /**
     * Makes this the thread that drives, for which {@link #endDriving} is to follow. Waits for another one that drives, as long as its
     * tasks end: a task that takes long may be one that waits for this thread.
     *
     * @return false when this thread drives already, or another one goes on driving
     */
    private boolean beginDriving() {
        Thread current = Thread.currentThread();
        synchronized (lock) {
            long seen = tasksRun;
            long until = System.nanoTime() + GRACE.toNanos();
            while (runner != null && runner != current) {
                if (seen != tasksRun) {
                    seen = tasksRun;
                    until = System.nanoTime() + GRACE.toNanos();
                }
                if (System.nanoTime() - until >= 0 || !pause()) {
                    return false;
                }
            }
            boolean outermost = runner == null;
            runner = current;
            return outermost;
        }
    }

    /** Waits a moment, under the lock, for what other threads do; false when this thread is interrupted, whose flag is then set again. */
    @SuppressWarnings("WaitNotInLoop") // those who call it look again at what they wait for
    private boolean pause() {
        try {
            lock.wait(PEEK_MILLIS); // other threads don't always say what they have brought about
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Runs what is ready and what is due until there is nothing, and drives no more. */
    private void endDriving() {
        RuntimeException failed = null;
        boolean goesOn = true;
        while (true) {
            try {
                runReady();
            } catch (IllegalStateException e) {
                failed = e;
            }
            boolean due = goesOn && nextDue() <= nanoTime();
            synchronized (lock) {
                if (!due && ready.isEmpty()) {
                    runner = null;
                    lock.notifyAll();
                    break;
                }
            }
            if (due) {
                goesOn = runDue();
            }
        }
        if (failed != null) {
            throw failed;
        }
    }

    /**
     * Runs what is ready; for the thread that drives. Inside of a task, the others must not see that task's interruption.
     *
     * @throws IllegalStateException if a task threw something, which keeps no other from running
     */
    private void runReady() {
        boolean interrupted = Thread.interrupted();
        List<Throwable> thrown = new ArrayList<>();
        Runnable task = nextReady();
        while (task != null) {
            try {
                task.run();
            } catch (RuntimeException | Error e) {
                thrown.add(e);
            }
            task = nextReady();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (!thrown.isEmpty()) {
            throw new IllegalStateException("the gateway's work failed", thrown.get(0));
        }
    }

    private @Nullable Runnable nextReady() {
        synchronized (lock) {
            tasksRun++;
            return ready.poll();
        }
    }

    @Override
    public boolean await(BooleanSupplier condition, BooleanSupplier underWay, Duration atMost) {
        long until = System.nanoTime() + atMost.toNanos();
        while (true) {
            runWhatThereIs();
            if (condition.getAsBoolean()) {
                return true;
            }
            boolean busy = underWay.getAsBoolean();
            synchronized (lock) {
                boolean others = runner != null && runner != Thread.currentThread();
                boolean hopeless = !busy && !others && ready.isEmpty();
                if (hopeless || System.nanoTime() - until >= 0 || !pause()) {
                    return condition.getAsBoolean();
                }
            }
        }
    }

    /** Runs what is ready and due, unless another thread drives: then that one does. */
    private void runWhatThereIs() {
        boolean outermost;
        boolean inside;
        synchronized (lock) {
            inside = runner == Thread.currentThread();
            outermost = runner == null;
            runner = outermost ? Thread.currentThread() : runner;
        }
        if (outermost) {
            endDriving();
        } else if (inside) {
            runUntil(now);
        }
    }

    @Override
    public boolean awaitAsleep(BooleanSupplier condition, BooleanSupplier underWay, Duration atMost) {
        long until = nanoTime() + atMost.toNanos();
        while (!await(condition, underWay, GRACE)) {
            long left = until - nanoTime();
            if (left <= 0 || Thread.currentThread().isInterrupted()) {
                return condition.getAsBoolean();
            }
            pass(Duration.ofNanos(Math.min(left, Math.max(0, nextDue() - nanoTime()))));
        }
        return true;
    }

    @Override
    public void awaitWritten(Future<?> written) {
        try {
            written.get(WRITING.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            // whoever wrote says so to those who wait for the future
        }
    }
}
