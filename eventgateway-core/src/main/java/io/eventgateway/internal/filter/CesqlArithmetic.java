package io.eventgateway.internal.filter;

/** The arithmetic of CESQL on integers of 32 bits (CESQL 1.0, section 3.4.2). What does not fit into them is an error. */
final class CesqlArithmetic {
    private CesqlArithmetic() {}

    static int of(CesqlOperator operator, int x, int y) {
        return switch (operator) {
            case PLUS -> checked((long) x + y);
            case MINUS -> checked((long) x - y);
            case TIMES -> checked((long) x * y);
            case DIVIDED_BY -> checked((long) x / divisor(y));
            case MODULO -> checked((long) x % divisor(y));
            default -> throw new IllegalArgumentException(operator + " is no operator of arithmetic");
        };
    }

    /**
     * A result that is an integer of CESQL.
     *
     * @throws Evaluation.Failed if it has more than 32 bits
     */
    static int checked(long result) {
        if (result != (int) result) {
            throw new Evaluation.Failed("an integer of more than 32 bits came out");
        }
        return (int) result;
    }

    private static int divisor(int y) {
        if (y == 0) {
            throw new Evaluation.Failed("a division by 0");
        }
        return y;
    }
}
