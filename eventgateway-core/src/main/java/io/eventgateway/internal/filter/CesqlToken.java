package io.eventgateway.internal.filter;

/**
 * A token of a CESQL expression.
 *
 * @param text what it says: of a string what is between its quotes without their escapes, of a word the word as it is written
 * @param begin the offset of its first character
 * @param end the offset after its last character
 */
record CesqlToken(Kind kind, String text, int begin, int end) {
    enum Kind {
        /** Letters, digits and underscores: a keyword, an attribute, a function or an integer without a sign. */
        WORD,
        STRING,
        /** An operator, a parenthesis or a comma. */
        SYMBOL,
        END
    }

    boolean isSymbol(String symbol) {
        return kind == Kind.SYMBOL && text.equals(symbol);
    }

    /** Returns whether it is a keyword; CESQL 1.0, section 2: case makes no difference. */
    boolean isKeyword(String keyword) {
        return kind == Kind.WORD && text.equalsIgnoreCase(keyword);
    }

    /** Returns whether it consists of digits. */
    boolean isInteger() {
        return kind == Kind.WORD && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /** Describes it for a refusal. */
    String shown() {
        return switch (kind) {
            case END -> "the end";
            case STRING -> "a string";
            default -> "'" + text + "'";
        };
    }
}
