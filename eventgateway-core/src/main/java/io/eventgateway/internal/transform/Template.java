package io.eventgateway.internal.transform;

import io.eventgateway.DataConversionException;
import io.eventgateway.Event;
import io.eventgateway.InvalidTransformException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.io.JsonStringEncoder;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.ByteArrayBuilder;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * An EventBridge input template: text with placeholders, {@code <name>}, for what paths find in an event.
 *
 * <p>A template that begins as a JSON object, array or string, or is one placeholder, makes JSON. There a placeholder outside of
 * quotes stands for the value as JSON, null when it is missing; one inside of quotes for its text, escaped, and for nothing when
 * it is missing. Any other template makes text. {@code \<} and {@code \>} stand for the characters themselves.
 */
final class Template implements Shaper {
    static final String LANGUAGE = "template";
    static final int MAX_TEXT = 65_536;
    /** Characters of what a template makes, so that a large value in many places can't fill the memory. */
    static final int MAX_RESULT = 16 * 1024 * 1024;

    private static final JsonMapper STRICT = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    /** Writes the values between what is fixed, each as if it were a document of its own. */
    private static final JsonMapper WRITER = JsonMapper.builder(
                    JsonFactory.builder().rootValueSeparator((String) null).build())
            .build();

    /** What stands in the template: fixed text, or a value in one of three ways. */
    private record Piece(String text, @Nullable Value value, Way way) {
        /** What it stands for in an event: a String or a JSON node; null when that is missing, or it is fixed. */
        @Nullable Object find(Event event, Scope scope) {
            try {
                return value == null ? null : value.of(event, scope);
            } catch (DataConversionException e) {
                throw new Failed("path '" + value + "': " + e.getMessage(), e);
            }
        }
    }

    private enum Way {
        FIXED,
        AS_JSON,
        IN_QUOTES,
        AS_TEXT
    }

    private final List<Piece> pieces;
    private final boolean json;
    private final int fixed;

    private Template(List<Piece> pieces, boolean json) {
        this.pieces = List.copyOf(pieces);
        this.json = json;
        this.fixed = pieces.stream().mapToInt(piece -> piece.text().length()).sum();
    }

    /** A template whose kind its beginning tells. */
    static Template parse(String text, Map<String, Value> values) {
        String trimmed = text.strip();
        boolean sole = trimmed.startsWith("<") && trimmed.indexOf('>') == trimmed.length() - 1;
        boolean json = sole || (!trimmed.isEmpty() && "{[\"".indexOf(trimmed.charAt(0)) >= 0);
        return new Parser(LANGUAGE, text, values, json).template();
    }

    /** A template that makes text. */
    static Template parseText(String language, String text, Map<String, Value> values) {
        return new Parser(language, text, values, false).template();
    }

    private static final class Parser {
        private final String language;
        private final String text;
        private final Map<String, Value> values;
        private final boolean json;
        private final List<Piece> pieces = new ArrayList<>();
        private final StringBuilder literal = new StringBuilder();
        /** The template with something valid of the same length in the place of each placeholder. */
        private final StringBuilder sample = new StringBuilder();

        private boolean quoted;
        private int at;

        Parser(String language, String text, Map<String, Value> values, boolean json) {
            this.language = language;
            this.text = text;
            this.values = values;
            this.json = json;
        }

        Template template() {
            if (text.length() > MAX_TEXT) {
                throw refused(0, "found " + text.length() + " characters; accepted are at most " + MAX_TEXT);
            }
            while (at < text.length()) {
                step(text.charAt(at));
            }
            endLiteral();
            if (json) {
                checkJson();
            }
            return new Template(pieces, json);
        }

        private void step(char next) {
            char after = at + 1 < text.length() ? text.charAt(at + 1) : 0;
            if (next == '\\' && (after == '<' || after == '>') && (quoted || !json)) {
                literal.append(after);
                sample.append("xx");
                at += 2;
            } else if (next == '\\' && quoted && after != 0) {
                literal.append(next).append(after);
                sample.append(next).append(after);
                at += 2;
            } else if (next == '<') {
                placeholder();
            } else {
                quoted ^= json && next == '"';
                literal.append(next);
                sample.append(next);
                at++;
            }
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
            pieces.add(new Piece("", value, !json ? Way.AS_TEXT : quoted ? Way.IN_QUOTES : Way.AS_JSON));
            sample.append(quoted ? "x" : "0").append((quoted ? "x" : " ").repeat(end - at));
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
                throw new InvalidTransformException(
                        language,
                        location == null
                                ? "line 1, column 1"
                                : "line " + location.getLineNr() + ", column " + location.getColumnNr(),
                        "found no valid JSON with a value in place of each placeholder: " + e.getOriginalMessage()
                                + "; a template that begins with '{', '[' or '\"' has to be JSON",
                        e);
            }
        }

        private InvalidTransformException refused(int offset, String problem) {
            return new InvalidTransformException(language, Positions.of(text, offset), problem, null);
        }
    }

    @Override
    public Shaped shape(Event event, Scope scope) {
        return json
                ? new Shaped(renderJson(event, scope), "application/json")
                : new Shaped(render(event, scope), "text/plain; charset=utf-8");
    }

    private byte[] renderJson(Event event, Scope scope) {
        try (ByteArrayBuilder out = new ByteArrayBuilder(fixed + 32 * pieces.size());
                JsonGenerator json = WRITER.createGenerator(out)) {
            for (Piece piece : pieces) {
                Object found = piece.find(event, scope);
                if (piece.way() == Way.FIXED) {
                    json.writeRaw(piece.text());
                } else if (piece.way() == Way.IN_QUOTES) {
                    json.writeRaw(new String(JsonStringEncoder.getInstance().quoteAsCharArray(text(found))));
                } else if (found instanceof String text) {
                    json.writeString(text);
                } else {
                    json.writePOJO(found);
                }
                check(out.size() + json.streamWriteOutputBuffered());
            }
            json.flush();
            return out.toByteArray();
        }
    }

    String render(Event event, Scope scope) {
        StringBuilder out = new StringBuilder(fixed + 32 * pieces.size());
        for (Piece piece : pieces) {
            out.append(piece.way() == Way.FIXED ? piece.text() : text(piece.find(event, scope)));
            check(out.length());
        }
        return out.toString();
    }

    private static void check(int size) {
        if (size > MAX_RESULT) {
            throw new Failed("the template makes more than " + MAX_RESULT + " characters of this event");
        }
    }

    /** A value as text, which is nothing when it is missing. */
    private static String text(@Nullable Object found) {
        if (found == null) {
            return "";
        }
        return found instanceof JsonNode node && node.isString() ? node.stringValue() : found.toString();
    }
}
