package io.eventgateway.internal.schema;

import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * An interval of numbers. Immutable.
 *
 * @param low the lowest; null for none
 * @param high the highest; null for none
 */
public record Numbers(
        @Nullable BigDecimal low,
        boolean lowIncluded,
        @Nullable BigDecimal high,
        boolean highIncluded) {
    /** Every number. */
    public static final Numbers ALL = new Numbers(null, false, null, false);

    /** The numbers from one on. */
    public static Numbers from(BigDecimal low, boolean included) {
        return new Numbers(low, included, null, false);
    }

    /** The numbers up to one. */
    public static Numbers upTo(BigDecimal high, boolean included) {
        return new Numbers(null, false, high, included);
    }

    /** The numbers of both. */
    public Numbers and(Numbers other) {
        boolean lower = isTighterLow(other);
        boolean higher = isTighterHigh(other);
        return new Numbers(
                lower ? other.low : low,
                lower ? other.lowIncluded : lowIncluded,
                higher ? other.high : high,
                higher ? other.highIncluded : highIncluded);
    }

    /** The smallest interval with all numbers of either. */
    Numbers or(Numbers other) {
        boolean lower = isTighterLow(other);
        boolean higher = isTighterHigh(other);
        return new Numbers(
                lower ? low : other.low,
                lower ? lowIncluded : other.lowIncluded,
                higher ? high : other.high,
                higher ? highIncluded : other.highIncluded);
    }

    private boolean isTighterLow(Numbers other) {
        if (other.low == null) {
            return false;
        }
        int compared = low == null ? 1 : other.low.compareTo(low);
        return compared > 0 || (compared == 0 && !other.lowIncluded);
    }

    private boolean isTighterHigh(Numbers other) {
        if (other.high == null) {
            return false;
        }
        int compared = high == null ? -1 : other.high.compareTo(high);
        return compared < 0 || (compared == 0 && !other.highIncluded);
    }

    boolean isEmpty() {
        if (low == null || high == null) {
            return false;
        }
        int compared = low.compareTo(high);
        return compared > 0 || (compared == 0 && !(lowIncluded && highIncluded));
    }

    /** Returns whether no whole number is in it. */
    boolean hasNoWhole() {
        if (low == null || high == null || isHuge(low) || isHuge(high)) {
            return isEmpty();
        }
        BigDecimal first = low.setScale(0, RoundingMode.CEILING);
        if (first.compareTo(low) == 0 && !lowIncluded) {
            first = first.add(BigDecimal.ONE);
        }
        int compared = first.compareTo(high);
        return compared > 0 || (compared == 0 && !highIncluded);
    }

    /** Rounding a number such as 1e999999 would write all its digits. */
    private static boolean isHuge(BigDecimal number) {
        return Math.abs((long) number.precision() - number.scale()) > 1_000 || Math.abs((long) number.scale()) > 1_000;
    }

    /** Returns whether a number is in it. */
    public boolean contains(BigDecimal number) {
        if (low != null) {
            int compared = number.compareTo(low);
            if (compared < 0 || (compared == 0 && !lowIncluded)) {
                return false;
            }
        }
        if (high != null) {
            int compared = number.compareTo(high);
            return compared < 0 || (compared == 0 && highIncluded);
        }
        return true;
    }

    /** Returns whether all numbers of another interval are in it. */
    public boolean covers(Numbers other) {
        return and(other).equals(other);
    }

    /** What is left of it without the numbers of another: a bound where that is an interval, else all of it. */
    public Numbers without(Numbers other) {
        if (other.low == null && other.high != null) {
            return and(from(other.high, !other.highIncluded));
        }
        if (other.high == null && other.low != null) {
            return and(upTo(other.low, !other.lowIncluded));
        }
        if (other.low == null || other.high == null) {
            return new Numbers(BigDecimal.ONE, false, BigDecimal.ONE, false);
        }
        Numbers below = and(upTo(other.low, !other.lowIncluded));
        Numbers above = and(from(other.high, !other.highIncluded));
        return below.isEmpty() ? above : above.isEmpty() ? below : this;
    }

    @Override
    public String toString() {
        if (low != null && high != null && low.compareTo(high) == 0) {
            return low.toString();
        }
        String below = low == null ? "" : (lowIncluded ? "at least " : "above ") + low;
        String above = high == null ? "" : (highIncluded ? "at most " : "below ") + high;
        return below + (below.isEmpty() || above.isEmpty() ? "" : " and ") + above;
    }
}
