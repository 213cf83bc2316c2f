package io.eventgateway.benchmarks.compare;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** Numbers as the tables print them. */
final class Numbers {
    private Numbers() {}

    /** Returns a figure with three digits, or all digits before the point: "0.0123", "58.1", "1,738". */
    static String figure(double value) {
        if (value == 0) {
            return "0";
        }
        double size = Math.abs(value);
        if (size >= 100) {
            return String.format(Locale.ROOT, "%,.0f", value);
        }
        if (size >= 10) {
            return String.format(Locale.ROOT, "%.1f", value);
        }
        if (size >= 0.1) {
            return String.format(Locale.ROOT, "%.2f", value);
        }
        return new BigDecimal(value).round(new MathContext(2)).toPlainString();
    }

    /** Returns a ratio: "0.07", "1.26", "14.5". */
    static String ratio(double value) {
        return Math.abs(value) < 0.0995
                ? new BigDecimal(value).round(new MathContext(2)).toPlainString()
                : String.format(Locale.ROOT, Math.abs(value) < 10 ? "%.2f" : "%.1f", value);
    }

    /** Returns a limit without zeros that say nothing: "280", "0.8", "10,000". */
    static String plain(double value) {
        if (value == Math.rint(value)) {
            return String.format(Locale.ROOT, "%,.0f", value);
        }
        return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
    }

    /** Returns a change in percent, with its sign: "+12 %". */
    static String change(double before, double after) {
        return String.format(Locale.ROOT, "%+.0f %%", (after / before - 1) * 100);
    }
}
