package io.eventgateway.internal.delivery;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The threads before Java 21: so many, first come first served, and a relief of more while those are all held.
 *
 * <p>A fork-join pool in asynchronous mode has them, because it wakes a thread only when those that are awake don't suffice,
 * which halves the price of a hand-off. Handlers may block it, though. Then the clock's thread takes what waits in its queue
 * and has the relief run it, which grows by half the size at a time, up to seven times the size, and goes when it is idle.
 */
final class BoundedPool {
    private static final long KEEP_ALIVE_SECONDS = 10;
    private static final int MOST_RELIEF = 7;

    private final int size;
    private final Pool pool;
    private final AtomicInteger numbers = new AtomicInteger();
    /** Written by the clock's thread alone; null until it is needed. */
    private volatile @Nullable ThreadPoolExecutor relief;

    private volatile boolean refusing;

    BoundedPool(int size) {
        this.size = size;
        this.pool = new Pool(size);
    }

    /** The pool, whose queue can be emptied. */
    private static final class Pool extends ForkJoinPool {
        Pool(int size) {
            super(size, Worker::new, null, true);
        }

        List<Runnable> takeWaiting() {
            List<ForkJoinTask<?>> jobs = new ArrayList<>();
            drainTasksTo(jobs);
            List<Runnable> tasks = new ArrayList<>(jobs.size());
            for (ForkJoinTask<?> job : jobs) {
                if (job instanceof Job ours) {
                    tasks.add(ours.task);
                }
            }
            return tasks;
        }
    }

    /** A thread of the pool. */
    private static final class Worker extends ForkJoinWorkerThread {
        Worker(ForkJoinPool pool) {
            super(pool);
            setName("eventgateway-" + getName());
        }
    }

    /** A thread of the relief. */
    private static final class ReliefWorker extends Thread {
        ReliefWorker(Runnable task, String name) {
            super(task, name);
            setDaemon(true);
        }
    }

    /** A task in the pool's queue, which can be had back. */
    private static final class Job extends ForkJoinTask<@Nullable Void> {
        private static final long serialVersionUID = 1L;
        private final transient Runnable task;

        Job(Runnable task) {
            this.task = task;
        }

        @Override
        protected boolean exec() {
            try {
                task.run();
            } catch (Throwable e) { // as any other thread has it
                Thread thread = Thread.currentThread();
                thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
            }
            return true;
        }

        @Override
        public @Nullable Void getRawResult() {
            return null;
        }

        @Override
        protected void setRawResult(@Nullable Void value) {
            // there is none
        }
    }

    void execute(Runnable task) {
        pool.execute(new Job(task));
    }

    /** Whether this thread is one of such a pool's. */
    static boolean isCurrentThread() {
        Thread thread = Thread.currentThread();
        return thread instanceof Worker || thread instanceof ReliefWorker;
    }

    /** How many threads one target may have at most while others wait for one. */
    int share() {
        return Math.max(1, size / 2);
    }

    /** Whether so many held threads are all that there are, or all but the relief, while something waits. */
    boolean isStalled(int held) {
        return held >= size && (pool.hasQueuedSubmissions() || pool.getQueuedTaskCount() > 0 || reliefWaits());
    }

    private boolean reliefWaits() {
        ThreadPoolExecutor threads = relief;
        return threads != null && !threads.getQueue().isEmpty();
    }

    /** Takes out what waits for a thread. */
    List<Runnable> takeWaiting() {
        List<Runnable> waiting = pool.takeWaiting();
        ThreadPoolExecutor threads = relief;
        if (threads != null) {
            threads.getQueue().drainTo(waiting);
        }
        return waiting;
    }

    /**
     * Runs tasks on the relief, which grows if so many held threads are all that there are. Only for the clock's thread.
     *
     * @return those that it refuses, since nothing starts any more
     */
    List<Runnable> relieve(List<Runnable> tasks, int held) {
        ThreadPoolExecutor threads = relief;
        int more = threads == null ? 0 : threads.getCorePoolSize();
        if (threads == null) {
            more = share();
            threads = new ThreadPoolExecutor(
                    more,
                    more,
                    KEEP_ALIVE_SECONDS,
                    TimeUnit.SECONDS,
                    new LinkedBlockingQueue<>(),
                    task -> new ReliefWorker(task, "eventgateway-relief-" + numbers.incrementAndGet()));
            threads.allowCoreThreadTimeOut(true);
            relief = threads;
            if (refusing) {
                threads.shutdown();
            }
        } else if (held >= size + more && more < MOST_RELIEF * size) {
            more += share();
            threads.setMaximumPoolSize(more);
            threads.setCorePoolSize(more);
        }
        List<Runnable> refused = new ArrayList<>();
        for (Runnable task : tasks) {
            try {
                threads.execute(task);
            } catch (RejectedExecutionException e) {
                refused.add(task);
            }
        }
        return refused;
    }

    /** Starts nothing any more. */
    void refuse() {
        refusing = true;
        pool.shutdown();
        ThreadPoolExecutor threads = relief;
        if (threads != null) {
            threads.shutdown();
        }
    }
}
