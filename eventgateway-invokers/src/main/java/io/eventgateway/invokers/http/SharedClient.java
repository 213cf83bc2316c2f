package io.eventgateway.invokers.http;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.ConnectionPool;
import okhttp3.Dispatcher;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/**
 * The connections and threads of all http functions of a provider, from the first function to the last. The lock of this object
 * guards the count and the client.
 *
 * <p>OkHttp has a thread for each call under way. On Java 21 and later these are virtual ones; before, there are at most {@code
 * MAX_THREADS}, and further calls wait in OkHttp's queue, where they hold none.
 */
final class SharedClient {
    private static final int MAX_THREADS = 256;
    private static final int MAX_VIRTUAL_THREADS = 10_000;
    private static final int IDLE_CONNECTIONS = 64;
    private static final long IDLE_SECONDS = 60;

    private @Nullable OkHttpClient client;
    private int users;

    synchronized OkHttpClient acquire() {
        OkHttpClient shared = client;
        if (shared == null) {
            shared = create();
            client = shared;
        }
        users++;
        return shared;
    }

    private static OkHttpClient create() {
        ExecutorService virtual = virtualThreads();
        Dispatcher dispatcher = new Dispatcher(virtual == null ? platformThreads() : virtual);
        int calls = virtual == null ? MAX_THREADS : MAX_VIRTUAL_THREADS;
        dispatcher.setMaxRequests(calls);
        dispatcher.setMaxRequestsPerHost(calls);
        return new OkHttpClient.Builder()
                .dispatcher(dispatcher)
                .connectionPool(new ConnectionPool(IDLE_CONNECTIONS, IDLE_SECONDS, TimeUnit.SECONDS))
                .retryOnConnectionFailure(false)
                .readTimeout(Duration.ZERO)
                .writeTimeout(Duration.ZERO)
                .build();
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

    void release() {
        OkHttpClient last = null;
        synchronized (this) {
            users--;
            if (users == 0) {
                last = client;
                client = null;
            }
        }
        if (last != null) {
            last.dispatcher().executorService().shutdown();
            last.connectionPool().evictAll();
        }
    }
}
