package io.eventgateway.internal.json;

import java.util.Locale;

/**
 * Texts in upper and lower case, by the rules of no language, in time that is linear in their length: {@link String} moves what it has
 * made for every letter whose other case has another length.
 */
public final class LetterCase {
    /** Chars that are converted at a time, which bounds how much is moved for one letter. */
    private static final int PIECE = 256;
    /** I with a dot above: the only letter whose lower case is longer, in chars, when no language is given. */
    private static final String DOTTED_I = "\u0130";

    private LetterCase() {}

    /** The text in upper case, as {@link String#toUpperCase(Locale)} of {@link Locale#ROOT} has it, where no letter depends on others. */
    public static String upper(String text) {
        if (text.length() <= PIECE) {
            return text.toUpperCase(Locale.ROOT);
        }
        StringBuilder upper = new StringBuilder(text.length());
        for (int from = 0; from < text.length(); ) {
            int to = Math.min(text.length(), from + PIECE);
            if (to < text.length() && Character.isHighSurrogate(text.charAt(to - 1))) {
                to++;
            }
            upper.append(text.substring(from, to).toUpperCase(Locale.ROOT));
            from = to;
        }
        return upper.toString();
    }

    /** The text in lower case, as {@link String#toLowerCase(Locale)} of {@link Locale#ROOT} has it. */
    public static String lower(String text) {
        return text.replace(DOTTED_I, "i\u0307").toLowerCase(Locale.ROOT);
    }
}
