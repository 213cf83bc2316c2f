package io.eventgateway.internal.filter;

import io.eventgateway.internal.filter.Condition.AllOf;
import io.eventgateway.internal.filter.Condition.AnyOf;
import io.eventgateway.internal.filter.Condition.Code;
import io.eventgateway.internal.filter.Condition.Consistent;
import io.eventgateway.internal.filter.Condition.Not;
import io.eventgateway.internal.filter.Condition.Reach;
import io.eventgateway.internal.filter.Condition.Test;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Whether conditions hold for an event. */
final class Evaluation {
    /** A condition that could not be evaluated; the event does not match, whatever is around the condition. */
    static final class Failed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Failed(Throwable cause) {
            super(String.valueOf(cause.getMessage()), cause, false, false);
        }
    }

    private Evaluation() {}

    /**
     * Whether a condition holds.
     *
     * @throws Failed if code in it fails
     */
    static boolean holds(Condition condition, View view) {
        if (condition instanceof Test test) {
            return holds(test, view.at(test.path()));
        }
        if (condition instanceof Consistent consistent) {
            return consistent.tests().holds(view);
        }
        if (condition instanceof AllOf all) {
            for (Condition each : all.conditions()) {
                if (!holds(each, view)) {
                    return false;
                }
            }
            return true;
        }
        if (condition instanceof AnyOf any) {
            for (Condition each : any.conditions()) {
                if (holds(each, view)) {
                    return true;
                }
            }
            return false;
        }
        if (condition instanceof Not not) {
            return !holds(not.condition(), view);
        }
        return run((Code) condition, view);
    }

    /** Foreign code: whatever it throws means that the event does not match. */
    static boolean run(Code code, View view) {
        try {
            return code.check().test(view.event());
        } catch (Failed e) {
            throw e;
        } catch (Exception | StackOverflowError | LinkageError e) {
            throw new Failed(e);
        }
    }

    /** Whether a test that is not of leaves holds for what is at its path. */
    static boolean holds(Test test, @Nullable Object value) {
        if (value == null) {
            return test.orAbsent();
        }
        if (test.reach() == Reach.ELEMENTS && value instanceof JsonNode node && node.isArray()) {
            for (JsonNode element : node) {
                if (test.wanted().test(element)) {
                    return true;
                }
            }
            return false;
        }
        return test.wanted().test(value);
    }
}
