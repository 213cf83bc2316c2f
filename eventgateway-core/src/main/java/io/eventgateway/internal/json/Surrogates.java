package io.eventgateway.internal.json;

import java.util.Locale;

/** Texts of whole characters: half of a surrogate pair has no form in UTF-8, so that a text with one is another after it was stored. */
public final class Surrogates {
    /** What refusals say would be accepted. */
    public static final String ACCEPTED = "text of whole characters, which UTF-8 has a form for";

    private Surrogates() {}

    /** The place of the first half of a pair that stands alone; negative when there is none. */
    public static int firstLone(String text) {
        boolean afterHigh = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (afterHigh != Character.isLowSurrogate(c)) {
                return afterHigh ? i - 1 : i;
            }
            afterHigh = Character.isHighSurrogate(c);
        }
        if (afterHigh) {
            return text.length() - 1;
        }
        return -1;
    }

    /** Describes what was found at a place. */
    public static String at(String text, int place) {
        return String.format(
                Locale.ROOT, "half of a surrogate pair (U+%04X) at character %d", (int) text.charAt(place), place);
    }
}
