package io.eventgateway.internal.filter;

import io.eventgateway.error.InvalidFilterException;
import io.eventgateway.internal.filter.CastTest.OnText;
import io.eventgateway.internal.filter.CastTest.OneOf;
import io.eventgateway.internal.filter.Condition.Combination;
import io.eventgateway.internal.filter.Condition.Consistent;
import io.eventgateway.internal.filter.Condition.ErrorAsFalse;
import io.eventgateway.internal.filter.Condition.Not;
import io.eventgateway.internal.filter.Condition.Test;
import io.eventgateway.internal.filter.ValueTest.AnythingBut;
import io.eventgateway.internal.filter.ValueTest.Either;
import io.eventgateway.internal.filter.ValueTest.Range;
import io.eventgateway.internal.filter.ValueTest.Texts;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * Refuses a condition that is more than a filter may be, whichever language it is written in; see {@link Limits}.
 *
 * <p>Conditions are what matching takes time for. Values are what a filter takes memory for: a list that {@code $or} has in several
 * of its branches is held once, and counts once.
 */
final class Bounds {
    private final Set<ValueTest> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private long conditions;
    private long values;

    private Bounds() {}

    /**
     * The condition itself.
     *
     * @param position of the filter, for a refusal
     * @throws InvalidFilterException if it has too many conditions, or tests with too many values, or is nested too deep
     */
    static Condition checked(String language, String position, Condition condition) {
        Bounds bounds = new Bounds();
        bounds.count(condition);
        if (bounds.conditions > Limits.MAX_CONDITIONS) {
            throw refused(language, position, bounds.conditions + " conditions", Limits.MAX_CONDITIONS);
        }
        if (bounds.values > Limits.MAX_VALUES) {
            throw refused(language, position, bounds.values + " values", Limits.MAX_VALUES);
        }
        int depth = depth(condition);
        if (depth > Limits.MAX_DEPTH) {
            throw refused(language, position, depth + " levels of conditions", Limits.MAX_DEPTH);
        }
        return condition;
    }

    private static InvalidFilterException refused(String language, String position, String found, int most) {
        return new InvalidFilterException(
                language, position, "found " + found + "; at most " + most + " are accepted", null);
    }

    private void count(Condition condition) {
        if (condition instanceof Test test) {
            count(test);
        } else if (condition instanceof Consistent consistent) {
            consistent.tests().tests().forEach(this::count);
        } else if (condition instanceof Not not) {
            count(not.condition());
        } else if (condition instanceof Combination combination) {
            combination.conditions().forEach(this::count);
        } else if (condition instanceof ErrorAsFalse certain) {
            count(certain.condition());
        } else {
            conditions += condition.size();
        }
    }

    private void count(Test test) {
        conditions += conditions(test.wanted());
        if (seen.add(test.wanted())) {
            values += values(test.wanted());
        }
    }

    /** How many conditions a test is: its values that have to be tried one by one, and one for all that are looked up. */
    static int conditions(ValueTest wanted) {
        List<ValueTest> tests = wanted instanceof Either either
                ? either.tests()
                : wanted instanceof AnythingBut anythingBut ? anythingBut.tests() : List.of();
        int tried = 0;
        int lookedUp = 0;
        for (ValueTest test : tests) {
            if (test instanceof Texts || (test instanceof Range range && range.isOneNumber())) {
                lookedUp = 1;
            } else {
                tried += conditions(test);
            }
        }
        return Math.max(1, tried + lookedUp);
    }

    private static int values(ValueTest wanted) {
        if (wanted instanceof Texts texts) {
            return texts.texts().size();
        }
        if (wanted instanceof OnText onText) {
            return values(onText.wanted());
        }
        if (wanted instanceof OneOf oneOf) {
            return oneOf.literals().size();
        }
        if (wanted instanceof Either either) {
            return either.tests().stream().mapToInt(Bounds::values).sum();
        }
        return wanted instanceof AnythingBut anythingBut
                ? anythingBut.tests().stream().mapToInt(Bounds::values).sum()
                : 1;
    }

    private static int depth(Condition condition) {
        if (condition instanceof Not not) {
            return 1 + depth(not.condition());
        }
        if (condition instanceof ErrorAsFalse certain) {
            return depth(certain.condition());
        }
        List<Condition> conditions =
                condition instanceof Combination combination ? combination.conditions() : List.of();
        return 1 + conditions.stream().mapToInt(Bounds::depth).max().orElse(0);
    }
}
