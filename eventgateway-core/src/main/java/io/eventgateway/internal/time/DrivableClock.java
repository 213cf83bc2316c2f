package io.eventgateway.internal.time;

import java.time.InstantSource;

/**
 * A clock that has a {@link DrivenClock} behind it and does not show it: applications see the time, and the gateway finds the
 * driver with {@link DrivenClock#of}.
 */
public abstract class DrivableClock implements InstantSource {
    private final DrivenClock driver;

    /** Creates a clock of the driver. */
    protected DrivableClock(DrivenClock driver) {
        this.driver = driver;
    }

    final DrivenClock driver() {
        return driver;
    }
}
