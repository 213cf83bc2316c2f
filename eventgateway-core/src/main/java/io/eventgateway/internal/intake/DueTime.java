package io.eventgateway.internal.intake;

import io.eventgateway.EmitOptions;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The time at which a delayed event is due. A time that can't be meant is refused before anything is taken for the event. */
final class DueTime {
    /** The longest time until an event is due, which is also the longest delay. */
    private static final Duration FURTHEST = Duration.ofDays(365);

    private DueTime() {}

    /**
     * The time at which an emission with the options is due; null for at once, on the emitter's thread where that may be.
     *
     * @throws IllegalArgumentException if that is more than a year ahead, or not before the event expires
     */
    static @Nullable Instant of(EmitOptions options, Instant now) {
        Duration delay = options.delay();
        if (delay != null && !delay.isZero()) {
            return plus(now, delay);
        }
        Instant asked = options.deliverAt();
        if (asked == null) {
            return null;
        }
        Instant latest = plus(now, FURTHEST);
        if (asked.isAfter(latest)) {
            throw new IllegalArgumentException("deliverAt must be at most " + FURTHEST.toDays()
                    + " days ahead, which is " + latest + " now, was " + asked
                    + "; keep what is due later in a store of your own, and emit it then");
        }
        Instant due = asked.isBefore(now) ? now : asked;
        Duration expiry = options.expiry();
        if (expiry != null && !due.isBefore(plus(now, expiry))) {
            throw new IllegalArgumentException("expiry must end after deliverAt " + asked + ", ended "
                    + plus(now, expiry) + ": nothing could be delivered");
        }
        return due;
    }

    /** A clock may be set to the end of time. */
    private static Instant plus(Instant now, Duration time) {
        try {
            return now.plus(time);
        } catch (DateTimeException | ArithmeticException e) {
            return Instant.MAX;
        }
    }
}
