package io.eventgateway.internal.transform;

import io.eventgateway.Event;
import io.eventgateway.error.DataConversionException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.io.JsonStringEncoder;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.ByteArrayBuilder;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * An EventBridge input template: text with placeholders, {@code <name>}, for what paths find in an event.
 *
 * <p>A template that begins as a JSON object, array or string, or is one placeholder, makes JSON. There a placeholder outside of
 * quotes stands for the value as JSON, null when it is missing; one inside of quotes for its text, escaped, and for nothing when
 * it is missing. Any other template makes text, and so do several lines that are a JSON string each. {@code \<} and {@code \>} stand
 * for the characters themselves.
 */
final class Template implements Shaper {
    static final String LANGUAGE = "template";
    static final int MAX_TEXT = 65_536;
    /** Characters of what a template makes, so that a large value in many places can't fill the memory. */
    static final int MAX_RESULT = 16 * 1024 * 1024;

    /** Writes the values between what is fixed, each as if it were a document of its own, numbers as they were read. */
    private static final JsonMapper WRITER = JsonMapper.builder(
                    JsonFactory.builder().rootValueSeparator((String) null).build())
            .build();

    /** What stands in the template: fixed text, or a value in one of three ways. */
    record Piece(String text, @Nullable Value value, Way way) {
        /** What it stands for in an event: a String or a JSON node; null when that is missing, or it is fixed. */
        @Nullable Object find(Event event, Scope scope) {
            try {
                return value == null ? null : value.of(event, scope);
            } catch (DataConversionException e) {
                throw new Failed("path '" + value + "': " + e.getMessage(), e);
            }
        }
    }

    enum Way {
        FIXED,
        AS_JSON,
        IN_QUOTES,
        AS_TEXT
    }

    private final List<Piece> pieces;
    private final boolean json;
    private final int fixed;

    Template(List<Piece> pieces, boolean json) {
        this.pieces = List.copyOf(pieces);
        this.json = json;
        this.fixed = pieces.stream().mapToInt(piece -> piece.text().length()).sum();
    }

    /** A template whose kind its beginning tells. */
    static Template parse(String text, Map<String, Value> values) {
        return new TemplateParser(LANGUAGE, text, values, TemplateParser.Kind.of(text)).template();
    }

    /** A template that makes text. */
    static Template parseText(String language, String text, Map<String, Value> values) {
        return new TemplateParser(language, text, values, TemplateParser.Kind.TEXT).template();
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
                    json.writeRaw(quoted(text(found)));
                } else if (found instanceof String text) {
                    json.writeString(text);
                } else {
                    json.writePOJO(found);
                }
                check(out.size() + json.streamWriteOutputBuffered());
            }
            json.flush();
            return out.toByteArray();
        } catch (JacksonException e) {
            throw unwritable(e);
        }
    }

    /** A text as it stands between quotes. Half of a surrogate pair, which JSON may have as an escape, is written as one. */
    private static String quoted(String text) {
        String quoted = new String(JsonStringEncoder.getInstance().quoteAsCharArray(text));
        StringBuilder escaped = null;
        for (int i = 0; i < quoted.length(); i++) {
            char c = quoted.charAt(i);
            boolean paired = Character.isHighSurrogate(c)
                    && i + 1 < quoted.length()
                    && Character.isLowSurrogate(quoted.charAt(i + 1));
            if (Character.isSurrogate(c) && !paired) {
                escaped = escaped == null ? new StringBuilder(quoted.substring(0, i)) : escaped;
                escaped.append(String.format("\\u%04X", (int) c));
            } else if (escaped != null) {
                escaped.append(c);
            }
            if (paired) {
                i++;
                if (escaped != null) {
                    escaped.append(quoted.charAt(i));
                }
            }
        }
        return escaped == null ? quoted : escaped.toString();
    }

    /** What the template makes of every event, in one text. */
    String fixedText() {
        return pieces.stream().map(Piece::text).collect(Collectors.joining());
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
        try {
            return found instanceof JsonNode node && node.isString() ? node.stringValue() : found.toString();
        } catch (JacksonException e) {
            throw unwritable(e);
        }
    }

    /** Jackson's own bounds, such as that of nesting, hold for a value that was not read as JSON. */
    private static Failed unwritable(JacksonException e) {
        return new Failed("a value can't be written as JSON: " + e.getOriginalMessage(), e);
    }
}
