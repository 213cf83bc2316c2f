package io.eventgateway.internal.filter;

import java.util.List;

/**
 * Where a value is in an event's structured JSON form: the names of the members on the way.
 *
 * <p>{@code slot} is the path's place in a {@link Scratch} of the index that made the path; {@link #UNPLACED} for a path that no
 * index made.
 */
record Path(List<String> names, int slot) {
    static final int UNPLACED = -1;
    /** The member that holds an event's data. */
    static final String DATA = "data";

    Path {
        names = List.copyOf(names);
    }

    static Path of(List<String> names) {
        return new Path(names, UNPLACED);
    }

    static Path of(String... names) {
        return of(List.of(names));
    }

    @Override
    public String toString() {
        return String.join(".", names);
    }
}
