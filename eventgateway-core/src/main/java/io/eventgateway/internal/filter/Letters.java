package io.eventgateway.internal.filter;

/** Texts without the case of their letters. */
final class Letters {
    private Letters() {}

    /** What two texts have in common exactly if {@link String#equalsIgnoreCase} holds for them; often the text itself. */
    static String folded(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (folded(text.charAt(i)) != text.charAt(i)) {
                char[] chars = text.toCharArray();
                for (int j = i; j < chars.length; j++) {
                    chars[j] = folded(chars[j]);
                }
                return new String(chars);
            }
        }
        return text;
    }

    private static char folded(char c) {
        if (c < 128) {
            return c >= 'A' && c <= 'Z' ? (char) (c + 32) : c;
        }
        return Character.toLowerCase(Character.toUpperCase(c));
    }
}
