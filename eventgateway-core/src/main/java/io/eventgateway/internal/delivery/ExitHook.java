package io.eventgateway.internal.delivery;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Has a gateway closed by the end of the Java virtual machine, unless it is closed before. */
public final class ExitHook {
    private final AtomicReference<@Nullable Thread> registered = new AtomicReference<>();

    /** Has the task run when the virtual machine ends. */
    public void add(Runnable task) {
        Thread hook = Workers.atExit(task);
        registered.set(hook);
        try {
            Runtime.getRuntime().addShutdownHook(hook);
        } catch (IllegalStateException e) { // it is ending already, and whoever builds a gateway now closes it
            registered.set(null);
        }
    }

    /** Forgets the task, so that nothing holds on to a gateway that is closed. */
    public void remove() {
        Thread hook = registered.getAndSet(null);
        if (hook != null && hook != Thread.currentThread()) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // the virtual machine is ending; the hook finds the gateway closed
            }
        }
    }
}
