package io.eventgateway.history;

import java.time.Duration;

/**
 * How much of the history is kept: the newest events, up to an age and a number, whichever is less. An event that is still to be
 * delivered, or is a dead letter's, is kept until it is not, in addition to these; so there are at most as many events more as there
 * are pending deliveries and dead letters.
 *
 * @param age zero for no history
 * @param events how many, over all spaces; 0 for no history
 */
public record Retention(Duration age, long events) {
    private static final Duration LONGEST = Duration.ofDays(36_500);

    /** No history. */
    public static final Retention NONE = new Retention(Duration.ZERO, 0);

    /** Refuses what is negative, and an age of more than 36,500 days. */
    public Retention {
        if (age.isNegative() || age.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("age must be zero to " + LONGEST + ", was " + age);
        }
        if (events < 0) {
            throw new IllegalArgumentException("events must be 0 or more, was " + events);
        }
    }

    /** Up to that age and number. */
    public static Retention of(Duration age, long events) {
        return new Retention(age, events);
    }

    /** Whether nothing is kept. */
    public boolean isNone() {
        return age.isZero() || events == 0;
    }
}
