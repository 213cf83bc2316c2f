package io.eventgateway.internal.time;

import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The nanoseconds that have passed by a clock, which never go back: those of the virtual machine's own timer for the system's clock,
 * those that its driver says for a {@link DrivenClock}, and for any other the highest reading so far. So a clock that is set back
 * makes the gateway wait until it has caught up, and what it is set forward is time that has passed.
 */
public final class GatewayTimer {
    private GatewayTimer() {}

    /** Returns the timer that goes with a clock. */
    public static LongSupplier of(InstantSource clock) {
        DrivenClock driven = DrivenClock.of(clock);
        if (driven != null) {
            return driven::nanoTime;
        }
        return isSystem(clock) ? System::nanoTime : new HighestReading(clock);
    }

    /** Returns whether a clock is the system's, in whatever zone. */
    public static boolean isSystem(InstantSource clock) {
        return clock == InstantSource.system()
                || (clock instanceof Clock zoned && zoned.equals(Clock.system(zoned.getZone())));
    }

    private static final class HighestReading implements LongSupplier {
        private final InstantSource clock;
        private final long first;
        private long highest;

        HighestReading(InstantSource clock) {
            this.clock = clock;
            this.first = nanos(clock.instant());
        }

        private static long nanos(Instant time) {
            long seconds = Math.max(
                    Long.MIN_VALUE / 4_000_000_000L, Math.min(Long.MAX_VALUE / 4_000_000_000L, time.getEpochSecond()));
            return TimeUnit.SECONDS.toNanos(seconds) + time.getNano();
        }

        @Override
        public synchronized long getAsLong() {
            highest = Math.max(highest, nanos(clock.instant()) - first);
            return highest;
        }
    }
}
