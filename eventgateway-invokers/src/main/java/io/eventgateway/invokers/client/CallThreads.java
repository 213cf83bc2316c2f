package io.eventgateway.invokers.client;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The threads of calls, one for each that is under way: virtual ones on Java 21 and later.
 *
 * @param executor ends its threads when it is shut down
 * @param total how many calls may be under way at once
 * @param perOrigin how many of them may be to one host and port
 */
record CallThreads(ExecutorService executor, int total, int perOrigin) {
    private static final int PLATFORM = 256;
    private static final int PLATFORM_PER_ORIGIN = 64;
    private static final int VIRTUAL = 10_000;
    private static final int VIRTUAL_PER_ORIGIN = 2_500;
    private static final long IDLE_SECONDS = 60;

    static CallThreads create() {
        ExecutorService virtual = virtualThreads();
        return virtual == null
                ? new CallThreads(platformThreads(), PLATFORM, PLATFORM_PER_ORIGIN)
                : new CallThreads(virtual, VIRTUAL, VIRTUAL_PER_ORIGIN);
    }

    private static ExecutorService platformThreads() {
        AtomicInteger number = new AtomicInteger();
        return new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                    Thread thread = new Thread(task, "eventgateway-http-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
    }

    /** Java 21's {@code Executors.newVirtualThreadPerTaskExecutor()}; null before. */
    private static @Nullable ExecutorService virtualThreads() {
        if (Runtime.version().feature() < 21) {
            return null;
        }
        try {
            return (ExecutorService)
                    Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("Java " + Runtime.version() + " should have virtual threads", e);
        }
    }
}
