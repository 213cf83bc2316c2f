package io.eventgateway.internal.filter;

import io.eventgateway.Event;
import io.eventgateway.internal.filter.Condition.Absence;
import io.eventgateway.internal.filter.Condition.AllOf;
import io.eventgateway.internal.filter.Condition.AnyOf;
import io.eventgateway.internal.filter.Condition.Code;
import io.eventgateway.internal.filter.Condition.Combination;
import io.eventgateway.internal.filter.Condition.Computed;
import io.eventgateway.internal.filter.Condition.Consistent;
import io.eventgateway.internal.filter.Condition.ErrorAsFalse;
import io.eventgateway.internal.filter.Condition.Not;
import io.eventgateway.internal.filter.Condition.Reach;
import io.eventgateway.internal.filter.Condition.StrictAnyOf;
import io.eventgateway.internal.filter.Condition.Test;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Tells whether conditions hold for an event. */
final class Evaluation {
    /**
     * A condition that could not be evaluated. It does not hold, nor does its contrary, nor what needs it to hold; one of several
     * conditions holds all the same if another of them does.
     */
    static final class Failed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private Failed(String message, Throwable cause) {
            super(message, cause, false, false);
        }

        /** What foreign code threw, whose message is foreign code as well. */
        static Failed of(Throwable cause) {
            String message;
            try {
                message = cause.getMessage() == null ? cause.getClass().getName() : cause.getMessage();
            } catch (Throwable e) {
                message = cause.getClass().getName();
            }
            return new Failed(message, cause);
        }

        Failed(String message) {
            super(message, null, false, false);
        }

        /** Only a tree that the application made can be as deep: JSON text of more than Jackson's bound is not read. */
        static Failed tooDeep(StackOverflowError e) {
            return new Failed("data is nested too deep to be looked through", e);
        }

        static Failed missing(Path attribute) {
            return new Failed("the event has no attribute '" + attribute + "'");
        }
    }

    private Evaluation() {}

    /**
     * Returns whether a condition holds.
     *
     * @throws Failed if it can't be evaluated
     */
    static boolean holds(Condition condition, View view) {
        try {
            return evaluated(condition, view);
        } catch (StackOverflowError e) {
            throw Failed.tooDeep(e);
        }
    }

    /** Returns whether a condition holds, where only some elements of an array need a look. */
    static boolean holds(Condition condition, View view, Hits hits) {
        return condition instanceof Test test ? holds(test, view.at(test.path()), hits) : holds(condition, view);
    }

    private static boolean evaluated(Condition condition, View view) {
        if (condition instanceof Test test) {
            return holds(test, view.at(test.path()));
        }
        if (condition instanceof Consistent consistent) {
            return consistent.tests().holds(view);
        }
        if (condition instanceof AllOf all) {
            for (Condition each : all.conditions()) {
                if (!evaluated(each, view)) {
                    return false;
                }
            }
            return true;
        }
        if (condition instanceof AnyOf any) {
            return oneHolds(any, view);
        }
        if (condition instanceof Not not) {
            return !evaluated(not.condition(), view);
        }
        if (condition instanceof StrictAnyOf any) {
            for (Condition each : any.conditions()) {
                if (evaluated(each, view)) {
                    return true;
                }
            }
            return false;
        }
        if (condition instanceof Computed computed) {
            return computed.holds(view);
        }
        if (condition instanceof ErrorAsFalse certain) {
            try {
                return evaluated(certain.condition(), view);
            } catch (Failed e) {
                return false;
            }
        }
        return run((Code) condition, view);
    }

    /** Returns whether there may be events for which a condition can't be evaluated. */
    static boolean mayFail(Condition condition) {
        if (condition instanceof Test test) {
            return test.absence() == Absence.IS_AN_ERROR;
        }
        if (condition instanceof Not not) {
            return mayFail(not.condition());
        }
        if (condition instanceof Consistent || condition instanceof ErrorAsFalse) {
            return false;
        }
        return !(condition instanceof Combination combination)
                || combination.conditions().stream().anyMatch(Evaluation::mayFail);
    }

    private static boolean oneHolds(AnyOf any, View view) {
        Failed failed = null;
        for (Condition each : any.conditions()) {
            try {
                if (evaluated(each, view)) {
                    return true;
                }
            } catch (Failed e) {
                failed = e;
            }
        }
        if (failed != null) {
            throw failed;
        }
        return false;
    }

    /** Foreign code: whatever it throws means that the event does not match. */
    static boolean run(Code code, View view) {
        return view.verdict(code);
    }

    /** Runs foreign code for the event itself, as {@link #run(Code, View)} does for a view. */
    static boolean run(Code code, Event event) {
        try {
            return code.check().test(event);
        } catch (Failed e) {
            throw e;
        } catch (Throwable e) {
            throw Failed.of(e);
        }
    }

    /**
     * Returns whether a test that is not of leaves holds for what is at its path.
     *
     * @throws Failed if nothing is, and the test takes that for an error
     */
    static boolean holds(Test test, @Nullable Object value) {
        return holds(test, value, Hits.UNKNOWN);
    }

    private static boolean holds(Test test, @Nullable Object value, Hits hits) {
        if (value == null) {
            if (test.absence() == Absence.IS_AN_ERROR) {
                throw Failed.missing(test.path());
            }
            return test.orAbsent();
        }
        if (test.reach() == Reach.ELEMENTS && value instanceof JsonNode node && node.isArray()) {
            for (int i = hits.first(); i < hits.end(node.size()); i++) {
                if (test.wanted().test(node.get(i))) {
                    return true;
                }
            }
            return false;
        }
        return test.wanted().test(value);
    }
}
