package io.eventgateway.internal.filter;

/** Texts without the case of their letters. */
final class Letters {
    private Letters() {}

    /**
     * What two texts have in common exactly if {@link String#equalsIgnoreCase} holds for them; often the text itself. Both take a letter
     * beyond the basic plane, which is two chars, for one.
     */
    static String folded(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) || folded(c) != c) {
                return text.codePoints()
                        .map(Letters::folded)
                        .collect(
                                () -> new StringBuilder(text.length()),
                                StringBuilder::appendCodePoint,
                                StringBuilder::append)
                        .toString();
            }
        }
        return text;
    }

    private static int folded(int c) {
        if (c < 128) {
            return c >= 'A' && c <= 'Z' ? c + 32 : c;
        }
        return Character.toLowerCase(Character.toUpperCase(c));
    }
}
