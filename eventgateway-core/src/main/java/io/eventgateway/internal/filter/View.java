package io.eventgateway.internal.filter;

import io.eventgateway.Event;
import org.jspecify.annotations.Nullable;

/** An event as conditions see it. */
interface View {
    /**
     * What is at a path with no array on the way: a String, or a JSON node of any type; null when there is nothing, or an array
     * is on the way.
     */
    @Nullable Object at(Path path);

    /** Returns whether the view may hold an array at or above a path that a condition names. */
    boolean mayHaveArrays();

    /**
     * Returns whether a scalar is at a path below the first array on the way, for a view that has looked; null for one
     * that has not.
     */
    default @Nullable Boolean hasLeafInArray(Path path) {
        return null;
    }

    /** Why data that should be JSON can't be read; null when it can, or the view can't tell. */
    default @Nullable String dataProblem() {
        return null;
    }

    /**
     * What a predicate of the application's says of the event.
     *
     * @throws Evaluation.Failed if it threw
     */
    default boolean verdict(Condition.Code code) {
        return Evaluation.run(code, event());
    }

    /** The event itself. */
    Event event();
}
