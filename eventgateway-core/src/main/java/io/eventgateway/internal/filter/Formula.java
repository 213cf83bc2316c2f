package io.eventgateway.internal.filter;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A filter between two languages: what it asks of attributes, as a formula that is true or false of every event, and never an
 * error.
 *
 * <p>The value of an attribute is a string, an integer or a boolean, never an array or an object (CloudEvents 1.0, section "Type
 * System"), so that the contrary of a test of one attribute is a test of that attribute again, and tests of one attribute join. What
 * is asked of anything else stays a condition.
 */
sealed interface Formula {
    Formula TRUE = new All(List.of());
    Formula FALSE = new Any(List.of());
    /** The attributes that every event has. */
    Set<String> REQUIRED = Set.of("specversion", "id", "source", "type");

    /** How many atoms there are in it. */
    int size();

    /**
     * An attribute whose value passes one of some tests, or if {@code negated} none of them.
     *
     * @param orAbsent what is true of an event without the attribute
     */
    record Atom(String attribute, boolean negated, List<ValueTest> tests, boolean orAbsent) implements Formula {
        public Atom {
            tests = List.copyOf(tests);
        }

        /** Returns whether the value does not matter: the attribute is there. */
        boolean isPresence() {
            return negated && tests.isEmpty() && !orAbsent;
        }

        /** Returns whether no value is wanted: the attribute is not there. */
        boolean isAbsence() {
            return !negated && tests.isEmpty() && orAbsent;
        }

        /** Returns whether events without the attribute pass, as all of none do where every event has it. */
        boolean passesAbsence() {
            return orAbsent || REQUIRED.contains(attribute);
        }

        @Override
        public int size() {
            return Math.max(1, tests.size());
        }
    }

    /** All of some formulas; true of none. */
    record All(List<Formula> formulas, int size) implements Formula {
        private All(List<Formula> formulas) {
            this(List.copyOf(formulas), sizeOf(formulas));
        }
    }

    /** The formula that at least one of some is true; false of none. */
    record Any(List<Formula> formulas, int size) implements Formula {
        private Any(List<Formula> formulas) {
            this(List.copyOf(formulas), sizeOf(formulas));
        }
    }

    /** A condition of more than one attribute, or if {@code negated} its contrary. */
    record Other(Condition condition, boolean negated) implements Formula {
        @Override
        public int size() {
            return condition.size();
        }
    }

    private static int sizeOf(List<Formula> formulas) {
        long size = 0;
        for (Formula formula : formulas) {
            size += formula.size();
        }
        return (int) Math.min(size, Integer.MAX_VALUE);
    }

    /** What asks of an attribute that is there that its value passes one of some tests, or none. */
    static Formula value(String attribute, boolean negated, List<ValueTest> tests) {
        return atom(attribute, negated, tests, false);
    }

    static Formula present(String attribute) {
        return value(attribute, true, List.of());
    }

    static Formula absent(String attribute) {
        return atom(attribute, false, List.of(), true);
    }

    private static Formula atom(String attribute, boolean negated, List<ValueTest> tests, boolean orAbsent) {
        boolean absent = orAbsent && !REQUIRED.contains(attribute);
        if (tests.isEmpty() && !negated && !absent) {
            return FALSE;
        }
        if (tests.isEmpty() && negated && (absent || REQUIRED.contains(attribute))) {
            return TRUE;
        }
        return new Atom(attribute, negated, tests, absent);
    }

    /** The contrary. */
    static Formula not(Formula formula) {
        if (formula instanceof Atom atom) {
            return atom(atom.attribute, !atom.negated, atom.tests, !atom.orAbsent);
        }
        if (formula instanceof Other other) {
            return new Other(other.condition, !other.negated);
        }
        return formula instanceof All all
                ? any(all.formulas.stream().map(Formula::not).toList())
                : all(((Any) formula).formulas.stream().map(Formula::not).toList());
    }

    /** All of some formulas, with the atoms of one attribute joined where they can be. */
    static Formula all(List<Formula> formulas) {
        List<Formula> joined = new ArrayList<>();
        for (Formula formula : formulas) {
            for (Formula each : formula instanceof All all ? all.formulas : List.of(formula)) {
                join(each, true, joined);
            }
        }
        if (joined.contains(FALSE)) {
            return FALSE;
        }
        return joined.size() == 1 ? joined.get(0) : joined.isEmpty() ? TRUE : new All(joined);
    }

    /** The formula that one of some is true, with the atoms of one attribute joined where they can be. */
    static Formula any(List<Formula> formulas) {
        List<Formula> joined = new ArrayList<>();
        for (Formula formula : formulas) {
            for (Formula each : formula instanceof Any any ? any.formulas : List.of(formula)) {
                join(each, false, joined);
            }
        }
        if (joined.contains(TRUE)) {
            return TRUE;
        }
        return joined.size() == 1 ? joined.get(0) : joined.isEmpty() ? FALSE : new Any(joined);
    }

    private static void join(Formula formula, boolean all, List<Formula> joined) {
        if (formula instanceof Atom atom) {
            for (int i = 0; i < joined.size(); i++) {
                Formula both = joined.get(i) instanceof Atom other && other.attribute.equals(atom.attribute)
                        ? all ? both(other, atom) : either(other, atom)
                        : null;
                if (both != null) {
                    joined.remove(i);
                    if (!both.equals(all ? TRUE : FALSE)) {
                        joined.add(i, both);
                    }
                    return;
                }
            }
        }
        joined.add(formula);
    }

    /** The atom of what two of one attribute have in common; null where that is no atom. */
    private static @Nullable Formula both(Atom one, Atom other) {
        Formula contrary = either(contrary(one), contrary(other));
        return contrary == null ? null : not(contrary);
    }

    private static Atom contrary(Atom atom) {
        return new Atom(atom.attribute, !atom.negated, atom.tests, !atom.orAbsent);
    }

    /** The atom of what one of two of one attribute lets through; null where that is no atom. */
    private static @Nullable Formula either(Atom one, Atom other) {
        boolean orAbsent = one.orAbsent || other.orAbsent;
        if (one.tests.isEmpty() || other.tests.isEmpty()) {
            boolean first = one.tests.isEmpty();
            Atom empty = first ? one : other;
            Atom wanted = first == empty.negated ? one : other;
            return atom(one.attribute, wanted.negated, wanted.tests, orAbsent);
        }
        if (one.negated || other.negated) {
            return null;
        }
        Set<ValueTest> tests = new LinkedHashSet<>(one.tests);
        tests.addAll(other.tests);
        return atom(one.attribute, false, List.copyOf(tests), orAbsent);
    }
}
