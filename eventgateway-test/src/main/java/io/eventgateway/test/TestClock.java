package io.eventgateway.test;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that stands still until a test moves it. Thread-safe. */
public final class TestClock implements InstantSource {
    private volatile Instant now;

    /** A clock that shows the start of 2026, UTC. */
    public TestClock() {
        this(Instant.parse("2026-01-01T00:00:00Z"));
    }

    /** A clock that shows the given time. */
    public TestClock(Instant start) {
        this.now = start;
    }

    @Override
    public Instant instant() {
        return now;
    }

    /**
     * Moves the clock on. Functions whose deadline passes time out within about 20 ms.
     *
     * @throws IllegalArgumentException if the duration is negative
     */
    public synchronized void advance(Duration by) {
        if (by.isNegative()) {
            throw new IllegalArgumentException("a clock only goes forward, was asked for " + by);
        }
        now = now.plus(by);
    }
}
