package io.eventgateway.internal.delivery;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The ends of deliveries that an executor of the application's is to run, and may never come to: its threads may be held by those who
 * wait for just these ends. What it has not begun within {@link #PATIENCE} is run by a few threads of the gateway's own. Thread-safe.
 */
final class LateEndings {
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final int THREADS = 4;

    /** A task that runs once, whoever comes first. */
    private final class Ending implements Runnable {
        private final Runnable task;
        private final AtomicBoolean begun = new AtomicBoolean();

        Ending(Runnable task) {
            this.task = task;
        }

        @Override
        public void run() {
            if (begun.compareAndSet(false, true)) {
                open.remove(this);
                task.run();
            }
        }

        /** Runs the task on one of the gateway's threads if the executor has not begun it. */
        void late() {
            if (!begun.get()) {
                try {
                    threads.execute(this);
                } catch (RejectedExecutionException e) {
                    return; // the gateway has closed, which runs what is open
                }
            }
        }
    }

    private final DeliveryScheduler scheduler;
    private final BoundedPool threads = new BoundedPool(THREADS);
    private final Set<Ending> open = ConcurrentHashMap.newKeySet();

    LateEndings(DeliveryScheduler scheduler) {
        this.scheduler = scheduler;
    }

    /** Gives a task to the executor, and looks after it; throws what the executor throws, and forgets the task then. */
    void give(Runnable task, Executor executor) {
        Ending ending = new Ending(task);
        open.add(ending);
        try {
            executor.execute(ending);
        } catch (Throwable e) {
            open.remove(ending);
            throw e;
        }
        scheduler.schedule(PATIENCE, ending::late);
        if (scheduler.isStopped()) {
            ending.run(); // the gateway closed meanwhile
        }
    }

    /** Runs what is open, because the gateway has closed. */
    void close() {
        threads.refuse();
        open.forEach(Ending::run);
    }
}
