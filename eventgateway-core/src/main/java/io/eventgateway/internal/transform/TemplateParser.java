package io.eventgateway.internal.transform;

import io.eventgateway.error.InvalidTransformException;
import io.eventgateway.internal.filter.Positions;
import io.eventgateway.internal.transform.Template.Piece;
import io.eventgateway.internal.transform.Template.Way;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Reads a template into its pieces. */
final class TemplateParser {
    private static final JsonMapper STRICT = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final Pattern QUOTED_LINE = Pattern.compile("[ \\t\\r]*+\"(?:[^\"\\\\\\n]|\\\\.)*+\"[ \\t\\r]*+");

    /** What a template makes, and how it is written. */
    enum Kind {
        /** JSON, as it is written. */
        JSON,
        /** Text, as it is written. */
        TEXT,
        /** Text of several lines, each of which is written as a JSON string. */
        QUOTED_LINES;

        static Kind of(String text) {
            String trimmed = text.strip();
            if (trimmed.indexOf('\n') > 0 && trimmed.startsWith("\"") && isQuotedLines(trimmed)) {
                return QUOTED_LINES;
            }
            boolean sole = trimmed.startsWith("<") && trimmed.indexOf('>') == trimmed.length() - 1;
            return sole || (!trimmed.isEmpty() && "{[\"".indexOf(trimmed.charAt(0)) >= 0) ? JSON : TEXT;
        }

        private static boolean isQuotedLines(String text) {
            return text.lines()
                    .allMatch(
                            line -> line.isBlank() || QUOTED_LINE.matcher(line).matches());
        }
    }

    private final String language;
    private final String text;
    private final Map<String, Value> values;
    private final Kind kind;
    private final List<Piece> pieces = new ArrayList<>();
    private final StringBuilder literal = new StringBuilder();
    /**
     * The template with something valid of the same length in the place of each placeholder. That is an object outside of quotes,
     * because it is valid where every value is, and nothing before or after it makes another value of it.
     */
    private final StringBuilder sample = new StringBuilder();

    /** The names of the placeholders outside of quotes by where they begin. */
    private final Map<Integer, String> unquoted = new HashMap<>();

    private boolean quoted;
    private int at;

    TemplateParser(String language, String text, Map<String, Value> values, Kind kind) {
        this.language = language;
        this.text = text;
        this.values = values;
        this.kind = kind;
    }

    Template template() {
        if (text.length() > Template.MAX_TEXT) {
            throw refused(0, "found " + text.length() + " characters; accepted are at most " + Template.MAX_TEXT);
        }
        int end = kind == Kind.QUOTED_LINES ? text.stripTrailing().length() : text.length();
        at = kind == Kind.QUOTED_LINES ? text.length() - text.stripLeading().length() : 0;
        while (at < end) {
            step(text.charAt(at));
        }
        endLiteral();
        if (kind == Kind.JSON) {
            checkJson();
        }
        return new Template(pieces, kind == Kind.JSON);
    }

    private void step(char next) {
        char after = at + 1 < text.length() ? text.charAt(at + 1) : 0;
        if (next == '\\' && (after == '<' || after == '>') && (quoted || kind != Kind.JSON)) {
            literal.append(after);
            sample.append("xx");
            at += 2;
        } else if (next == '<') {
            placeholder();
        } else if (kind == Kind.QUOTED_LINES) {
            stepInLines(next, after);
        } else if (next == '\\' && quoted && after != 0) {
            literal.append(next).append(after);
            sample.append(next).append(after);
            at += 2;
        } else {
            quoted ^= kind == Kind.JSON && next == '"';
            literal.append(next);
            sample.append(next);
            at++;
        }
    }

    private void stepInLines(char next, char after) {
        if (next == '\\') {
            int end = after == '"' ? at + 2 : JsonEscapes.append(text, at, literal);
            if (end < 0) {
                throw refused(at, "found '\\' that begins no escape of JSON (RFC 8259, section 7)");
            }
            literal.append(after == '"' ? "\"" : "");
            at = end;
            return;
        }
        if (next == '"') {
            quoted = !quoted;
        } else if (quoted || next == '\n') {
            literal.append(next);
        }
        at++;
    }

    private void placeholder() {
        int end = text.indexOf('>', at);
        String name = end < 0 ? "" : text.substring(at + 1, end);
        Value value = values.get(name);
        if (value == null) {
            throw refused(
                    at,
                    "found " + (end < 0 ? "'<' without '>'" : "the placeholder '<" + name + ">'")
                            + "; accepted are '\\<' for the character itself, and the placeholders "
                            + values.keySet().stream()
                                    .sorted()
                                    .map(each -> "<" + each + ">")
                                    .toList());
        }
        endLiteral();
        pieces.add(new Piece("", value, kind != Kind.JSON ? Way.AS_TEXT : quoted ? Way.IN_QUOTES : Way.AS_JSON));
        if (quoted) {
            sample.append("x".repeat(end + 1 - at));
        } else {
            unquoted.put(at, name);
            sample.append("{}").append(" ".repeat(end - at - 1));
        }
        at = end + 1;
    }

    private void endLiteral() {
        if (!literal.isEmpty()) {
            pieces.add(new Piece(literal.toString(), null, Way.FIXED));
            literal.setLength(0);
        }
    }

    private void checkJson() {
        try {
            STRICT.readTree(sample.toString());
        } catch (JacksonException e) {
            TokenStreamLocation location = e.getLocation();
            int offset = location == null ? 0 : offset(location.getLineNr(), location.getColumnNr());
            String placeholder = unquoted.get(offset);
            throw new InvalidTransformException(
                    language,
                    Positions.of(text, offset),
                    (placeholder == null
                                    ? "found no valid JSON with a value in place of each placeholder: "
                                            + e.getOriginalMessage()
                                    : "found the placeholder '<" + placeholder + ">' where no JSON value can be")
                            + "; a template that begins with '{', '[' or '\"' has to be JSON",
                    e);
        }
    }

    private int offset(int line, int column) {
        int begin = 0;
        for (int i = 1; i < line; i++) {
            begin = text.indexOf('\n', begin) + 1;
        }
        return Math.min(text.length(), begin + Math.max(0, column - 1));
    }

    private InvalidTransformException refused(int offset, String problem) {
        return new InvalidTransformException(language, Positions.of(text, offset), problem, null);
    }
}
