package io.eventgateway.internal.filter;

/** Where something is in a text, as people count. */
public final class Positions {
    private Positions() {}

    /** The line and the column of an offset, each from 1. */
    public static String of(String text, int offset) {
        int end = Math.max(0, Math.min(offset, text.length()));
        int line = 1;
        int begin = 0;
        for (int i = 0; i < end; i++) {
            if (text.charAt(i) == '\n') {
                line++;
                begin = i + 1;
            }
        }
        return "line " + line + ", column " + (end - begin + 1);
    }
}
