package io.eventgateway.internal.filter;

import org.jspecify.annotations.Nullable;

/** The binary operators of CESQL (CESQL 1.0, section 3.4.2). */
enum CesqlOperator {
    TIMES("*", Precedence.MULTIPLICATIVE),
    DIVIDED_BY("/", Precedence.MULTIPLICATIVE),
    MODULO("%", Precedence.MULTIPLICATIVE),
    PLUS("+", Precedence.ADDITIVE),
    MINUS("-", Precedence.ADDITIVE),
    EQUAL("=", Precedence.COMPARISON),
    UNEQUAL("!=", Precedence.COMPARISON),
    DIAMOND("<>", Precedence.COMPARISON),
    GREATER_OR_EQUAL(">=", Precedence.COMPARISON),
    LESS_OR_EQUAL("<=", Precedence.COMPARISON),
    LESS("<", Precedence.COMPARISON),
    GREATER(">", Precedence.COMPARISON),
    AND("AND", Precedence.LOGIC),
    OR("OR", Precedence.LOGIC),
    XOR("XOR", Precedence.LOGIC);

    /** How closely operators bind, the closest first (section 3.6). */
    enum Precedence {
        MULTIPLICATIVE,
        ADDITIVE,
        COMPARISON,
        LOGIC
    }

    private final String written;
    private final Precedence precedence;

    CesqlOperator(String written, Precedence precedence) {
        this.written = written;
        this.precedence = precedence;
    }

    /** The operator of a precedence that a token is; null when it is none. */
    static @Nullable CesqlOperator of(CesqlToken token, Precedence precedence) {
        for (CesqlOperator each : values()) {
            boolean same =
                    precedence == Precedence.LOGIC ? token.isKeyword(each.written) : token.isSymbol(each.written);
            if (same && each.precedence == precedence) {
                return each;
            }
        }
        return null;
    }

    boolean isEquality() {
        return this == EQUAL || this == UNEQUAL || this == DIAMOND;
    }

    /** The comparison that says the same of its operands in the other order; null for what is no comparison. */
    @Nullable CesqlOperator turned() {
        return switch (this) {
            case EQUAL, UNEQUAL, DIAMOND -> this;
            case LESS -> GREATER;
            case LESS_OR_EQUAL -> GREATER_OR_EQUAL;
            case GREATER -> LESS;
            case GREATER_OR_EQUAL -> LESS_OR_EQUAL;
            default -> null;
        };
    }

    /**
     * The value for a left operand and a right one, which is not looked at where the left one decides.
     *
     * @throws Evaluation.Failed if there is none
     */
    Object apply(Object left, CesqlExpression right, View view) {
        return switch (this) {
            case AND -> CesqlValue.toBoolean(left) && CesqlValue.toBoolean(right.value(view));
            case OR -> CesqlValue.toBoolean(left) || CesqlValue.toBoolean(right.value(view));
            case XOR -> CesqlValue.toBoolean(left) ^ CesqlValue.toBoolean(right.value(view));
            case EQUAL -> isEqual(left, right.value(view));
            case UNEQUAL, DIAMOND -> !isEqual(left, right.value(view));
            default -> {
                Object other = right.value(view);
                int x = CesqlValue.toInteger(left);
                int y = CesqlValue.toInteger(other);
                yield switch (this) {
                    case LESS -> x < y;
                    case LESS_OR_EQUAL -> x <= y;
                    case GREATER -> x > y;
                    case GREATER_OR_EQUAL -> x >= y;
                    default -> CesqlArithmetic.of(this, x, y);
                };
            }
        };
    }

    /** Section 3.7: of an operator that several types have, the right operand's type decides, and the left one is cast to it. */
    private static boolean isEqual(Object left, Object right) {
        return CesqlValue.cast(left, right).equals(right);
    }
}
