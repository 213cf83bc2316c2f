package io.eventgateway.internal.delivery;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tasks of a gateway, such as the ends of deliveries, that its workers are to run and may never come to: their threads may be held
 * by handlers that don't end, or by those who wait for just these ends. A task that the workers refuse, or have not begun within
 * {@link #PATIENCE}, is run by a few threads of its own. Each task runs once, whoever comes first. Thread-safe.
 */
final class LateTasks {
    private static final Logger log = LoggerFactory.getLogger(LateTasks.class);
    /** How long an executor of the application's has. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private static final int THREADS = 4;

    private final class Task implements Runnable {
        private final Runnable work;
        private final AtomicBoolean begun = new AtomicBoolean();

        Task(Runnable work) {
            this.work = work;
        }

        @Override
        public void run() {
            if (begun.compareAndSet(false, true)) {
                open.remove(this);
                work.run();
            }
        }
    }

    private final Workers workers;
    private final DeliveryScheduler scheduler;
    private final BoundedPool threads = new BoundedPool(THREADS);
    private final Set<Task> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    LateTasks(Workers workers, DeliveryScheduler scheduler) {
        this.workers = workers;
        this.scheduler = scheduler;
    }

    /** Has the workers run a task, and looks after the task; runs it right here when the gateway has closed. */
    void execute(Runnable work) {
        Task task = new Task(work);
        open.add(task);
        try {
            workers.execute(task);
        } catch (Throwable e) { // an executor is foreign code, which may run a task and throw all the same
            runOnOwnThread(task);
        }
        scheduler.schedule(PATIENCE, () -> runLate(task));
        if (closed) {
            task.run(); // close may have looked before the task was there
        }
    }

    /** Has the workers and threads of its own run a task at once, whichever are free first. */
    void executeNow(Runnable work) {
        Task task = new Task(work);
        open.add(task);
        try {
            workers.execute(task);
        } catch (RejectedExecutionException e) { // the gateway has closed
            task.run();
        }
        runOnOwnThread(task);
    }

    /** Runs a task that nobody has begun, on more threads if those there are are all held; on the clock's thread. */
    private void runLate(Task task) {
        if (threads.isStalled()) {
            threads.relieve();
        }
        if (!task.begun.get()) {
            runOnOwnThread(task);
        }
    }

    private void runOnOwnThread(Task task) {
        try {
            threads.execute(task);
        } catch (RejectedExecutionException e) { // the gateway has closed
            task.run();
        }
    }

    /** Runs what is open, because the gateway has closed. */
    void close() {
        closed = true;
        threads.refuse();
        for (Task task : open) {
            try {
                task.run();
            } catch (Throwable e) { // the others are to end, too
                log.error("The end of a delivery failed in the gateway", e);
            }
        }
    }
}
