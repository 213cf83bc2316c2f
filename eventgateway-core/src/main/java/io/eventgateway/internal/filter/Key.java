package io.eventgateway.internal.filter;

import io.eventgateway.internal.filter.ValueTest.Range;

/** What a value at a path may be looked up by. */
sealed interface Key {
    Path path();

    /** A string. */
    record Text(Path path, String text) implements Key {}

    /** What a string begins with. */
    record Beginning(Path path, String text) implements Key {}

    /** What a string ends with. */
    record Ending(Path path, String text) implements Key {}

    /** A range that a number is in. */
    record Numbers(Path path, Range range) implements Key {}

    /** A boolean. */
    record Truth(Path path, boolean value) implements Key {}

    /** JSON's null. */
    record Nothing(Path path) implements Key {}

    /** That there is a value. */
    record Anything(Path path) implements Key {}
}
