package io.eventgateway.internal.event;

import org.jspecify.annotations.Nullable;

/**
 * The text of a failure, in which foreign code and servers have a say: of bounded length, and on one line of characters that show.
 * Dead letters, attempts, system events and logs all take their messages from it.
 */
public final class FailureText {
    /** The most characters that a text has. */
    public static final int LONGEST = 1_000;

    private static final char REPLACEMENT = '\uFFFD';

    private FailureText() {}

    /**
     * The text as it may be kept and logged: line breaks and tabs become spaces, every other control character, invisible
     * character of format, such as a mark that changes the direction of text, and half of a character becomes U+FFFD, and what is beyond {@link #LONGEST} characters is left out,
     * which its end says. A text that is already so is returned as it is; null becomes the empty text.
     */
    public static String of(@Nullable String text) {
        if (text == null) {
            return "";
        }
        if (text.length() <= LONGEST) {
            return cleaned(text);
        }
        String end = "... (" + text.length() + " characters)";
        int kept = LONGEST - end.length();
        if (Character.isHighSurrogate(text.charAt(kept - 1))) {
            kept--;
        }
        return cleaned(text.substring(0, kept)) + end;
    }

    /** The whole text, however long, with every character that {@link #of} replaces replaced. */
    static String shown(String text) {
        return cleaned(text);
    }

    private static String cleaned(String text) {
        int first = 0;
        while (first < text.length() && shows(text, first)) {
            first++;
        }
        if (first == text.length()) {
            return text;
        }
        StringBuilder clean = new StringBuilder(text);
        for (int i = first; i < text.length(); i++) {
            if (!shows(text, i)) {
                clean.setCharAt(i, isBlank(text.charAt(i)) ? ' ' : REPLACEMENT);
            }
        }
        return clean.toString();
    }

    private static boolean isBlank(char at) {
        return at == '\n' || at == '\r' || at == '\t' || at == '\u2028' || at == '\u2029';
    }

    private static boolean shows(String text, int index) {
        char at = text.charAt(index);
        if (at < 0x7F) {
            return at >= ' ';
        }
        if (Character.isHighSurrogate(at)) {
            return index + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(index + 1))
                    && !isFormat(text.codePointAt(index));
        }
        if (Character.isLowSurrogate(at)) {
            return index > 0
                    && Character.isHighSurrogate(text.charAt(index - 1))
                    && !isFormat(text.codePointAt(index - 1));
        }
        return !Character.isISOControl(at) && !isBlank(at) && !isFormat(at);
    }

    /**
     * The characters with which text pretends to be other text: marks of direction (Unicode Standard Annex 9, section 2),
     * invisible characters and tags. The joiners are not among them, without which some scripts and emoji can't be written.
     */
    private static boolean isFormat(int codePoint) {
        return Character.getType(codePoint) == Character.FORMAT && codePoint != 0x200C && codePoint != 0x200D;
    }
}
