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
     * The text as it may be kept and logged: line breaks and tabs become spaces, every other control character, format
     * character (marks that change the direction of text, and what takes no room) and half of a character becomes U+FFFD, and what is beyond {@link #LONGEST} characters is left out,
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
            return index + 1 < text.length() && showsPair(at, text.charAt(index + 1));
        }
        if (Character.isLowSurrogate(at)) {
            return index > 0 && showsPair(text.charAt(index - 1), at);
        }
        return !Character.isISOControl(at) && !isBlank(at) && Character.getType(at) != Character.FORMAT;
    }

    private static boolean showsPair(char high, char low) {
        return Character.isSurrogatePair(high, low)
                && Character.getType(Character.toCodePoint(high, low)) != Character.FORMAT;
    }
}
