package io.eventgateway.internal.delivery;

import io.eventgateway.internal.time.DrivenClock;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for deliveries where a {@link DrivenClock} makes them on the thread that waits. */
record DrivenWaiting(DrivenClock driver, BooleanSupplier underWay) implements Backlog.Waiting {
    @Override
    public boolean await(BooleanSupplier condition, Duration atMost) {
        return driver.await(condition, underWay, atMost);
    }

    @Override
    public boolean awaitAsleep(BooleanSupplier condition, Duration atMost) {
        return driver.awaitAsleep(condition, underWay, atMost);
    }
}
