package io.eventgateway.benchmarks.startup;

/** What a JVM takes that does nothing. */
public final class EmptyMain {
    private EmptyMain() {}

    /** Does nothing. */
    public static void main(String[] arguments) {
        Runtime.getRuntime().halt(0);
    }
}
