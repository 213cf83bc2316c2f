package io.eventgateway.internal.filter;

import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The number of events for which a condition could not be evaluated.
 *
 * <p>An index does not try a condition on an event that has none of its keys. Of those events, the ones that lack the attribute
 * that the condition looks at first are errors too; the index counts them for all conditions together. What a condition would find
 * missing later is counted only where it is tried.
 */
final class ErrorCount {
    /** Counts the events without the attribute that is looked at first; null when its absence is no error. */
    private final @Nullable LongAdder absences;
    /** How many of those came before the condition. */
    private final long absencesBefore;

    private final long others;
    private final LongAdder tried = new LongAdder();

    /** A count that goes on from another one. */
    ErrorCount(@Nullable LongAdder absences, long counted) {
        this.absences = absences;
        this.absencesBefore = absences == null ? 0 : absences.sum();
        this.others = counted;
    }

    /** The condition was tried in vain, for another reason than that the first attribute is missing. */
    void increment() {
        tried.increment();
    }

    long sum() {
        return others + tried.sum() + (absences == null ? 0 : absences.sum() - absencesBefore);
    }
}
