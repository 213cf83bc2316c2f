package io.eventgateway;

import io.eventgateway.spi.Registration;
import java.util.List;
import java.util.Objects;

/**
 * What came of saying a registration again: {@link Subscriptions#createOrUpdate}, {@link Functions#registerOrUpdate}. Immutable.
 *
 * @param <T> what was registered
 */
public final class Registered<T extends Registration> {
    /** What a registration that is said again changes. */
    public enum Change {
        /** There was none of that id. */
        CREATED,
        /** There was another of that id, which this one replaced. */
        UPDATED,
        /** The same was there. */
        UNCHANGED
    }

    private final T value;
    private final Change change;
    private final List<String> differences;

    Registered(T value, Change change, List<String> differences) {
        this.value = Objects.requireNonNull(value, "value");
        this.change = Objects.requireNonNull(change, "change");
        this.differences = List.copyOf(differences);
    }

    /** What is registered now. */
    public T value() {
        return value;
    }

    /** What the call changed. */
    public Change change() {
        return change;
    }

    /**
     * What an update changed, for people: {@code mode from ASYNC to SYNC}. Entries of a function's configuration stand by their
     * names alone, since they may be secret. Empty unless {@link Change#UPDATED}. Unmodifiable.
     */
    public List<String> differences() {
        return differences;
    }

    /** The change, and what differed. */
    @Override
    public String toString() {
        return "Registered[" + value.id() + " " + change + (differences.isEmpty() ? "" : ": " + differences) + "]";
    }
}
