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

    /** The names with dots between them, in whose order event-ruler takes the members of a pattern. */
    String dotted() {
        return String.join(".", names);
    }

    /** The path for people, and only one path: a name that is empty or has a character with a meaning is in brackets and quotes. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (String name : names) {
            if (name.isEmpty() || name.chars().anyMatch(Path::hasMeaning)) {
                text.append("['")
                        .append(name.replace("\\", "\\\\").replace("'", "\\'"))
                        .append("']");
            } else {
                text.append(text.isEmpty() ? "" : ".").append(name);
            }
        }
        return text.toString();
    }

    private static boolean hasMeaning(int c) {
        return ".[]'\"\\".indexOf(c) >= 0 || Character.isISOControl(c) || Character.isWhitespace(c);
    }
}
