package io.eventgateway.internal.intake;

import io.eventgateway.error.GatewayClosedException;
import io.eventgateway.internal.invocation.Cause;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether the gateway accepts events, calls and changes. It goes from open over draining to closed, and never
 * back. While the gateway drains, what is under way ends as it would have: a handler's replies, events and calls are
 * accepted, so that close breaks no chain.
 */
public final class Gate {
    private enum State {
        OPEN,
        DRAINING,
        CLOSED
    }

    private final AtomicReference<State> state = new AtomicReference<>(State.OPEN);

    /**
     * Checks that changes, and what nothing under way causes, are accepted.
     *
     * @throws GatewayClosedException if the gateway is draining or closed
     */
    public void checkOpen() {
        check(null);
    }

    /**
     * Checks that what a cause leads to is accepted.
     *
     * @param cause what a handler is handling; null when no handler is the emitter or caller
     * @throws GatewayClosedException if the gateway is closed, or draining and there is no cause
     */
    public void check(@Nullable Cause cause) {
        State now = state.get();
        if (now == State.CLOSED || (now == State.DRAINING && cause == null)) {
            throw new GatewayClosedException("the gateway is closed; it accepts no events, calls and changes any more");
        }
    }

    /** Returns whether everything is accepted. */
    boolean isOpen() {
        return state.get() == State.OPEN;
    }

    /** Shuts the gate for everything but what handlers lead to; false when that was done before. */
    public boolean drain() {
        return state.compareAndSet(State.OPEN, State.DRAINING);
    }

    /** Shuts the gate for handlers, too: nothing is delivered any more. */
    public void close() {
        state.set(State.CLOSED);
    }
}
