package io.eventgateway.internal.discovery;

import java.math.BigDecimal;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The numbers that were seen at one place. Not thread-safe. */
final class LearnedNumber {
    /** Beyond this many digits a number is an identifier, or nobody's range. */
    private static final int MOST_DIGITS = 15;

    private long count;
    private boolean areWhole = true;
    private boolean areNegative;
    /** The digits before the point of the largest number, by its absolute value. */
    private int digits;

    void learn(JsonNode value) {
        count++;
        if (value.isFloatingPointNumber() && !Double.isFinite(value.doubleValue())) {
            areWhole = false;
            digits = Integer.MAX_VALUE;
            return;
        }
        BigDecimal number = value.decimalValue();
        areWhole &= number.signum() == 0 || number.stripTrailingZeros().scale() <= 0;
        areNegative |= number.signum() < 0;
        digits = Math.max(digits, number.precision() - number.scale());
    }

    long count() {
        return count;
    }

    boolean areWhole() {
        return areWhole;
    }

    /** Says the range by powers of ten, which are nobody's values. */
    void describe(ObjectNode schema) {
        if (!areNegative) {
            schema.put("minimum", 0);
        }
        if (digits > MOST_DIGITS) {
            return;
        }
        long bound = 1;
        for (int i = 0; i < digits; i++) {
            bound *= 10;
        }
        schema.put("maximum", bound);
        if (areNegative) {
            schema.put("minimum", -bound);
        }
    }

    void takeOver(LearnedNumber other) {
        count = other.count;
        areWhole = other.areWhole;
        areNegative = other.areNegative;
        digits = other.digits;
    }
}
