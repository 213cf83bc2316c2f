package io.eventgateway.internal.intake;

import java.time.Duration;
import java.util.function.LongSupplier;

/** How long something that fails is tried again: the time counts from the first failure after the last success. Not thread-safe. */
final class Patience {
    private final long most;
    private final LongSupplier timer;
    private boolean failing;
    private long since;

    /** A patience of that length, by a timer in nanoseconds. */
    Patience(Duration most, LongSupplier timer) {
        this.most = most.toNanos();
        this.timer = timer;
    }

    /** Takes note of a failure; returns whether it is not to be tried again. */
    boolean isOver() {
        long now = timer.getAsLong();
        if (!failing) {
            failing = true;
            since = now;
        }
        return now - since >= most;
    }

    /** Takes note of a success: the next failure has the whole time again. */
    void renew() {
        failing = false;
    }
}
