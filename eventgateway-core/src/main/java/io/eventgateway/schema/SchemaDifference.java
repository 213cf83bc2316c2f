package io.eventgateway.schema;

import java.util.Objects;

/**
 * A difference between two schemas of an event type.
 *
 * @param pointer where in the data: a JSON Pointer (RFC 6901) with {@code *} for every element of an array; empty for the whole
 * @param description what differs, for people: {@code is required now}
 * @param isBackward whether every event of the old schema still has the new one, as far as this difference goes
 * @param isForward whether every event of the new schema has the old one too, as far as this difference goes
 */
public record SchemaDifference(String pointer, String description, boolean isBackward, boolean isForward) {
    /** Refuses nulls. */
    public SchemaDifference {
        Objects.requireNonNull(pointer, "pointer");
        Objects.requireNonNull(description, "description");
    }

    /** Returns whether the difference is one that a kind of compatibility allows. */
    public boolean isAllowedBy(Compatibility compatibility) {
        return switch (compatibility) {
            case NONE -> true;
            case BACKWARD -> isBackward;
            case FORWARD -> isForward;
            case FULL -> isBackward && isForward;
        };
    }

    @Override
    public String toString() {
        return (pointer.isEmpty() ? "the data" : pointer) + " " + description;
    }
}
