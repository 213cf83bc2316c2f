package io.eventgateway.internal.intake;

import io.eventgateway.error.GatewayClosedException;
import java.util.concurrent.atomic.AtomicBoolean;

/** Whether the gateway accepts events and changes. Once shut, it stays shut. */
public final class Gate {
    private final AtomicBoolean shut = new AtomicBoolean();

    /** Refuses what comes too late. */
    public void checkOpen() {
        if (shut.get()) {
            throw new GatewayClosedException("the gateway is closed; it accepts no events, calls and changes any more");
        }
    }

    /** Shuts; false when it was shut before. */
    public boolean shut() {
        return shut.compareAndSet(false, true);
    }
}
