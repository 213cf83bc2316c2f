package io.eventgateway.internal.filter;

import org.jspecify.annotations.Nullable;

/**
 * A text that is looked for in others.
 *
 * <p>The search of the JDK is fast for what people write, and takes the product of both lengths for texts that were made to slow it
 * down. Long texts are therefore looked for as Knuth, Morris and Pratt do ("Fast Pattern Matching in Strings", 1977), in time
 * linear in the length of the other text.
 */
final class Needle {
    private static final int LONG = 32;

    private final String text;
    /** How much of the text's beginning ends at each place; null for a text that is not long. */
    private final int @Nullable [] borders;

    Needle(String text) {
        this.text = text;
        this.borders = text.length() < LONG ? null : borders(text);
    }

    private static int[] borders(String text) {
        int[] borders = new int[text.length()];
        int border = 0;
        for (int i = 1; i < text.length(); i++) {
            while (border > 0 && text.charAt(i) != text.charAt(border)) {
                border = borders[border - 1];
            }
            if (text.charAt(i) == text.charAt(border)) {
                border++;
            }
            borders[i] = border;
        }
        return borders;
    }

    String text() {
        return text;
    }

    int length() {
        return text.length();
    }

    /** The first place at or after another one where a text has it; negative when there is none. */
    int indexIn(String haystack, int from) {
        if (borders == null) {
            return haystack.indexOf(text, from);
        }
        int seen = 0;
        for (int i = from; i < haystack.length(); i++) {
            char c = haystack.charAt(i);
            while (seen > 0 && c != text.charAt(seen)) {
                seen = borders[seen - 1];
            }
            if (c == text.charAt(seen)) {
                seen++;
            }
            if (seen == text.length()) {
                return i - seen + 1;
            }
        }
        return -1;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Needle that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
