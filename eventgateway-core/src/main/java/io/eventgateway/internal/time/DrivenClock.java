package io.eventgateway.internal.time;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A clock whose owner drives the gateways that go by it: they have no threads of their own, everything runs on the thread that
 * emits or moves the clock, in an order that is the same each time. What the test kit's clock is.
 */
public interface DrivenClock extends InstantSource {
    /** Returns what drives the gateways of a clock; null for a clock that drives none. */
    static @Nullable DrivenClock of(InstantSource clock) {
        return clock instanceof DrivableClock drivable ? drivable.driver() : null;
    }

    /** A gateway, as the clock drives it. */
    interface Driven {
        /** When something is due next, on the clock's timer; {@link Long#MAX_VALUE} when nothing is. */
        long nextDueNanos();

        /** Runs what is due. */
        void runDue();
    }

    /** The time on a scale of nanoseconds that never goes back. */
    long nanoTime();

    /** Drives a gateway from now on. */
    void drive(Driven gateway);

    /** Does not drive it any more. */
    void leave(Driven gateway);

    /** Runs a task on the thread that drives: at once, or after what that thread is running. */
    void execute(Runnable task);

    /**
     * Runs a step on this thread, and what the step has given to run after it. A thread that comes while another one drives waits
     * for that one first, unless a single task keeps it for too long.
     */
    void together(Runnable step);

    /**
     * Runs what there is to run until the condition holds, without moving the clock; waits, in real time, for what other threads
     * have yet to bring only while something is {@code underWay}.
     *
     * @return whether the condition holds
     */
    boolean await(BooleanSupplier condition, BooleanSupplier underWay, Duration atMost);

    /**
     * Waits for the condition as a thread that sleeps does: runs what there is to run, and lets the clock's time pass where that
     * does not bring the condition about. What becomes due on the way runs at its time. While something is {@code underWay}, other
     * threads have a moment of real time to bring results before the time passes.
     *
     * @param atMost how much of the clock's time may pass
     * @return whether the condition holds
     */
    boolean awaitAsleep(BooleanSupplier condition, BooleanSupplier underWay, Duration atMost);

    /**
     * Lets so much time pass, as a thread that sleeps does: what becomes due on the way runs at its time, also when a handler asks,
     * whose thread is the one that runs it.
     */
    void pass(Duration time);

    /**
     * Gives a store the real time that it takes to write, so that what follows the write runs on the thread that drives. It may come
     * back before, and then whoever completes the future goes on.
     */
    void awaitWritten(Future<?> written);
}
