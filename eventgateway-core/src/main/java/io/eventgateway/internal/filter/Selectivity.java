package io.eventgateway.internal.filter;

import io.eventgateway.internal.filter.ValueTest.Range;

/**
 * How choosy keys are: which part of the events is expected to have one of them. It is guessed by the kind of the key until
 * enough events have been seen to know; a key that many filters have is guessed to be one that many events have.
 */
final class Selectivity {
    /** The number of events that tell how often a key comes up. */
    static final int ENOUGH_EVENTS = 128;
    /** The number of verifications that tell which test of a filter fails. */
    static final int FIRST_REVIEW = 64;
    /** Each review comes after so many times more verifications, so that an entry is not moved for ever. */
    static final int REVIEW_FACTOR = 4;

    private static final double TEXT = 0.01;
    private static final double AFFIX = 0.05;
    private static final double ONE_NUMBER = 0.01;
    private static final double BOUNDED = 0.1;
    private static final double HALF_BOUNDED = 0.4;
    private static final double TWO_VALUED = 0.5;

    private Selectivity() {}

    private static double guess(Key key) {
        if (key instanceof Key.Strings strings) {
            return strings.part() == Key.Part.ALL ? TEXT : AFFIX;
        }
        if (key instanceof Key.Numbers numbers) {
            Range range = numbers.range();
            if (range.isOneNumber()) {
                return ONE_NUMBER;
            }
            return range.low() == null || range.high() == null ? HALF_BOUNDED : BOUNDED;
        }
        return key instanceof Key.Truth || key instanceof Key.Nothing ? TWO_VALUED : 1;
    }

    /** A guess for a key that some filters have already. */
    static double guess(Key key, int sharedBy) {
        return Math.min(1, guess(key) * (1 + sharedBy));
    }
}
