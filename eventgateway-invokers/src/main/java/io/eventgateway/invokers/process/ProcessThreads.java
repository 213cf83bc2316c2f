package io.eventgateway.invokers.process;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads of a provider's processes: one for each process that runs, which bounds their number, and another for one whose
 * input may not fit into its pipe. A thread without work ends after some seconds. Thread-safe.
 */
final class ProcessThreads {
    private static final long IDLE_SECONDS = 5;

    private final int processes;
    private final ThreadPoolExecutor runs;
    private final ThreadPoolExecutor writes;

    ProcessThreads(int processes) {
        this.processes = processes;
        this.runs = pool(processes, "run");
        this.writes = pool(processes, "write");
    }

    private static ThreadPoolExecutor pool(int size, String what) {
        AtomicInteger number = new AtomicInteger();
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                size, size, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "eventgateway-process-" + what + "-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    int processes() {
        return processes;
    }

    /** Runs a process now, or when another one has ended. */
    void run(Runnable run) {
        runs.execute(run);
    }

    /** Forgets a run that has not begun, so that it does not keep its event while others run. */
    void forget(Runnable run) {
        runs.remove(run);
    }

    void write(Runnable write) {
        writes.execute(write);
    }
}
