package io.eventgateway.internal.time;

import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The nanoseconds that have passed by a clock, which never go back: those of the virtual machine's own timer for the system's clock,
 * those that its driver says for a {@link DrivenClock}, and for any other what its readings went forward. So a clock that is set back
 * delays nothing, and a clock that is set back and put right again makes nothing come early.
 */
public final class GatewayTimer {
    private GatewayTimer() {}

    /** Returns the timer that goes with a clock. */
    public static LongSupplier of(InstantSource clock) {
        DrivenClock driven = DrivenClock.of(clock);
        if (driven != null) {
            return driven::nanoTime;
        }
        return isSystem(clock) ? System::nanoTime : new ForwardSteps(clock);
    }

    /** Returns whether a clock is the system's, in whatever zone. */
    public static boolean isSystem(InstantSource clock) {
        return clock == InstantSource.system()
                || (clock instanceof Clock zoned && zoned.equals(Clock.system(zoned.getZone())));
    }

    private static final class ForwardSteps implements LongSupplier {
        private static final long MOST_SECONDS = Long.MAX_VALUE / TimeUnit.SECONDS.toNanos(4);

        private final InstantSource clock;
        private long last;
        private long passed;
        /** The reading before the clock was set back, and what had passed then. */
        private long readingBefore;

        private long passedBefore;
        private boolean setBack;

        ForwardSteps(InstantSource clock) {
            this.clock = clock;
            this.last = nanos(clock.instant());
        }

        private static long nanos(Instant time) {
            long seconds = Math.max(-MOST_SECONDS, Math.min(MOST_SECONDS, time.getEpochSecond()));
            return TimeUnit.SECONDS.toNanos(seconds) + time.getNano();
        }

        @Override
        public synchronized long getAsLong() {
            long now = nanos(clock.instant()); // under the lock, so that no older reading comes after a newer one
            long step = now - last;
            if (step < 0) {
                if (!setBack) {
                    setBack = true;
                    readingBefore = last;
                    passedBefore = passed;
                }
            } else if (setBack && now >= readingBefore) {
                setBack = false;
                long since = passed - passedBefore;
                // a step longer than all that has passed since puts the clock right, and only what is beyond has passed
                passed = step > since ? Math.max(passed, passedBefore + now - readingBefore) : passed + step;
            } else {
                passed += step;
            }
            last = now;
            return passed;
        }
    }
}
