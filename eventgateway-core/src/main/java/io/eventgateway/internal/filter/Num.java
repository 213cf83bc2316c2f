package io.eventgateway.internal.filter;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A number that a filter names. Numbers compare by their exact values, whatever their notation: 3 is 3.0 and 0.3e1, and
 * 9007199254740993 is not 9007199254740992, which as binary floating point it would be.
 *
 * <p>The value of a {@code double} in a tree that somebody else made is the shortest decimal that reads as that double, which is
 * how JSON writes it.
 */
final class Num implements Comparable<Num> {
    private static final BigDecimal SMALLEST_LONG = BigDecimal.valueOf(Long.MIN_VALUE);
    private static final BigDecimal LARGEST_LONG = BigDecimal.valueOf(Long.MAX_VALUE);
    /** Integers up to here are doubles exactly. */
    private static final long EXACT_DOUBLE = 1L << 53;
    /** How large a number may be: 10 to the power of this. Comparing larger ones digit by digit could take all memory. */
    static final int MAX_EXPONENT = 10_000;

    private final BigDecimal exact;
    private final boolean integral;
    private final long whole;

    private Num(BigDecimal exact) {
        this.exact = exact;
        this.integral = exact.compareTo(SMALLEST_LONG) >= 0
                && exact.compareTo(LARGEST_LONG) <= 0
                && (exact.scale() <= 0 || exact.stripTrailingZeros().scale() <= 0);
        this.whole = integral ? exact.longValue() : 0;
    }

    static boolean isTooLarge(BigDecimal value) {
        return value.signum() != 0 && Math.abs((long) value.precision() - value.scale() - 1) > MAX_EXPONENT;
    }

    static Num of(BigDecimal value) {
        return new Num(value);
    }

    static Num of(long value) {
        return new Num(BigDecimal.valueOf(value));
    }

    /** How a JSON number compares with this one: negative, zero or positive as it is smaller, equal or larger. */
    int compareTo(JsonNode number) {
        return -compare(number, this);
    }

    /** Compares a JSON number with a number, as {@link #compareTo(JsonNode)} does the other way round. */
    static int compare(JsonNode number, Num with) {
        if (number.isInt() || number.isLong() || number.isShort()) {
            long value = number.longValue();
            return with.integral
                    ? Long.compare(value, with.whole)
                    : BigDecimal.valueOf(value).compareTo(with.exact);
        }
        if (number.isDouble() || number.isFloat()) {
            double value = number.doubleValue();
            if (Double.isNaN(value) || Double.isInfinite(value)) {
                return value > 0 ? 1 : -1; // no JSON number, but a Java object may have one; NaN is below every number
            }
            if (number.isDouble() && with.integral && Math.abs(with.whole) <= EXACT_DOUBLE) {
                return Double.compare(value + 0.0, (double) with.whole); // adding zero makes a negative zero positive
            }
        }
        return decimal(number).compareTo(with.exact);
    }

    /** The value of a number node as it is written. */
    static BigDecimal decimal(JsonNode number) {
        if (number.isFloat()) {
            return new BigDecimal(Float.toString(number.floatValue()));
        }
        if (number.isDouble()) {
            return BigDecimal.valueOf(number.doubleValue());
        }
        if (number.isBigInteger()) {
            return new BigDecimal(number.bigIntegerValue());
        }
        return number.decimalValue();
    }

    /** The exact value. */
    BigDecimal exact() {
        return exact;
    }

    static Num of(BigInteger value) {
        return new Num(new BigDecimal(value));
    }

    @Override
    public int compareTo(Num other) {
        return integral && other.integral ? Long.compare(whole, other.whole) : exact.compareTo(other.exact);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Num that && compareTo(that) == 0;
    }

    @Override
    public int hashCode() {
        return exact.stripTrailingZeros().hashCode();
    }

    @Override
    public String toString() {
        return integral ? Long.toString(whole) : exact.toString();
    }
}
