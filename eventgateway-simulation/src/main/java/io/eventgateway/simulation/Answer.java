package io.eventgateway.simulation;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A future that a step may wait for: others go on meanwhile, and the time for which it waits is the scheduler's. */
final class Answer<T> extends CompletableFuture<T> {
    private final Scheduler scheduler;

    Answer(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new Answer<>(scheduler);
    }

    @Override
    public T join() {
        if (!isDone()) {
            scheduler.block(this::isDone, Duration.ofDays(10_000), false);
        }
        return super.join();
    }

    @Override
    public T get(long time, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
        if (!isDone() && !scheduler.block(this::isDone, Duration.of(time, unit.toChronoUnit()), true)) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            throw new TimeoutException();
        }
        return super.get(0, unit);
    }
}
