package io.eventgateway.internal.delivery;

import io.eventgateway.internal.time.DrivenClock;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The threads of a gateway: only this class and its pool make any.
 *
 * <p>On Java 21 and later each task has a virtual thread. Before that there is a {@link BoundedPool}. A {@link DrivenClock} has
 * its own thread do everything.
 */
final class Workers {
    private final Executor executor;
    private final Runnable shutdown;
    private final @Nullable BoundedPool pool;
    private final boolean driven;
    /** How many threads are held by handlers that overran their deadline. */
    private final AtomicInteger overrun = new AtomicInteger();

    private Workers(Executor executor, Runnable shutdown, @Nullable BoundedPool pool, boolean driven) {
        this.executor = executor;
        this.shutdown = shutdown;
        this.pool = pool;
        this.driven = driven;
    }

    static Workers of(int threads, @Nullable DrivenClock driver) {
        if (driver != null) {
            return driven(driver);
        }
        ThreadFactory virtual = virtualThreads();
        if (virtual != null) {
            ExecutorService perTask = threadPerTask(virtual);
            return new Workers(perTask, perTask::shutdown, null, false);
        }
        BoundedPool pool = new BoundedPool(threads);
        return new Workers(pool::execute, pool::refuse, pool, false);
    }

    private static Workers driven(DrivenClock driver) {
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
                true);
    }

    void execute(Runnable task) {
        executor.execute(task);
    }

    /** Whether a call that this thread waits for is to be made right here, since waiting for another thread could be for ever. */
    boolean callHere() {
        return driven || BoundedPool.isCurrentThread();
    }

    /** The pool; null where there is a thread for each task. */
    @Nullable BoundedPool pool() {
        return pool;
    }

    /** How many threads are held by handlers that overran their deadline. */
    int overrunning() {
        return overrun.get();
    }

    /** A thread is taken by a handler that overran its deadline. */
    void overran() {
        overrun.incrementAndGet();
    }

    /** Such a handler returned after all. */
    void recovered() {
        overrun.decrementAndGet();
    }

    /** Starts the thread that watches the deadlines. */
    static Thread startWatch(Runnable work) {
        Thread thread = new Thread(work, "eventgateway-clock");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** Starts nothing any more; what was never started comes back. */
    List<Runnable> refuse() {
        shutdown.run();
        return pool == null ? List.of() : pool.takeWaiting();
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
