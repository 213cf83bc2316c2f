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
    /** Why the invoker can't be made in this process; null as long as nobody has tried, or it was made. */
    private volatile @Nullable EventGatewayException refusal;

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
        } catch (EventGatewayException e) {
            refusal = e;
            throw e;
        } finally {
            making.unlock();
        }
    }

    /**
     * Returns whether this process can make the invoker. Another process that registered the function may have a provider, or allow
     * what this one does not; then its deliveries are for that one. It is tried once, and said in the log if it can't.
     */
    boolean isMakeable() {
        if (invoker != null) {
            return true;
        }
        if (refusal != null) {
            return false;
        }
        try {
            return invoker() != null;
        } catch (EventGatewayException e) {
            log.warn(
                    "This process can't call function '{}', whose deliveries are left to others that can: {}",
                    definition.functionId(),
                    e.getMessage());
            return false;
        }
    }

    /** Returns whether the invoker, which was made, can call what it calls. */
    boolean isCallable() {
        Invoker made = invoker;
        try {
            return made == null || made.isCallable();
        } catch (RuntimeException
                | StackOverflowError e) { // foreign code, or functions in a circle: the call will fail and say why
            return true;
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
