package io.eventgateway.internal.http;

import java.util.Locale;

/** A text that a client chose, as messages and logs show it: printable ASCII of bounded length. */
public final class ShownText {
    private static final int LONGEST = 200;

    private ShownText() {}

    /**
     * The text with an escape such as {@code \}{@code u202E} in place of everything but printable ASCII, so that no control
     * character, line separator or mark of direction reaches a log; of a long text the beginning, and its length.
     */
    public static String of(String text) {
        if (text.length() <= LONGEST && isPlain(text)) {
            return text;
        }
        StringBuilder shown = new StringBuilder();
        int kept = Math.min(text.length(), LONGEST);
        for (int i = 0; i < kept; i++) {
            char c = text.charAt(i);
            if (isPrintable(c)) {
                shown.append(c);
            } else {
                shown.append(String.format(Locale.ROOT, "\\u%04X", (int) c));
            }
        }
        return kept == text.length()
                ? shown.toString()
                : shown.append("... (")
                        .append(text.length())
                        .append(" characters)")
                        .toString();
    }

    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isPrintable(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isPrintable(char c) {
        return c >= ' ' && c < 0x7f;
    }
}
