package io.eventgateway.test;

import io.eventgateway.internal.time.DrivableClock;
import java.time.Duration;
import java.time.Instant;

/**
 * A clock that stands still until a test moves it, and that drives the gateways that go by it: they have no threads. An emitted
 * event is delivered on the emitting thread before {@code emit} returns. Work that waits for a time (retries, delays, deadlines)
 * runs on the thread that moves the clock, in the order of its times, the same each time.
 *
 * <p>What a handler emits is delivered after the handler has returned. What would make the thread sleep lets the clock's time pass:
 * the backoff of a sync subscription that is retried, and the wait for room in a full backlog.
 *
 * <p>Thread-safe: one thread delivers at a time, and an emit on another thread waits for its turn, unless a handler keeps it for half a
 * second. Other threads (those of an HTTP client, say) may bring results at any time.
 */
@SuppressWarnings(
        "exports") // the superclass is how the gateway finds the driver, and has no member that applications can call
public final class TestClock extends DrivableClock {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final TestClockDriver driver;

    /** Creates a clock that shows the start of 2026, UTC. */
    public TestClock() {
        this(START);
    }

    /** Creates a clock that shows the given time. */
    public TestClock(Instant start) {
        this(new TestClockDriver(start));
    }

    private TestClock(TestClockDriver driver) {
        super(driver);
        this.driver = driver;
    }

    /** The time that the clock shows. */
    @Override
    public Instant instant() {
        return driver.instant();
    }

    /**
     * Moves the clock on. On the way, everything that becomes due runs at its time, on this thread. A handler may move the clock
     * too; what becomes due then runs after the handler has returned.
     *
     * @throws IllegalArgumentException if the duration is negative
     */
    public void advance(Duration by) {
        driver.advance(by);
    }

    /**
     * Moves the clock to the next time at which something is due, if that is not after the limit, and runs it.
     *
     * @return whether something was due
     */
    boolean advanceToNext(Instant limit) {
        return driver.advanceToNext(limit);
    }

    @Override
    public String toString() {
        return "TestClock[" + instant() + "]";
    }
}
