package io.eventgateway.benchmarks;

import java.util.Locale;

/** Figures as the programs among the benchmarks print them, for {@code compare} to read. */
public final class Figures {
    /** What the line of a figure starts with. */
    public static final String PREFIX = "figure: ";

    private Figures() {}

    /** Prints a figure. One that is printed several times was measured in several rounds. */
    public static void print(String name, double value, String unit) {
        System.out.println(String.format(Locale.ROOT, "%s%s = %f %s", PREFIX, name, value, unit));
    }
}
