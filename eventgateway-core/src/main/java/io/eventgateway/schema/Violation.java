package io.eventgateway.schema;

import java.util.Objects;

/**
 * A part of the data of an event that is not as the schema of the event's type says.
 *
 * @param pointer where: a JSON Pointer (RFC 6901) into the data; empty for the whole
 * @param keyword the keyword of the schema that is violated, such as {@code required}
 * @param wanted what would be accepted, such as {@code a number of at least 0}; holds nothing of the data
 * @param found what is there, cut to 100 characters. It is data of the event, so {@code toString} leaves it out.
 */
public record Violation(String pointer, String keyword, String wanted, String found) {
    /** Refuses nulls. */
    public Violation {
        Objects.requireNonNull(pointer, "pointer");
        Objects.requireNonNull(keyword, "keyword");
        Objects.requireNonNull(wanted, "wanted");
        Objects.requireNonNull(found, "found");
    }

    /** Where, and what is wanted; nothing of the data. */
    @Override
    public String toString() {
        return (pointer.isEmpty() ? "the data" : pointer) + ": " + wanted + " (" + keyword + ")";
    }
}
