package io.eventgateway.benchmarks.compare;

import java.io.PrintStream;

/** What the command prints while it measures. */
record Progress(PrintStream out) {
    void section(String name, double seconds) {
        out.printf("%n%s, about %.0f s%n", name, seconds);
    }

    void measured(String what, int round, double value, String unit) {
        out.printf("  %-70s round %d  %12s %s%n", what, round, Numbers.figure(value), unit);
    }

    void failed(String what, String why) {
        out.printf("  %-70s failed: %s%n", what, why);
    }

    void skipped(String what, String why) {
        out.printf("  %-70s left out: %s%n", what, why);
    }
}
