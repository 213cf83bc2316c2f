package io.eventgateway.internal.delivery;

import io.eventgateway.internal.time.DrivenClock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The threads of a gateway: the only class that makes any.
 *
 * <p>On Java 21 and later each task has a virtual thread. Before that there is a pool of a fixed size, whose queue the backlog
 * bounds. A handler that has overrun its deadline and ignores its interruption would take a thread of it for good, so for as
 * long as one does the pool has one thread more, up to twice its size; and handlers that hold every thread while others wait
 * make it grow further. A {@link DrivenClock} has its own thread do everything.
 */
final class Workers {
    private static final long KEEP_ALIVE_SECONDS = 10;
    private static final int MOST_RELIEF = 7;

    private final Executor executor;
    private final Runnable shutdown;
    private final @Nullable ThreadPoolExecutor pool;
    private final int size;
    private final boolean driven;
    private final AtomicInteger overrun = new AtomicInteger();
    /** How many threads the pool has more because those it has are all held; the clock's thread writes it. */
    private final AtomicInteger relief = new AtomicInteger();
    /** What was first in the queue when it was last looked at; for the clock's thread. */
    private @Nullable Runnable head;

    private Workers(Executor executor, Runnable shutdown, @Nullable ThreadPoolExecutor pool, int size, boolean driven) {
        this.executor = executor;
        this.shutdown = shutdown;
        this.pool = pool;
        this.size = size;
        this.driven = driven;
    }

    static Workers of(int threads, @Nullable DrivenClock driver) {
        if (driver != null) {
            AtomicBoolean closed = new AtomicBoolean();
            return new Workers(
                    task -> {
                        if (closed.get()) {
                            throw new RejectedExecutionException("the gateway is closed");
                        }
                        driver.execute(task);
                    },
                    () -> closed.set(true),
                    null,
                    threads,
                    true);
        }
        ThreadFactory virtual = virtualThreads();
        if (virtual != null) {
            ExecutorService perTask = threadPerTask(virtual);
            return new Workers(perTask, perTask::shutdown, null, threads, false);
        }
        AtomicInteger number = new AtomicInteger();
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                threads,
                threads,
                KEEP_ALIVE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                task -> new WorkerThread(task, "eventgateway-worker-" + number.incrementAndGet()));
        pool.allowCoreThreadTimeOut(true);
        return new Workers(pool, pool::shutdown, pool, threads, false);
    }

    void execute(Runnable task) {
        executor.execute(task);
    }

    /** Whether a call that this thread waits for is to be made right here, since waiting for another thread could be for ever. */
    boolean callHere() {
        return driven || Thread.currentThread() instanceof WorkerThread;
    }

    /** How many threads one target may have at most while others wait for one. */
    int share() {
        return Math.max(1, size / 2);
    }

    /**
     * Whether every thread of the pool has been held since this was last asked, while something waited for one; the pool then
     * has more threads, up to eight times its size. Only for the clock's thread.
     */
    boolean relieve() {
        if (pool == null) {
            return false;
        }
        Runnable first = pool.getQueue().peek();
        boolean stalled = first != null && first == head;
        head = first;
        if (stalled && relief.get() < MOST_RELIEF * size) {
            relief.addAndGet(share());
            resize();
        } else if (first == null && relief.get() > 0) {
            relief.set(0);
            resize();
        }
        return stalled;
    }

    /** Takes out what waits for a thread. */
    List<Runnable> takeWaiting() {
        List<Runnable> waiting = new ArrayList<>();
        if (pool != null) {
            pool.getQueue().drainTo(waiting);
        }
        head = null;
        return waiting;
    }

    /** A thread is taken by a handler that overran its deadline. */
    void overran() {
        overrun.incrementAndGet();
        resize();
    }

    /** Such a handler returned after all. */
    void recovered() {
        overrun.decrementAndGet();
        resize();
    }

    private void resize() {
        if (pool != null) {
            int wanted = size + Math.min(overrun.get(), size) + relief.get();
            synchronized (pool) { // two calls on the pool that belong together; neither runs foreign code
                if (wanted > pool.getMaximumPoolSize()) {
                    pool.setMaximumPoolSize(wanted);
                    pool.setCorePoolSize(wanted);
                } else if (wanted < pool.getCorePoolSize()) {
                    pool.setCorePoolSize(wanted);
                    pool.setMaximumPoolSize(wanted);
                }
            }
        }
    }

    /** Starts the thread that watches the deadlines. */
    static Thread startWatch(Runnable work) {
        Thread thread = new Thread(work, "eventgateway-deadlines");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** Starts nothing any more; what was never started comes back. */
    List<Runnable> refuse() {
        shutdown.run();
        List<Runnable> waiting = new ArrayList<>();
        if (pool != null) {
            pool.getQueue().drainTo(waiting);
        }
        return waiting;
    }

    private static final class WorkerThread extends Thread {
        WorkerThread(Runnable task, String name) {
            super(task, name);
            setDaemon(true);
        }
    }

    /** Java 21's {@code Executors.newThreadPerTaskExecutor(factory)}. */
    private static ExecutorService threadPerTask(ThreadFactory factory) {
        try {
            return (ExecutorService) Executors.class
                    .getMethod("newThreadPerTaskExecutor", ThreadFactory.class)
                    .invoke(null, factory);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("Java " + Runtime.version() + " should have a thread-per-task executor", e);
        }
    }

    /** Java 21's {@code Thread.ofVirtual().name("eventgateway-worker-", 1).factory()}; null before. */
    private static @Nullable ThreadFactory virtualThreads() {
        if (Runtime.version().feature() < 21) {
            return null;
        }
        try {
            Class<?> builder = Class.forName("java.lang.Thread$Builder$OfVirtual");
            Object ofVirtual = Thread.class.getMethod("ofVirtual").invoke(null);
            Object named =
                    builder.getMethod("name", String.class, long.class).invoke(ofVirtual, "eventgateway-worker-", 1L);
            return (ThreadFactory) builder.getMethod("factory").invoke(named);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("Java " + Runtime.version() + " should have virtual threads", e);
        }
    }
}
