package io.eventgateway.internal.filter;

import io.eventgateway.internal.filter.ValueTest.Range;

/** What a value at a path may be looked up by. */
sealed interface Key {
    Path path();

    /** Which part of a string. */
    enum Part {
        ALL,
        BEGINNING,
        END
    }

    /**
     * A string, what it begins with, or what it ends with.
     *
     * @param folded whether the case of letters makes no difference; the text is then {@linkplain Letters#folded folded}
     */
    record Strings(Path path, Part part, String text, boolean folded) implements Key {
        static Strings of(Path path, Part part, String text) {
            return new Strings(path, part, text, false);
        }

        static Strings anyCase(Path path, Part part, String text) {
            return new Strings(path, part, Letters.folded(text), true);
        }
    }

    /** A range that a number is in. */
    record Numbers(Path path, Range range) implements Key {}

    /** A boolean. */
    record Truth(Path path, boolean value) implements Key {}

    /** JSON's null. */
    record Nothing(Path path) implements Key {}

    /** The key of every event that has a value at the path. */
    record Anything(Path path) implements Key {}
}
