package io.eventgateway.jsonschema;

/** Texts that are cut where they are too long to be read. */
final class Cut {
    static final int SHORT = 100;
    static final int LONG = 200;

    private Cut() {}

    /** A text of at most so many characters, which ends in dots when there were more. */
    static String to(String text, int length) {
        if (text.length() <= length) {
            return text;
        }
        int end = length - 1;
        return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end) + "…";
    }
}
