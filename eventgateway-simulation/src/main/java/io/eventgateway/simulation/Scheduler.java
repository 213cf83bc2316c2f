package io.eventgateway.simulation;

import io.eventgateway.internal.time.DrivenClock.Driven;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Owns every interleaving of a history: a seeded random picks what runs next, out of all that could, and when time passes. The
 * gateways have no threads of their own, so that nothing happens but the steps that are picked here.
 *
 * <p>A step that waits, in a handler or for room in a backlog, is put aside with its stack, and picked again when what it waits for
 * has come.
 */
final class Scheduler {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final long NEVER = Long.MAX_VALUE;
    /** From so many possible steps on, those that wait are given a better chance. */
    private static final int CROWD = 100;

    private static final Duration STUCK = Duration.ofSeconds(Long.getLong("simulation.stuck", 20));

    /** Looks at a history after each step and before time passes. */
    interface Observer {
        /** After a step. */
        void afterStep();

        /** Nothing is left to run at the current time, which is about to become {@code next}. */
        void beforeIdleTime(long next);
    }

    /** What the clients do, one after the other. */
    interface Script {
        /** Whether the next thing can be done now. */
        boolean hasNext();

        /** Does the next thing. */
        void runNext();
    }

    /** Thrown where a step waits, once the history is over. */
    @SuppressWarnings("serial")
    static final class HistoryOver extends Error {
        HistoryOver() {
            super("the history is over", null, false, false);
        }
    }

    private record Task(Host process, Runnable work) {}

    private record Clock(Host process, Driven gateway) {}

    private static final class Waiter {
        private final Host process;
        private final Thread thread;
        private final BooleanSupplier condition;
        private final long deadline;
        private final boolean interruptible;
        /** Whether the condition has held; some take what they wait for, so that they are not asked again. */
        private boolean met;

        Waiter(Host process, Thread thread, BooleanSupplier condition, long deadline, boolean interruptible) {
            this.process = process;
            this.thread = thread;
            this.condition = condition;
            this.deadline = deadline;
            this.interruptible = interruptible;
        }
    }

    private final SplittableRandom random;
    private final Batons batons;
    private final double timeChance;
    private final double scriptChance;
    private final int mostSteps;
    private final List<Task> ready = new ArrayList<>();
    private final List<Waiter> waiters = new ArrayList<>();
    private final List<Clock> clocks = new ArrayList<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private Host current = new Host("none");
    private long nanos;
    private long wallOffset;
    private long storeOffset;
    private final AtomicInteger steps = new AtomicInteger();
    private int rests;
    private boolean aborted;
    private boolean finished;
    private @Nullable Observer observer;
    private @Nullable Script script;
    private volatile @Nullable Throwable failure;
    private @Nullable CountDownLatch unwound;

    /**
     * A scheduler.
     *
     * @param timeChance how likely time passes though there is something to run
     * @param scriptChance how likely the clients go on though there is something else to run
     */
    Scheduler(long seed, Batons batons, double timeChance, double scriptChance, int mostSteps) {
        this.random = new SplittableRandom(seed);
        this.batons = batons;
        this.timeChance = timeChance;
        this.scriptChance = scriptChance;
        this.mostSteps = mostSteps;
    }

    long nanoTime() {
        return nanos;
    }

    int step() {
        return steps.get();
    }

    /** How often there was nothing left to run before time passed. */
    int rests() {
        return rests;
    }

    Instant instant() {
        return START.plusNanos(nanos + wallOffset);
    }

    /** Sets the clock on the wall forward or back; the timer goes on. */
    void jumpWall(Duration by) {
        wallOffset += by.toNanos();
    }

    /** The time of the store that the gateways share. */
    Instant storeInstant() {
        return instant().plusNanos(storeOffset);
    }

    /** Sets the store's clock forward. */
    void jumpStoreClock(Duration by) {
        storeOffset += by.toNanos();
    }

    /** Whose step runs. */
    Host current() {
        return current;
    }

    /** A choice out of so many. */
    int choose(int bound) {
        return random.nextInt(bound);
    }

    boolean chance(double probability) {
        return probability > 0 && random.nextDouble() < probability;
    }

    void drive(Host process, Driven gateway) {
        clocks.add(new Clock(process, gateway));
    }

    void leave(Driven gateway) {
        clocks.removeIf(clock -> clock.gateway() == gateway);
    }

    /** Has a task run in a later step. */
    void later(Host process, Runnable work) {
        ready.add(new Task(process, work));
    }

    /** Lets other steps run in between. */
    void yieldStep() {
        block(() -> true, NEVER, false);
    }

    /**
     * Puts the running step aside until the condition holds, so much time has passed, or, if that counts, its thread is interrupted.
     *
     * @return whether the condition holds
     */
    boolean block(BooleanSupplier condition, Duration atMost, boolean interruptible) {
        long in = atMost.compareTo(Duration.ofDays(1000)) > 0 ? NEVER : atMost.toNanos();
        return block(condition, in == NEVER ? NEVER : nanos + in, interruptible);
    }

    private boolean block(BooleanSupplier condition, long deadline, boolean interruptible) {
        if (aborted) {
            throw new HistoryOver();
        }
        if (!(Thread.currentThread() instanceof Batons.Runner runner)) {
            return condition.getAsBoolean(); // while a history is set up
        }
        Host process = current;
        Waiter waiter = new Waiter(process, runner, condition, deadline, interruptible);
        waiters.add(waiter);
        batons.start(this::loop);
        runner.await();
        current = process;
        if (aborted) {
            throw new HistoryOver();
        }
        return waiter.met;
    }

    /** Whether the history has ended, and what still waits is only unwound. */
    boolean isFinished() {
        return finished;
    }

    /** Ends the history after the step that runs. */
    void finish() {
        finished = true;
    }

    /** Ends the history because a check failed. */
    void fail(Throwable why) {
        if (failure == null) {
            failure = why;
        }
        finished = true;
    }

    /** Runs a history to its end; throws what failed in it. */
    void run(Script clients, Observer looks) {
        script = clients;
        observer = looks;
        batons.start(this::loop);
        try {
            int seen;
            do {
                seen = steps.get();
            } while (!over.await(STUCK.toSeconds(), TimeUnit.SECONDS) && steps.get() != seen);
            if (over.getCount() > 0) {
                throw new Violation("stuck", "a step has not ended after " + STUCK + "\n" + batons.stacks());
            }
            unwind();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
        Throwable failed = failure;
        if (failed instanceof Violation violation) {
            throw violation;
        }
        if (failed != null) {
            throw new Violation("failed", "a step threw " + failed, failed);
        }
    }

    /** Ends the stacks of what still waits. */
    private void unwind() throws InterruptedException {
        aborted = true;
        while (!waiters.isEmpty()) {
            Waiter waiter = waiters.remove(waiters.size() - 1);
            CountDownLatch done = new CountDownLatch(1);
            unwound = done;
            ((Batons.Runner) waiter.thread).handBaton();
            if (!done.await(STUCK.toSeconds(), TimeUnit.SECONDS)) {
                throw new Violation("stuck", "a step does not end though its history has\n" + batons.stacks());
            }
        }
    }

    private void loop() {
        while (true) {
            if (aborted) {
                batons.idle();
                CountDownLatch done = unwound;
                if (done != null) {
                    done.countDown();
                }
                return;
            }
            if (finished) {
                batons.idle();
                over.countDown();
                return;
            }
            try {
                Waiter resumed = step1();
                if (resumed != null) {
                    Batons.Runner runner = (Batons.Runner) resumed.thread;
                    if (runner != Thread.currentThread()) {
                        batons.idle();
                    }
                    runner.handBaton();
                    return;
                }
                looks().afterStep();
            } catch (HistoryOver e) {
                // the loop sees that itself
            } catch (Throwable e) {
                if (!aborted) {
                    fail(e);
                }
            }
        }
    }

    private Observer looks() {
        return Objects.requireNonNull(observer);
    }

    private Script clients() {
        return Objects.requireNonNull(script);
    }

    /** Picks a step and runs it; returns the waiting one to go on with, if it is one of those. */
    private @Nullable Waiter step1() {
        if (steps.incrementAndGet() > mostSteps) {
            throw new Violation("no rest", "there is still something to do after " + mostSteps + " steps");
        }
        List<Object> choices = choices();
        boolean scripted = clients().hasNext();
        if (scripted && (choices.isEmpty() || chance(scriptChance))) {
            clients().runNext();
            Thread.interrupted(); // a client's own, as after any call
            return null;
        }
        if (choices.isEmpty()) {
            long next = nextTime();
            if (next == NEVER) {
                throw new Violation("deadlock", "nothing can run any more, and nothing is due\n" + batons.stacks());
            }
            rests++;
            looks().beforeIdleTime(next);
            nanos = Math.max(nanos, next);
            return null;
        }
        if (chance(timeChance)) {
            long next = nextTime();
            if (next != NEVER) {
                nanos = Math.max(nanos, Math.min(next, nanos + random.nextLong(TimeUnit.SECONDS.toNanos(2))));
            }
            return null;
        }
        Object choice = choices.get(random.nextInt(choices.size()));
        if (choices.size() > CROWD
                && chance(0.1)) { // or thousands of tasks would keep a close from going on for minutes
            choice = choices.stream()
                    .filter(Waiter.class::isInstance)
                    .findFirst()
                    .orElse(choice);
        }
        if (choice instanceof Waiter waiter) {
            waiters.remove(waiter);
            return waiter;
        }
        if (choice instanceof Clock clock) {
            current = clock.process();
            clock.process().clockBusy(true);
            try {
                clock.gateway().runDue();
            } finally {
                clock.process().clockBusy(false);
            }
            return null;
        }
        Task task = (Task) choice;
        ready.remove(task);
        runTask(task);
        return null;
    }

    /** Has the step that runs be one of the process. */
    void enter(Host process) {
        current = process;
    }

    private void runTask(Task task) {
        current = task.process();
        Host process = task.process();
        if (process.takeFlagLeft()) {
            Thread.currentThread().interrupt();
        }
        task.work().run();
        if (Thread.interrupted()) {
            process.leaveFlag(); // the next task of the process gets that thread
        }
    }

    private List<Object> choices() {
        List<Object> choices = new ArrayList<>();
        for (Task task : ready) {
            if (task.process().runsAt(nanos)) {
                choices.add(task);
            }
        }
        for (Waiter waiter : waiters) {
            if (waiter.process.runsAt(nanos) && isOver(waiter)) {
                choices.add(waiter);
            }
        }
        for (Clock clock : clocks) {
            Host process = clock.process();
            if (process.runsAt(nanos)
                    && !process.isClockBusy()
                    && clock.gateway().nextDueNanos() <= nanos) {
                choices.add(clock);
            }
        }
        return choices;
    }

    private boolean isOver(Waiter waiter) {
        waiter.met = waiter.met || waiter.condition.getAsBoolean();
        return waiter.met || waiter.deadline <= nanos || (waiter.interruptible && waiter.thread.isInterrupted());
    }

    /** When something is next to be done that can't be done now. */
    private long nextTime() {
        long next = NEVER;
        for (Clock clock : clocks) {
            Host process = clock.process();
            if (!process.isCrashed() && !process.isClockBusy()) {
                next = later(next, Math.max(clock.gateway().nextDueNanos(), process.pausedUntil()));
            }
        }
        for (Waiter waiter : waiters) {
            if (!waiter.process.isCrashed()) {
                next = later(next, Math.max(waiter.deadline, waiter.process.pausedUntil()));
                next = later(next, waiter.process.pausedUntil());
            }
        }
        for (Task task : ready) {
            if (!task.process().isCrashed()) {
                next = later(next, task.process().pausedUntil());
            }
        }
        return next;
    }

    /** The earlier of both, if the second is still to come. */
    private long later(long known, long time) {
        return time > nanos ? Math.min(known, time) : known;
    }
}
