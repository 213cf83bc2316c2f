package io.eventgateway.internal.describe;

import java.util.stream.Collectors;

/** Text in XML 1.0, which has no form for some characters. */
final class XmlText {
    private static final int REPLACEMENT = 0xFFFD;

    private XmlText() {}

    /** The character, or the replacement character for one that XML does not have (XML 1.0, section 2.2). */
    static int valid(int c) {
        boolean isValid = c == '\t'
                || c == '\n'
                || c == '\r'
                || (c >= 0x20 && c <= 0xD7FF)
                || (c >= 0xE000 && c <= 0xFFFD)
                || c >= 0x10000;
        return isValid ? c : REPLACEMENT;
    }

    static String escaped(String text) {
        return text.codePoints()
                .mapToObj(c -> switch (c) {
                    case '&' -> "&amp;";
                    case '<' -> "&lt;";
                    case '>' -> "&gt;";
                    case '"' -> "&quot;";
                    case '\'' -> "&#39;";
                    case '\t', '\n', '\r' -> " ";
                    default -> Character.toString(valid(c));
                })
                .collect(Collectors.joining());
    }
}
