package io.eventgateway.internal.filter;

import io.eventgateway.internal.filter.Condition.AllOf;
import io.eventgateway.internal.filter.Condition.Consistent;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * A condition as what it wants all of: its operands, where it is a conjunction, and of tests that hold together each test. They are
 * numbered in the order in which they are evaluated. Immutable.
 */
final class Conjunction {
    static final int HOLDS = -1;
    /** The condition fails, but none of its operands fails alone. */
    static final int FAILS_TOGETHER = -2;

    private final Condition[] parts;
    /** The number of the first operand of each part. */
    private final int[] numbers;

    private final int size;

    Conjunction(Condition condition) {
        this.parts = condition instanceof AllOf all
                ? all.conditions().toArray(Condition[]::new)
                : new Condition[] {condition};
        this.numbers = new int[parts.length];
        int next = 0;
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = next;
            next += parts[i] instanceof Consistent consistent
                    ? consistent.tests().tests().size()
                    : 1;
        }
        this.size = next;
    }

    /** How many operands there are. */
    int size() {
        return size;
    }

    /**
     * The number of the first operand that fails; {@link #HOLDS} or {@link #FAILS_TOGETHER}.
     *
     * @param hits the elements of an array in which an operand may hold
     * @param failures how often each operand has decided, counted here where it can't be evaluated
     * @throws Evaluation.Failed if one can't be evaluated
     */
    int firstFailing(View view, int[] failures, Hits hits) {
        for (int i = 0; i < numbers.length; i++) {
            if (parts[i] instanceof Consistent consistent) {
                int failing = firstFailing(consistent.tests(), view, hits.from(numbers[i]));
                if (failing != Together.NOT_FAILED) {
                    return failing == Together.FAILED_TOGETHER ? FAILS_TOGETHER : numbers[i] + failing;
                }
            } else {
                try {
                    if (!Evaluation.holds(parts[i], view, hits.of(numbers[i], numbers[i]))) {
                        return numbers[i];
                    }
                } catch (Evaluation.Failed e) {
                    failures[numbers[i]]++;
                    throw e;
                }
            }
        }
        return HOLDS;
    }

    /**
     * Returns what {@link Together#firstFailing} does, which gives {@link #HOLDS} where nothing fails, and else the
     * number or {@link #FAILS_TOGETHER}.
     */
    static int firstFailing(Together tests, View view, Hits hits) {
        try {
            return tests.firstFailing(view, hits);
        } catch (StackOverflowError e) {
            throw Evaluation.Failed.tooDeep(e);
        }
    }

    /**
     * Covers of the operands that have one, each of which alone is enough; none when every event has to be tried.
     *
     * @param cost which part of the events has a key
     */
    List<Cover> covers(ToDoubleFunction<Key> cost) {
        List<Cover> covers = new ArrayList<>();
        for (int i = 0; i < numbers.length; i++) {
            List<? extends Condition> operands = parts[i] instanceof Consistent consistent
                    ? consistent.tests().tests()
                    : List.of(parts[i]);
            for (int j = 0; j < operands.size(); j++) {
                List<Key> keys = Cover.keys(operands.get(j), cost);
                if (keys != null) {
                    covers.add(new Cover(numbers[i] + j, keys));
                }
            }
        }
        return covers;
    }
}
