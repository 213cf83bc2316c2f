package io.eventgateway.internal.filter;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.IntNode;

/** What a filter of CloudEvents asks of a value that it casts first: to its canonical string, or to a type of CESQL's. */
sealed interface CastTest extends ValueTest {
    /** A value whose text passes a test, be it a string, a number or a boolean: CloudEvents' canonical string. */
    record OnText(ValueTest wanted) implements CastTest {
        @Override
        public boolean test(Object value) {
            return wanted.test(
                    value instanceof JsonNode node && (node.isNumber() || node.isBoolean()) ? node.asString() : value);
        }

        @Override
        public String toString() {
            return wanted.toString();
        }
    }

    /** A value that CESQL casts to an integer of a range. */
    record AsInteger(ValueTest.Range wanted) implements CastTest {
        @Override
        public boolean test(Object value) {
            return wanted.contains(IntNode.valueOf(CesqlValue.toInteger(CesqlValue.of(value))));
        }

        @Override
        public String toString() {
            return wanted.toString();
        }
    }

    /** A value that CESQL casts to a boolean. */
    record AsBoolean(boolean wanted) implements CastTest {
        @Override
        public boolean test(Object value) {
            return CesqlValue.toBoolean(CesqlValue.of(value)) == wanted;
        }

        @Override
        public String toString() {
            return Boolean.toString(wanted);
        }
    }

    /**
     * A value that is equal to one of CESQL's literals, which are cast to its type. They are tried in their order:
     * behind one that can't be cast nothing is equal, and the test fails (see {@link CesqlExpression.In}).
     */
    record OneOf(List<Object> literals, Set<String> texts, Set<Object> castable) implements CastTest {
        static OneOf of(List<Object> literals) {
            Set<String> texts = new HashSet<>();
            for (Object literal : literals) {
                texts.add(CesqlValue.toText(literal));
            }
            Set<Object> castable = new HashSet<>();
            for (Object example : List.of(0, false)) {
                try {
                    for (Object literal : literals) {
                        castable.add(CesqlValue.cast(literal, example));
                    }
                    castable.add(example.getClass()); // every literal is castable to it
                } catch (Evaluation.Failed e) {
                    // those before it are
                }
            }
            return new OneOf(List.copyOf(literals), Set.copyOf(texts), Set.copyOf(castable));
        }

        /**
         * Returns whether no literal may be equal to an integer or a boolean: the first is a text that can't be cast to
         * either.
         */
        boolean isOfTextsOnly() {
            return castable.isEmpty();
        }

        /** The texts of all values that pass, whatever their types. */
        Set<String> textsOfAll() {
            Set<String> all = new HashSet<>(texts);
            castable.stream().filter(each -> !(each instanceof Class)).forEach(each -> all.add(each.toString()));
            return all;
        }

        @Override
        public boolean test(Object attribute) {
            Object value = CesqlValue.of(attribute);
            if (value instanceof String text) {
                return texts.contains(text);
            }
            if (castable.contains(value)) {
                return true;
            }
            if (!castable.contains(value.getClass())) {
                throw new Evaluation.Failed("a literal can't be cast to the value's type, " + CesqlValue.typeOf(value));
            }
            return false;
        }

        @Override
        public String toString() {
            return new ValueTest.Texts(texts).toString();
        }
    }
}
