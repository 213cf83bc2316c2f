package io.eventgateway.internal.filter;

import io.eventgateway.InvalidFilterException;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A place in the JSON text of a filter: its value, and the pointer (RFC 6901) that names it in a refusal. */
record Source(String language, String pointer, JsonNode value) {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS, DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final int LONGEST_EXCERPT = 60;

    /**
     * The JSON text of a filter.
     *
     * @throws InvalidFilterException if it is not valid JSON, has a member twice, or is longer or deeper than allowed
     */
    static Source parse(String language, String text) {
        notTooLong(language, "line 1, column 1", text, Limits.MAX_TEXT);
        try {
            return new Source(language, "", JSON.readTree(text)).notTooDeep(1);
        } catch (JacksonException e) {
            TokenStreamLocation at = e.getLocation();
            throw new InvalidFilterException(
                    language,
                    at == null ? "line 1, column 1" : "line " + at.getLineNr() + ", column " + at.getColumnNr(),
                    "found no valid JSON: " + e.getOriginalMessage(),
                    e);
        }
    }

    /** A filter that is JSON already. What was accepted as text is accepted again, though its numbers may be longer now. */
    static Source of(String language, JsonNode value) {
        Source source = new Source(language, "", value).notTooDeep(1);
        notTooLong(language, "the top", value.toString(), 2 * Limits.MAX_TEXT);
        return source;
    }

    private static void notTooLong(String language, String position, String text, int most) {
        if (text.length() > most) {
            throw new InvalidFilterException(
                    language,
                    position,
                    "found " + text.length() + " characters; at most " + most + " are accepted",
                    null);
        }
    }

    private Source notTooDeep(int depth) {
        if (depth > Limits.MAX_DEPTH) {
            throw refused("JSON nested deeper than " + Limits.MAX_DEPTH + " levels", "less");
        }
        if (value.isContainer()) {
            each((name, below) -> below.notTooDeep(depth + 1));
        }
        return this;
    }

    /** What sees a member or an element. */
    @FunctionalInterface
    interface Visitor {
        void visit(String name, Source below);
    }

    /** Shows the members of an object, or the elements of an array, in their order. */
    void each(Visitor visitor) {
        if (value.isArray()) {
            int index = 0;
            for (JsonNode element : value) {
                visitor.visit(Integer.toString(index), at(Integer.toString(index), element));
                index++;
            }
            return;
        }
        for (Map.Entry<String, JsonNode> member : value.properties()) {
            visitor.visit(member.getKey(), at(member.getKey(), member.getValue()));
        }
    }

    private Source at(String name, JsonNode below) {
        return new Source(language, pointer + "/" + name.replace("~", "~0").replace("/", "~1"), below);
    }

    /** A member; null when there is none. */
    @Nullable Source member(String name) {
        JsonNode below = value.get(name);
        return below == null ? null : at(name, below);
    }

    /** The only member of an object. */
    Map.Entry<String, Source> onlyMember(String what) {
        if (!value.isObject() || value.size() != 1) {
            throw refused(excerpt(), "an object with one member: " + what);
        }
        Iterator<Map.Entry<String, JsonNode>> members = value.properties().iterator();
        Map.Entry<String, JsonNode> only = members.next();
        return Map.entry(only.getKey(), at(only.getKey(), only.getValue()));
    }

    Source object(String what) {
        if (!value.isObject() || value.isEmpty()) {
            throw refused(excerpt(), "an object that is not empty: " + what);
        }
        return this;
    }

    Source array(String what) {
        if (!value.isArray() || value.isEmpty()) {
            throw refused(excerpt(), "an array that is not empty: " + what);
        }
        return this;
    }

    String text(String what) {
        if (!value.isString()) {
            throw refused(excerpt(), what);
        }
        return value.stringValue();
    }

    String textWithCharacters(String what) {
        if (!value.isString() || value.stringValue().isEmpty()) {
            throw refused(excerpt(), what + ", not empty");
        }
        return value.stringValue();
    }

    boolean bool(String what) {
        if (!value.isBoolean()) {
            throw refused(excerpt(), what);
        }
        return value.booleanValue();
    }

    Num number(String what) {
        if (!value.isNumber()) {
            throw refused(excerpt(), what);
        }
        if (Num.isTooLarge(Num.decimal(value))) {
            throw refused(excerpt(), what + ", with an exponent of at most " + Num.MAX_EXPONENT);
        }
        return Num.of(Num.decimal(value));
    }

    /** The beginning of what was found. */
    String excerpt() {
        String text = value.toString();
        return text.length() <= LONGEST_EXCERPT ? text : text.substring(0, LONGEST_EXCERPT) + "…";
    }

    InvalidFilterException refused(String found, String accepted) {
        return new InvalidFilterException(
                language,
                pointer.isEmpty() ? "the top" : pointer,
                "found " + found + "; accepted is " + accepted,
                null);
    }
}
