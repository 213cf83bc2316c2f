package io.eventgateway.internal.invocation;

import io.eventgateway.EventGatewayException;
import io.eventgateway.FunctionDefinition;
import io.eventgateway.internal.event.Thrown;
import io.eventgateway.spi.Invoker;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A function's invoker, leased to each call, and closed when its function has no more use for it and the last call has ended.
 *
 * <p>{@code leases} counts the calls under way and, until it is retired, the function itself. The invoker is made by whoever
 * needs it first: the thread that registers the function, or the first call when another process registered it.
 */
final class LeasedInvoker {
    private static final Logger log = LoggerFactory.getLogger(LeasedInvoker.class);

    private final FunctionDefinition definition;
    private final Function<FunctionDefinition, Invoker> maker;
    private final AtomicInteger leases = new AtomicInteger(1);
    private final ReentrantLock making = new ReentrantLock();
    private volatile @Nullable Invoker invoker;

    LeasedInvoker(FunctionDefinition definition, Function<FunctionDefinition, Invoker> maker) {
        this.definition = definition;
        this.maker = maker;
    }

    /**
     * The invoker, made if it was not yet.
     *
     * @throws EventGatewayException if its provider refuses the definition, or there is no provider
     */
    Invoker invoker() {
        Invoker made = invoker;
        if (made != null) {
            return made;
        }
        making.lock();
        try {
            made = invoker;
            if (made == null) {
                made = maker.apply(definition);
                invoker = made;
            }
            return made;
        } finally {
            making.unlock();
        }
    }

    /** Takes a lease; false when the last one was given back, so that there is another invoker now or none. */
    boolean lease() {
        int held;
        do {
            held = leases.get();
            if (held == 0) {
                return false;
            }
        } while (!leases.compareAndSet(held, held + 1));
        return true;
    }

    /** Gives a lease back, the function's own when it is retired. */
    void release() {
        if (leases.decrementAndGet() == 0) {
            Invoker made = invoker;
            if (made != null) {
                try {
                    made.close();
                } catch (Throwable e) { // foreign code, which nobody waits for
                    log.warn(
                            "The invoker of function '{}' failed to close; its calls had ended",
                            definition.functionId(),
                            Thrown.printable(e));
                }
            }
        }
    }
}
