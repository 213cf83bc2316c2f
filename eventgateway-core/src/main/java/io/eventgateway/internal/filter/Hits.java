package io.eventgateway.internal.filter;

import java.util.BitSet;

/**
 * The elements of an array that led from an event to an entry of the index: all elements in which the operand whose keys they have may
 * hold are between the first and the last, so that a verification need not look at the others.
 *
 * @param operand the number of the operand in the entry's {@link Conjunction}; in {@link Together} the place of the test
 */
record Hits(int operand, int first, int last) {
    /** Where nothing is known, every element may be one. */
    static final Hits UNKNOWN = new Hits(Integer.MIN_VALUE / 2, 0, Integer.MAX_VALUE - 1);

    /** These hits for tests that are numbered from another operand on. */
    Hits from(int number) {
        return number == 0 ? this : new Hits(operand - number, first, last);
    }

    /** These hits if their operand is in a range; unknown hits else. */
    Hits of(int lowest, int highest) {
        return operand >= lowest && operand <= highest ? this : UNKNOWN;
    }

    /** These hits if their operand is in a set and not below a number; unknown hits else. */
    Hits of(BitSet operands, int lowest) {
        return operand >= Math.max(0, lowest) && operands.get(operand) ? this : UNKNOWN;
    }

    /** The place after the last element to look at in an array of a size. */
    int end(int size) {
        return Math.min(last + 1, size);
    }
}
