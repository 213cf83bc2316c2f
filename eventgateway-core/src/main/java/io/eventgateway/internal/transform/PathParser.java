package io.eventgateway.internal.transform;

import io.eventgateway.error.InvalidTransformException;
import io.eventgateway.internal.filter.Positions;
import io.eventgateway.internal.transform.EventPath.Step;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a path as RFC 9535, section 2, writes the segments of it that there are here. Names after a dot may have {@code -} and {@code
 * /} too, as those of EventBridge.
 */
final class PathParser {
    static final int MAX_TEXT = 1_024;
    private static final int MAX_DIGITS = 9;
    private static final String SELECTORS = "a name in quotes, an index from 0 on, or '*'";

    private final String language;
    private final @Nullable String place;
    private final String text;
    private int at;

    PathParser(String language, @Nullable String place, String text) {
        this.language = language;
        this.place = place;
        this.text = text;
    }

    EventPath path() {
        if (text.length() > MAX_TEXT) {
            throw refused("found " + text.length() + " characters; accepted are at most " + MAX_TEXT);
        }
        if (!text.startsWith("$")) {
            throw refused("found '" + text + "'; accepted is a path that begins with '$', such as $.data.user.id");
        }
        at = 1;
        List<Step> steps = new ArrayList<>();
        while (at < text.length()) {
            skipBlanks();
            steps.add(next() == '.' ? dotted() : bracketed());
        }
        return new EventPath(text, steps);
    }

    /** The next character; 0 at the end, which no path has in it. */
    private char next() {
        return at < text.length() ? text.charAt(at) : 0;
    }

    private void skipBlanks() {
        while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private Step dotted() {
        int start = ++at;
        if (next() == '*') {
            at++;
            return new Step.Every();
        }
        while (at < text.length() && isNamePart(text.codePointAt(at), at == start)) {
            at += Character.charCount(text.codePointAt(at));
        }
        if (at == start) {
            throw unexpected(
                    "a name of letters, digits, '_', '-' and '/' after '.', which begins with a letter or '_', or"
                            + " '*'; other names go in ['...']");
        }
        return new Step.Member(text.substring(start, at));
    }

    private static boolean isNamePart(int letter, boolean first) {
        if (letter >= 0x80) {
            return letter > 0xFFFF || !Character.isSurrogate((char) letter);
        }
        boolean begins = (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || letter == '_';
        return begins || (!first && ((letter >= '0' && letter <= '9') || letter == '-' || letter == '/'));
    }

    private Step bracketed() {
        if (next() != '[') {
            throw unexpected("'.name', '.*', ['name'], [0] or [*]");
        }
        at++;
        skipBlanks();
        Step step = selector();
        skipBlanks();
        if (next() != ']') {
            throw unexpected("']' after one selector");
        }
        at++;
        return step;
    }

    private Step selector() {
        char first = next();
        if (first == '\'' || first == '"') {
            return new Step.Member(string(first));
        }
        if (first == '*') {
            at++;
            return new Step.Every();
        }
        return new Step.Element(index());
    }

    private int index() {
        int start = at;
        while (next() >= '0' && next() <= '9') {
            at++;
        }
        boolean leadingZero = at - start > 1 && text.charAt(start) == '0';
        if (at == start || leadingZero || at - start > MAX_DIGITS) {
            at = start;
            throw unexpected(SELECTORS + (next() == '-' ? "; an index does not count from the end" : ""));
        }
        return Integer.parseInt(text, start, at, 10);
    }

    private String string(char quote) {
        StringBuilder name = new StringBuilder();
        at++;
        while (next() != quote) {
            char letter = next();
            if (letter == '\\' && text.startsWith(String.valueOf(quote), at + 1)) {
                name.append(quote);
                at += 2;
            } else if (letter == '\\') {
                int end = JsonEscapes.append(text, at, name);
                if (end < 0) {
                    throw unexpected("an escape \\" + quote
                            + ", \\\\, \\/, \\b, \\f, \\n, \\r, \\t or \\uXXXX, surrogates in" + " pairs");
                }
                at = end;
            } else {
                int point = at < text.length() ? text.codePointAt(at) : 0;
                if (point < ' ' || (point <= 0xFFFF && Character.isSurrogate((char) point))) {
                    throw unexpected(
                            "a character of a name in quotes, control characters escaped, and its end " + quote);
                }
                name.appendCodePoint(point);
                at += Character.charCount(point);
            }
        }
        at++;
        return name.toString();
    }

    private InvalidTransformException unexpected(String accepted) {
        String found = at >= text.length()
                ? "the end"
                : next() < ' '
                        ? String.format("U+%04X", (int) next())
                        : "'" + Character.toString(text.codePointAt(at)) + "'";
        return refused("found " + found + " in '" + text + "'; accepted is " + accepted);
    }

    private InvalidTransformException refused(String problem) {
        String column = Positions.of(text, at);
        return new InvalidTransformException(language, place == null ? column : place, problem, null);
    }
}
