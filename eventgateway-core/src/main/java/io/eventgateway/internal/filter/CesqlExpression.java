package io.eventgateway.internal.filter;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * An expression of CESQL. Immutable.
 *
 * <p>An error ends the evaluation of all of it, which is CESQL's fail fast mode (CESQL 1.0, section 4.1): with an error an event does
 * not pass, whatever the value.
 */
sealed interface CesqlExpression {
    /**
     * The value for an event: a String, an Integer or a Boolean.
     *
     * @throws Evaluation.Failed on any of the errors of CESQL 1.0, section 3.3
     */
    Object value(View view);

    /** The expressions that it consists of, which it evaluates from the first to the last. */
    List<CesqlExpression> operands();

    /** This expression with other operands, as many as it has. */
    CesqlExpression with(List<CesqlExpression> operands);

    /** Shows the paths of its attributes. */
    default void eachPath(Consumer<Path> visitor) {
        operands().forEach(each -> each.eachPath(visitor));
    }

    /** This expression with other paths of its attributes. */
    default CesqlExpression mapPaths(UnaryOperator<Path> paths) {
        return with(operands().stream().map(each -> each.mapPaths(paths)).toList());
    }

    /** A value that is written in the expression. */
    record Literal(Object literal) implements CesqlExpression {
        @Override
        public Object value(View view) {
            return literal;
        }

        @Override
        public List<CesqlExpression> operands() {
            return List.of();
        }

        @Override
        public Literal with(List<CesqlExpression> operands) {
            return this;
        }
    }

    /** The value of an attribute, without which there is an error (section 3.2). */
    record Attribute(Path path) implements CesqlExpression {
        @Override
        public Object value(View view) {
            Object found = view.at(path);
            if (found == null) {
                throw Evaluation.Failed.missing(path);
            }
            return CesqlValue.of(found);
        }

        @Override
        public List<CesqlExpression> operands() {
            return List.of();
        }

        @Override
        public Attribute with(List<CesqlExpression> operands) {
            return this;
        }

        @Override
        public void eachPath(Consumer<Path> visitor) {
            visitor.accept(path);
        }

        @Override
        public Attribute mapPaths(UnaryOperator<Path> paths) {
            return new Attribute(paths.apply(path));
        }
    }

    /** The question whether the event has an attribute (section 3.4.4). */
    record Exists(Path path) implements CesqlExpression {
        @Override
        public Object value(View view) {
            return view.at(path) != null;
        }

        @Override
        public List<CesqlExpression> operands() {
            return List.of();
        }

        @Override
        public Exists with(List<CesqlExpression> operands) {
            return this;
        }

        @Override
        public void eachPath(Consumer<Path> visitor) {
            visitor.accept(path);
        }

        @Override
        public Exists mapPaths(UnaryOperator<Path> paths) {
            return new Exists(paths.apply(path));
        }
    }

    /** The contrary of a boolean. */
    record Not(CesqlExpression operand) implements CesqlExpression {
        @Override
        public Object value(View view) {
            return !CesqlValue.toBoolean(operand.value(view));
        }

        @Override
        public List<CesqlExpression> operands() {
            return List.of(operand);
        }

        @Override
        public Not with(List<CesqlExpression> operands) {
            return new Not(operands.get(0));
        }
    }

    /** The negative of an integer. */
    record Minus(CesqlExpression operand) implements CesqlExpression {
        @Override
        public Object value(View view) {
            return CesqlArithmetic.checked(-(long) CesqlValue.toInteger(operand.value(view)));
        }

        @Override
        public List<CesqlExpression> operands() {
            return List.of(operand);
        }

        @Override
        public Minus with(List<CesqlExpression> operands) {
            return new Minus(operands.get(0));
        }
    }

    /** The operators of one precedence in a row, applied from the left: a loop, so that a long chain needs no deep stack. */
    record Chain(List<CesqlExpression> operands, List<CesqlOperator> operators) implements CesqlExpression {
        public Chain {
            operands = List.copyOf(operands);
            operators = List.copyOf(operators);
        }

        @Override
        public Object value(View view) {
            Object left = operands.get(0).value(view);
            for (int i = 0; i < operators.size(); i++) {
                left = operators.get(i).apply(left, operands.get(i + 1), view);
            }
            return left;
        }

        @Override
        public Chain with(List<CesqlExpression> other) {
            return new Chain(other, operators);
        }
    }

    /** The question whether a string has a form (section 3.4.3). */
    record HasForm(CesqlExpression operand, ValueTest form) implements CesqlExpression {
        @Override
        public Object value(View view) {
            return form.test(CesqlValue.toText(operand.value(view)));
        }

        @Override
        public List<CesqlExpression> operands() {
            return List.of(operand);
        }

        @Override
        public HasForm with(List<CesqlExpression> operands) {
            return new HasForm(operands.get(0), form);
        }
    }

    /**
     * The question whether the first operand is equal to one of the others, which are cast to its type (section 3.4.5).
     * As in the SDKs, the others are looked at in their order, up to the first that is equal.
     */
    record In(List<CesqlExpression> operands) implements CesqlExpression {
        public In {
            operands = List.copyOf(operands);
        }

        @Override
        public Object value(View view) {
            Object wanted = operands.get(0).value(view);
            for (CesqlExpression element : operands.subList(1, operands.size())) {
                if (wanted.equals(CesqlValue.cast(element.value(view), wanted))) {
                    return true;
                }
            }
            return false;
        }

        @Override
        public In with(List<CesqlExpression> other) {
            return new In(other);
        }
    }

    /** The value of a function. */
    record Call(CesqlFunction function, List<CesqlExpression> operands) implements CesqlExpression {
        public Call {
            operands = List.copyOf(operands);
        }

        @Override
        public Object value(View view) {
            List<Object> arguments = new ArrayList<>(operands.size());
            for (CesqlExpression operand : operands) {
                arguments.add(operand.value(view));
            }
            return function.call(arguments);
        }

        @Override
        public Call with(List<CesqlExpression> other) {
            return new Call(function, other);
        }
    }
}
