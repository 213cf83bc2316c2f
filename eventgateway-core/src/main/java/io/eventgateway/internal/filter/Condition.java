package io.eventgateway.internal.filter;

import io.eventgateway.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * What a filter asks of an event: the tree that every filter language compiles to, and that is evaluated, indexed and explained.
 * Immutable.
 */
public sealed interface Condition {
    /** How many tests it has. */
    int size();

    /** Shows the paths of its tests. */
    void eachPath(Consumer<Path> visitor);

    /** This condition with other paths. */
    Condition mapPaths(UnaryOperator<Path> paths);

    /** What a test looks at: the value at the path, or values in arrays. */
    enum Reach {
        /** Every scalar at the path, through all arrays on the way and at its end: EventBridge's rule. */
        LEAVES,
        /** The value at the path, with no array on the way. */
        VALUE,
        /** The value at the path, and each of its elements if it is an array: Event Grid's filtering on arrays. */
        ELEMENTS
    }

    /** What a test makes of nothing at its path. */
    enum Absence {
        FAILS,
        PASSES,
        /** The test can't be evaluated: CESQL's rule. */
        IS_AN_ERROR
    }

    /** A test of what is at a path. */
    record Test(Path path, ValueTest wanted, Absence absence, Reach reach) implements Condition {
        /** The value of an attribute. */
        static Test attribute(String name, ValueTest wanted) {
            return new Test(Path.of(name), wanted, Absence.FAILS, Reach.VALUE);
        }

        /** This test with another rule for nothing at its path. */
        Test where(Absence other) {
            return new Test(path, wanted, other, reach);
        }

        /** Returns whether it holds where nothing is at its path. */
        boolean orAbsent() {
            return absence == Absence.PASSES;
        }

        @Override
        public int size() {
            return 1;
        }

        @Override
        public void eachPath(Consumer<Path> visitor) {
            visitor.accept(path);
        }

        @Override
        public Test mapPaths(UnaryOperator<Path> paths) {
            return new Test(paths.apply(path), wanted, absence, reach);
        }

        /** What it wants, for people. */
        String description() {
            if (!orAbsent()) {
                return wanted.toString();
            }
            return wanted instanceof ValueTest.Either either && either.tests().isEmpty()
                    ? "nothing"
                    : wanted + " or nothing";
        }
    }

    /** What is made of several conditions. */
    sealed interface Combination extends Condition permits AllOf, AnyOf, StrictAnyOf {
        /** The conditions, in the order in which they are tried. */
        List<Condition> conditions();

        @Override
        default int size() {
            return conditions().stream().mapToInt(Condition::size).sum();
        }

        @Override
        default void eachPath(Consumer<Path> visitor) {
            conditions().forEach(each -> each.eachPath(visitor));
        }
    }

    /** All of some conditions, of which the first that does not hold, or can't be evaluated, decides; true of none. */
    record AllOf(List<Condition> conditions) implements Combination {
        /** Copies the conditions. */
        public AllOf {
            conditions = List.copyOf(conditions);
        }

        /** All of some conditions, without a level of its own where there is one of them, or they are of this kind. */
        static Condition of(List<? extends Condition> conditions) {
            List<Condition> flat = new ArrayList<>();
            for (Condition condition : conditions) {
                if (condition instanceof AllOf all) {
                    flat.addAll(all.conditions);
                } else {
                    flat.add(condition);
                }
            }
            return flat.size() == 1 ? flat.get(0) : new AllOf(flat);
        }

        @Override
        public AllOf mapPaths(UnaryOperator<Path> paths) {
            return new AllOf(
                    conditions.stream().map(each -> each.mapPaths(paths)).toList());
        }
    }

    /** A condition that holds if at least one of some does, whether or not the others can be evaluated; false of none. */
    record AnyOf(List<Condition> conditions) implements Combination {
        /** Copies the conditions. */
        public AnyOf {
            conditions = List.copyOf(conditions);
        }

        static Condition of(List<? extends Condition> conditions) {
            return conditions.size() == 1 ? conditions.get(0) : new AnyOf(List.copyOf(conditions));
        }

        @Override
        public AnyOf mapPaths(UnaryOperator<Path> paths) {
            return new AnyOf(
                    conditions.stream().map(each -> each.mapPaths(paths)).toList());
        }
    }

    /**
     * A choice of conditions that are tried in their order: the first that holds, or can't be evaluated, decides. That
     * is CESQL's OR, whose errors count; {@link AnyOf} goes on after them.
     */
    record StrictAnyOf(List<Condition> conditions) implements Combination {
        /** Copies the conditions. */
        public StrictAnyOf {
            conditions = List.copyOf(conditions);
        }

        /**
         * A choice of conditions, without a level of its own where there is one condition, or the first is a choice
         * itself.
         */
        static Condition of(List<? extends Condition> conditions) {
            List<Condition> flat = new ArrayList<>();
            for (Condition condition : conditions) {
                if (condition instanceof StrictAnyOf any) {
                    flat.addAll(any.conditions);
                } else {
                    flat.add(condition);
                }
            }
            return flat.size() == 1 ? flat.get(0) : new StrictAnyOf(flat);
        }

        @Override
        public StrictAnyOf mapPaths(UnaryOperator<Path> paths) {
            return new StrictAnyOf(
                    conditions.stream().map(each -> each.mapPaths(paths)).toList());
        }
    }

    /** A condition that is false where it can't be evaluated, so that its contrary is true there: the rule of the dialect {@code not}. */
    record ErrorAsFalse(Condition condition) implements Condition {
        @Override
        public int size() {
            return condition.size();
        }

        @Override
        public void eachPath(Consumer<Path> visitor) {
            condition.eachPath(visitor);
        }

        @Override
        public ErrorAsFalse mapPaths(UnaryOperator<Path> paths) {
            return new ErrorAsFalse(condition.mapPaths(paths));
        }
    }

    /**
     * An expression of CESQL whose value is a Boolean.
     *
     * @param text how it is written
     * @param cast whether a value of another type is cast to a Boolean; else it is an error
     */
    record Computed(CesqlExpression expression, String text, boolean cast) implements Condition {
        @Override
        public int size() {
            int[] leaves = {0};
            count(expression, leaves);
            return leaves[0];
        }

        private static void count(CesqlExpression expression, int[] leaves) {
            leaves[0] += expression.operands().isEmpty() ? 1 : 0;
            expression.operands().forEach(each -> count(each, leaves));
        }

        @Override
        public void eachPath(Consumer<Path> visitor) {
            expression.eachPath(visitor);
        }

        @Override
        public Computed mapPaths(UnaryOperator<Path> paths) {
            return new Computed(expression.mapPaths(paths), text, cast);
        }

        /**
         * The value for an event.
         *
         * @throws Evaluation.Failed if there is none, or it is no Boolean and is not cast
         */
        boolean holds(View view) {
            Object value = expression.value(view);
            if (!cast && !(value instanceof Boolean)) {
                throw new Evaluation.Failed(
                        "the value is of type " + CesqlValue.typeOf(value) + "; a filter's has to be a Boolean");
            }
            return CesqlValue.toBoolean(value);
        }
    }

    /** The contrary of a condition. What can't be evaluated does not hold, and neither does its contrary. */
    record Not(Condition condition) implements Condition {
        @Override
        public int size() {
            return condition.size();
        }

        @Override
        public void eachPath(Consumer<Path> visitor) {
            condition.eachPath(visitor);
        }

        @Override
        public Not mapPaths(UnaryOperator<Path> paths) {
            return new Not(condition.mapPaths(paths));
        }
    }

    /** Tests of leaves that hold together: for each array on their ways, all of them in the same element. See {@link Together}. */
    record Consistent(Together tests) implements Condition {
        @Override
        public int size() {
            return tests.tests().size();
        }

        @Override
        public void eachPath(Consumer<Path> visitor) {
            tests.tests().forEach(each -> each.eachPath(visitor));
        }

        @Override
        public Consistent mapPaths(UnaryOperator<Path> paths) {
            return new Consistent(tests.mapPaths(paths));
        }
    }

    /** Code of the application that sees the whole event. */
    record Code(Check check) implements Condition {
        @Override
        public int size() {
            return 1;
        }

        @Override
        public void eachPath(Consumer<Path> visitor) {
            // code looks where it wants
        }

        @Override
        public Code mapPaths(UnaryOperator<Path> paths) {
            return this;
        }
    }

    /** What {@link Code} runs. Its {@code toString} is how explanations name it. */
    @FunctionalInterface
    interface Check {
        /**
         * Returns whether the event passes.
         *
         * @throws Exception if it can't be told; the event then does not pass
         */
        boolean test(Event event) throws Exception;
    }
}
