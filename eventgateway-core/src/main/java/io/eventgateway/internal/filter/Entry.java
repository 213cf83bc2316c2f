package io.eventgateway.internal.filter;

import io.eventgateway.internal.filter.Condition.Absence;
import io.eventgateway.internal.filter.Condition.AllOf;
import io.eventgateway.internal.filter.Condition.Consistent;
import io.eventgateway.internal.filter.Condition.Not;
import io.eventgateway.internal.filter.Condition.StrictAnyOf;
import io.eventgateway.internal.filter.Condition.Test;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * What an index finds: a target with its condition, and the keys under which it is found.
 *
 * <p>The keys are written under the index's lock. The counts are written by whoever verifies the entry, without a lock, since a
 * count that is lost makes no difference.
 */
final class Entry<T> {
    private final T target;
    /** Its place in the order in which targets were added; that of the entry in whose place it came. */
    private final int ordinal;

    private final Condition condition;
    private final Conjunction conjunction;
    /** The tests of a condition that has no others, which saves the way there; null for other conditions. */
    private final @Nullable Together together;

    private final @Nullable Path neededFirst;
    private final ErrorCount errors;

    /** Volatile, since verifications read it: what it says is true of the buckets before it says it. */
    private volatile @Nullable Cover current;

    private boolean gone;
    private final int[] failures;
    private int verified;
    private int matched;
    private int nextReview = Selectivity.FIRST_REVIEW;

    Entry(T target, int ordinal, Condition condition, ErrorCount errors) {
        this.target = target;
        this.ordinal = ordinal;
        this.condition = condition;
        this.neededFirst = neededFirst(condition);
        this.errors = errors;
        this.conjunction = new Conjunction(condition);
        this.together = condition instanceof Consistent consistent ? consistent.tests() : null;
        this.failures = new int[conjunction.size()];
    }

    /** The attribute without which a condition can't be evaluated, whatever else the event has; null when there is none. */
    static @Nullable Path neededFirst(Condition condition) {
        if (condition instanceof Not not) {
            return neededFirst(not.condition());
        }
        if (condition instanceof AllOf all) {
            return all.conditions().isEmpty()
                    ? null
                    : neededFirst(all.conditions().get(0));
        }
        if (condition instanceof StrictAnyOf any) {
            return neededFirst(any.conditions().get(0));
        }
        return condition instanceof Test test && test.absence() == Absence.IS_AN_ERROR ? test.path() : null;
    }

    T target() {
        return target;
    }

    int ordinal() {
        return ordinal;
    }

    Condition condition() {
        return condition;
    }

    ErrorCount errors() {
        return errors;
    }

    /** Each of them alone leads to the entry from every event that matches it. */
    List<Cover> covers(ToDoubleFunction<Key> cost) {
        return conjunction.covers(cost);
    }

    /** The keys under which it is found; null when every event has to be tried. */
    @Nullable Cover current() {
        return current;
    }

    void current(@Nullable Cover cover) {
        this.current = cover;
    }

    void goes() {
        gone = true;
    }

    /** Returns whether it was taken out of the index. */
    boolean isGone() {
        return gone;
    }

    /** The operand by whose keys it is found; negative when there is none, or the keys are not of tests that hold together. */
    int operand() {
        Cover cover = current;
        return cover == null ? -1 : cover.operand();
    }

    /**
     * Returns whether it matches. What can't be evaluated does not, and is counted.
     *
     * @param hits the elements of an array that led to it
     */
    boolean matches(Scratch view, Hits hits) {
        verified++;
        try {
            int failing = together == null
                    ? conjunction.firstFailing(view, failures, hits)
                    : Conjunction.firstFailing(together, view, hits);
            if (failing == Conjunction.HOLDS) {
                matched++;
                return true;
            }
            if (failing >= 0) {
                failures[failing]++;
            }
            return false;
        } catch (Evaluation.Failed e) {
            if (view.isCountingErrors() && (neededFirst == null || view.at(neededFirst) != null)) {
                errors.increment(); // the index has counted the others
            }
            return false;
        }
    }

    /** Returns whether it has been verified so often, and so often in vain, that other keys may be better. */
    boolean isDueForReview() {
        return verified >= nextReview && matched * 2 < verified;
    }

    /**
     * The number of the operand that most verifications failed at, if its keys would have spared most of those in vain; negative
     * when there is none. Begins to count anew.
     */
    int reviewed() {
        int most = -1;
        for (int i = 0; i < failures.length; i++) {
            if (failures[i] * 2 > verified) {
                most = i;
            }
        }
        Arrays.fill(failures, 0);
        verified = 0;
        matched = 0;
        nextReview = nextReview > Integer.MAX_VALUE / Selectivity.REVIEW_FACTOR
                ? Integer.MAX_VALUE
                : nextReview * Selectivity.REVIEW_FACTOR;
        return most;
    }
}
