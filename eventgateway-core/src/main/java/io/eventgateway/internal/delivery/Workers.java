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
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads of a gateway: only this class and its pool make any.
 *
 * <p>On Java 21 and later each task has a virtual thread unless a number was asked for. Else there is a {@link BoundedPool}, or the
 * executor that was given. A {@link DrivenClock} has
 * its own thread do everything.
 */
final class Workers {
    private static final Logger log = LoggerFactory.getLogger(Workers.class);
    private static final int DEFAULT_THREADS =
            Math.max(16, 4 * Runtime.getRuntime().availableProcessors());

    /** Whose threads they are. */
    private enum Kind {
        THREAD_PER_TASK,
        POOL,
        APPLICATIONS,
        CLOCKS
    }

    private final Executor executor;
    private final Runnable shutdown;
    private final @Nullable BoundedPool pool;
    private final Kind kind;
    private final AtomicLong refused = new AtomicLong();

    private Workers(Executor executor, Runnable shutdown, @Nullable BoundedPool pool, Kind kind) {
        this.executor = executor;
        this.shutdown = shutdown;
        this.pool = pool;
        this.kind = kind;
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
            return new Workers(perTask, perTask::shutdown, null, Kind.THREAD_PER_TASK);
        }
        BoundedPool pool = new BoundedPool(threads == null ? DEFAULT_THREADS : threads);
        return new Workers(pool::execute, pool::refuse, pool, Kind.POOL);
    }

    private static Workers driven(DrivenClock driver) {
        return untilClosed(driver::execute, Kind.CLOCKS);
    }

    private static Workers given(Executor executor) {
        return untilClosed(executor, Kind.APPLICATIONS);
    }

    private static Workers untilClosed(Executor executor, Kind kind) {
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
                kind);
    }

    void execute(Runnable task) {
        executor.execute(task);
    }

    /** No thread could be had for a task, which is tried again; said for the 1st, 2nd, 4th, 8th, ... time. */
    void refused(Throwable e) {
        if (Long.bitCount(refused.incrementAndGet()) == 1) {
            log.error(
                    "No thread could be had for a delivery, {} times so far; that is tried again until the gateway closes",
                    refused.get(),
                    e);
        }
    }

    /** Returns whether a call that this thread waits for is to be made right here, since waiting for another thread could be for ever. */
    boolean callHere() {
        return kind == Kind.CLOCKS
                || BoundedPool.isCurrentThread()
                || (kind == Kind.APPLICATIONS && Causes.slot()[1] != null);
    }

    /** The pool; null where there is a thread for each task. */
    @Nullable BoundedPool pool() {
        return pool;
    }

    /** Sets what is run when a task has to wait because all threads of the pool are taken; nothing where there is no pool. */
    void onShortage(Runnable action) {
        if (pool != null) {
            pool.onShortage(action);
        }
    }

    /** The thread that watches the deadlines, to be started. */
    static Thread watch(Runnable work) {
        Thread thread = new Thread(work, "eventgateway-clock");
        thread.setDaemon(true);
        return thread;
    }

    /** Starts a thread for the end of a delivery that no worker runs any more, so that the clock's thread is not held by it. */
    static void startEnding(Runnable work) {
        Thread thread = new Thread(work, "eventgateway-ending");
        thread.setDaemon(true);
        thread.start();
    }

    /** Returns whether an executor of the application's runs the tasks. */
    boolean isForeign() {
        return kind == Kind.APPLICATIONS;
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
