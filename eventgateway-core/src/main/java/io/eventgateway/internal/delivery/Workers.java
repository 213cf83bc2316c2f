package io.eventgateway.internal.delivery;

import io.eventgateway.internal.invocation.Causes;
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
 * <p>On Java 21 and later each task has a virtual thread unless a number was asked for. Else there is a {@link BoundedPool}, or the
 * executor that was given. A {@link DrivenClock} has
 * its own thread do everything.
 */
final class Workers {
    private static final int DEFAULT_THREADS =
            Math.max(16, 4 * Runtime.getRuntime().availableProcessors());

    private final Executor executor;
    private final Runnable shutdown;
    private final @Nullable BoundedPool pool;
    private final boolean driven;
    private final boolean perTask;
    /** How many threads are held by handlers that overran their deadline. */
    private final AtomicInteger overrun = new AtomicInteger();

    private Workers(Executor executor, Runnable shutdown, @Nullable BoundedPool pool, boolean driven, boolean perTask) {
        this.executor = executor;
        this.shutdown = shutdown;
        this.pool = pool;
        this.driven = driven;
        this.perTask = perTask;
    }

    /**
     * The threads that the settings ask for.
     *
     * @param given what runs tasks instead of threads of the gateway's own; null for none
     * @param threads how many; null for virtual ones where there are any
     */
    static Workers of(@Nullable Executor given, @Nullable Integer threads, @Nullable DrivenClock driver) {
        if (driver != null) {
            return driven(driver);
        }
        if (given != null) {
            return given(given);
        }
        ThreadFactory virtual = threads == null ? virtualThreads() : null;
        if (virtual != null) {
            ExecutorService perTask = threadPerTask(virtual);
            return new Workers(perTask, perTask::shutdown, null, false, true);
        }
        BoundedPool pool = new BoundedPool(threads == null ? DEFAULT_THREADS : threads);
        return new Workers(pool::execute, pool::refuse, pool, false, false);
    }

    private static Workers driven(DrivenClock driver) {
        return untilClosed(driver::execute, true);
    }

    private static Workers given(Executor executor) {
        return untilClosed(executor, false);
    }

    private static Workers untilClosed(Executor executor, boolean driven) {
        AtomicBoolean closed = new AtomicBoolean();
        return new Workers(
                task -> {
                    if (closed.get()) {
                        throw new RejectedExecutionException("the gateway is closed");
                    }
                    executor.execute(task);
                },
                () -> closed.set(true),
                null,
                driven,
                false);
    }

    void execute(Runnable task) {
        executor.execute(task);
    }

    /** Whether a call that this thread waits for is to be made right here, since waiting for another thread could be for ever. */
    boolean callHere() {
        return driven || BoundedPool.isCurrentThread() || (pool == null && !perTask && Causes.slot()[1] != null);
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

    /** A thread that the virtual machine starts when it ends. */
    static Thread atExit(Runnable work) {
        return new Thread(work, "eventgateway-exit");
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
