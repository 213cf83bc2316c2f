package io.eventgateway.internal.delivery;

import java.time.Duration;
import java.util.List;

/**
 * The dispatcher of a gateway's work to its workers. Work that no worker takes is tried again while the gateway is open, and is ended when
 * it has closed, so that nothing that was accepted is forgotten. Thread-safe.
 */
final class Dispatcher {
    /** How long after no thread could be had for a task another one is asked for. */
    private static final Duration UNTIL_THREADS = Duration.ofMillis(20);

    private final Workers workers;
    private final LiveDeliveries live;
    private final DeliveryScheduler scheduler;
    private final LateTasks lateTasks;

    Dispatcher(Workers workers, LiveDeliveries live, DeliveryScheduler scheduler) {
        this.workers = workers;
        this.live = live;
        this.scheduler = scheduler;
        this.lateTasks = new LateTasks(workers, scheduler);
    }

    /** Has a worker run a delivery. */
    void enqueue(Delivery delivery) {
        if (live.isClosed()) {
            delivery.abandon();
        } else {
            execute(delivery);
        }
    }

    /** Has a worker run a task, now or as soon as one can be had. */
    void execute(Runnable task) {
        try {
            workers.execute(task);
        } catch (Throwable e) { // an executor is foreign code, and threads can't always be made
            if (live.isClosed()) {
                endUnstarted(task);
            } else {
                workers.refused(e);
                scheduler.schedule(UNTIL_THREADS, () -> execute(task));
            }
        }
    }

    /** Runs what may run foreign callbacks on a worker; on a thread of its own, or here, when there is none any more. */
    void offThisThread(Runnable task) {
        if (workers.isForeign()) {
            if (live.isClosed()) {
                task.run(); // nobody knows whether the application's executor still runs anything
            } else {
                lateTasks.execute(task);
            }
            return;
        }
        try {
            workers.execute(task);
        } catch (Throwable e) { // threads can't always be made
            if (live.isClosed() && !scheduler.isCurrentThread()) {
                task.run();
            } else {
                startEnding(task);
            }
        }
    }

    /**
     * Runs the end of an attempt whose time is up, as {@link #offThisThread} does, but without a thread of the pool when none is free: all
     * of them may be held by handlers that don't end.
     */
    void endOverdue(Runnable ending) {
        if (workers.pool() == null || live.isClosed()) {
            offThisThread(ending);
        } else {
            lateTasks.executeNow(ending);
        }
    }

    private void startEnding(Runnable ending) {
        try {
            Workers.startEnding(ending);
        } catch (OutOfMemoryError e) {
            workers.refused(e);
            scheduler.schedule(UNTIL_THREADS, () -> startEnding(ending));
        }
    }

    /** Gives the workers nothing any more, and ends what none of them has started. */
    void close() {
        List<Runnable> unstarted = workers.refuse();
        unstarted.forEach(this::endUnstarted);
        lateTasks.close();
    }

    private void endUnstarted(Runnable task) {
        if (task instanceof Delivery delivery) {
            if (scheduler.isCurrentThread()) {
                startEnding(delivery::abandon);
            } else {
                delivery.abandon();
            }
        } else {
            task.run(); // the ending of a delivery, which must not get lost
        }
    }
}
