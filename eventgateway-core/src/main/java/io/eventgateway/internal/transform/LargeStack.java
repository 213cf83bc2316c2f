package io.eventgateway.internal.transform;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A stack of a known size, for work whose recursion is bounded: so that the result does not depend on the stack of the thread that
 * asks for it. What one gateway has accepted and stored, every other has to accept.
 *
 * <p>Owns the thread, which lives as long as a call.
 */
final class LargeStack {
    /** Bytes; the deepest expression that is accepted takes less than a quarter. Memory is taken only for what is used. */
    private static final long SIZE = 16L * 1024 * 1024;

    private LargeStack() {}

    /** The result of work that ends by itself, also when this thread is interrupted. */
    static <T> T call(Supplier<T> work) {
        FutureTask<T> task = new FutureTask<>(work::get);
        Thread thread = new Thread(null, task, "eventgateway-expression", SIZE, false);
        thread.setDaemon(true);
        thread.start();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return task.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw unchecked(e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static RuntimeException unchecked(@Nullable Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        if (thrown instanceof RuntimeException exception) {
            return exception;
        }
        return new IllegalStateException(thrown); // which a supplier does not throw
    }
}
