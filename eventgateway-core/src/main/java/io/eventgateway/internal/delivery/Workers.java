package io.eventgateway.internal.delivery;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The threads of a gateway: the only class that makes any.
 *
 * <p>On Java 21 and later each task has a virtual thread. Before that there is a pool of a fixed size, whose queue the backlog
 * bounds. A handler that has overrun its deadline and ignores its interruption would take a thread of it for good, so for as
 * long as one does the pool has one thread more, up to twice its size.
 */
final class Workers {
    private static final long KEEP_ALIVE_SECONDS = 10;

    private final ExecutorService executor;
    private final @Nullable ThreadPoolExecutor pool;
    private final int size;
    private final AtomicInteger overrun = new AtomicInteger();

    private Workers(ExecutorService executor, @Nullable ThreadPoolExecutor pool, int size) {
        this.executor = executor;
        this.pool = pool;
        this.size = size;
    }

    static Workers of(int threads) {
        ThreadFactory virtual = virtualThreads();
        if (virtual != null) {
            return new Workers(threadPerTask(virtual), null, threads);
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
        return new Workers(pool, pool, threads);
    }

    void execute(Runnable task) {
        executor.execute(task);
    }

    /** Whether this thread is one of a bounded pool, so that waiting on it for another of them could be for ever. */
    static boolean onPoolThread() {
        return Thread.currentThread() instanceof WorkerThread;
    }

    /** A thread is taken by a handler that overran its deadline. */
    void overran() {
        resize(overrun.incrementAndGet());
    }

    /** Such a handler returned after all. */
    void recovered() {
        resize(overrun.decrementAndGet());
    }

    private void resize(int taken) {
        if (pool != null) {
            int wanted = size + Math.min(taken, size);
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
        executor.shutdown();
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
