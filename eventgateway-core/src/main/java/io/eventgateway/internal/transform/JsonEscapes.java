package io.eventgateway.internal.transform;

/** The escapes of strings that JSON (RFC 8259, section 7) and JSONPath (RFC 9535, section 2.3.1.2) share, but for those of quotes. */
final class JsonEscapes {
    /** The letter of an escape and, at the same index of the other, what it stands for. */
    private static final String LETTERS = "bfnrt/\\";

    private static final String MEANINGS = "\b\f\n\r\t/\\";

    private JsonEscapes() {}

    /**
     * Appends what an escape stands for.
     *
     * @param at where its backslash is
     * @return where it ends; -1 if it is none, or half of a surrogate pair
     */
    static int append(String text, int at, StringBuilder to) {
        if (at + 1 >= text.length()) {
            return -1;
        }
        int letter = LETTERS.indexOf(text.charAt(at + 1));
        if (letter >= 0) {
            to.append(MEANINGS.charAt(letter));
            return at + 2;
        }
        int first = codeUnit(text, at);
        if (first < 0 || Character.isLowSurrogate((char) first)) {
            return -1;
        }
        if (!Character.isHighSurrogate((char) first)) {
            to.append((char) first);
            return at + 6;
        }
        int second = codeUnit(text, at + 6);
        if (second < 0 || !Character.isLowSurrogate((char) second)) {
            return -1;
        }
        to.append((char) first).append((char) second);
        return at + 12;
    }

    private static int codeUnit(String text, int at) {
        if (!text.startsWith("\\u", at) || at + 6 > text.length()) {
            return -1;
        }
        int unit = 0;
        for (int i = at + 2; i < at + 6; i++) {
            char letter = text.charAt(i);
            int digit = letter > 'f' ? -1 : Character.digit(letter, 16); // ASCII only
            if (digit < 0) {
                return -1;
            }
            unit = 16 * unit + digit;
        }
        return unit;
    }
}
