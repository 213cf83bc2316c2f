package io.eventgateway.simulation;

import io.eventgateway.internal.time.DrivableClock;
import io.eventgateway.internal.time.DrivenClock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;

/** The clock of one process, through which the scheduler drives its gateway: whatever the gateway has to do becomes a step. */
final class SimulatedTime implements DrivenClock {
    /** The clock as a gateway is given it. */
    private static final class Shown extends DrivableClock {
        private final SimulatedTime time;

        Shown(SimulatedTime time) {
            super(time);
            this.time = time;
        }

        @Override
        public Instant instant() {
            return time.instant();
        }
    }

    private final Scheduler scheduler;
    private final Host process;

    SimulatedTime(Scheduler scheduler, Host process) {
        this.scheduler = scheduler;
        this.process = process;
    }

    DrivableClock clock() {
        return new Shown(this);
    }

    @Override
    public Instant instant() {
        return scheduler.instant();
    }

    @Override
    public long nanoTime() {
        return scheduler.nanoTime();
    }

    @Override
    public void drive(Driven gateway) {
        scheduler.drive(process, gateway);
    }

    @Override
    public void leave(Driven gateway) {
        scheduler.leave(gateway);
    }

    @Override
    public void execute(Runnable task) {
        scheduler.later(process, task);
    }

    @Override
    public void together(Runnable step) {
        step.run(); // no task runs before the step that gives it has ended
    }

    @Override
    public boolean await(BooleanSupplier condition, BooleanSupplier underWay, Duration atMost) {
        return condition.getAsBoolean() || scheduler.block(condition, atMost, true);
    }

    @Override
    public boolean awaitAsleep(BooleanSupplier condition, BooleanSupplier underWay, Duration atMost) {
        return await(condition, underWay, atMost);
    }

    @Override
    public void pass(Duration time) {
        scheduler.block(() -> false, time, true);
    }

    @Override
    public void awaitWritten(Future<?> written) {
        // the scheduler decides when the store answers, and what runs meanwhile
    }
}
