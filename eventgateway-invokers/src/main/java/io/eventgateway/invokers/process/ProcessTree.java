package io.eventgateway.invokers.process;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A process with its descendants, to be ended. */
final class ProcessTree {
    private static final long GRACE_MILLIS = 500;

    private ProcessTree() {}

    /** Asks a process and its descendants to end, and does not wait until they have. */
    static void askToEnd(Process process) {
        List<ProcessHandle> descendants = process.descendants().toList();
        process.destroy();
        descendants.forEach(ProcessHandle::destroy);
    }

    /** Ends a process and its descendants: it asks, then waits for a moment, then kills. Closes what the process was read from. */
    static void end(Process process) {
        if (process.isAlive()) {
            List<ProcessHandle> descendants = process.descendants().toList();
            askToEnd(process);
            boolean ended = false;
            try {
                ended = process.waitFor(GRACE_MILLIS, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // it is killed at once
            }
            if (!ended) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
            descendants.forEach(ProcessHandle::destroyForcibly);
        }
        close(process);
    }

    private static void close(Process process) {
        try {
            process.getInputStream().close();
            process.getErrorStream().close();
        } catch (IOException e) {
            // there is nothing more to release
        }
    }
}
