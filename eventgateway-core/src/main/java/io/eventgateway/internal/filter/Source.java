package io.eventgateway.internal.filter;

import io.eventgateway.error.InvalidFilterException;
import io.eventgateway.internal.json.Surrogates;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A place in the JSON text of a filter: its value, and the way to it, which a refusal names as a pointer (RFC 6901).
 *
 * @param parent the place around it; null for the top
 * @param name of the member, or the index of the element; empty for the top
 */
record Source(String language, @Nullable Source parent, String name, JsonNode value) {
    /** How deep a text is nested is seen afterwards, where the place can be named; its length bounds what is read until then. */
    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(Limits.MAX_FORM)
                            .build())
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS, DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static final int LONGEST_EXCERPT = 60;
    /** What refusals call the JSON form that filters are stored in. */
    static final String FORM = "json";
    /** How refusals name the whole of a filter. */
    static final String TOP = "the top";

    /**
     * The JSON text of a filter.
     *
     * @throws InvalidFilterException if it is not valid JSON, has a member twice, or is longer or deeper than allowed
     */
    static Source parse(String language, String text) {
        return parse(language, text, Limits.MAX_TEXT, Limits.MAX_DEPTH);
    }

    /** A filter that is JSON already. What was accepted as text is accepted again, though its numbers may be longer now. */
    static Source of(String language, JsonNode value) {
        return of(language, value, 2 * Limits.MAX_TEXT, Limits.MAX_DEPTH);
    }

    /**
     * The text of the JSON form that filters are stored in.
     *
     * @throws InvalidFilterException if it is not valid JSON, has a member twice, or is longer or deeper than allowed
     */
    static Source parseForm(String text) {
        return parse(FORM, text, Limits.MAX_FORM, Limits.MAX_FORM_DEPTH);
    }

    /** The JSON form that filters are stored in. */
    static Source ofForm(JsonNode value) {
        return of(FORM, value, Limits.MAX_FORM, Limits.MAX_FORM_DEPTH);
    }

    private static Source parse(String language, String text, int longest, int deepest) {
        notTooLong(language, "line 1, column 1", text, longest);
        try {
            return top(language, JSON.readTree(text)).checked(1, deepest);
        } catch (JacksonException e) {
            TokenStreamLocation at = e.getLocation();
            throw new InvalidFilterException(
                    language,
                    at == null ? "line 1, column 1" : "line " + at.getLineNr() + ", column " + at.getColumnNr(),
                    "found " + (e instanceof StreamConstraintsException ? "what is too long: " : "no valid JSON: ")
                            + e.getOriginalMessage(),
                    e);
        } catch (NumberFormatException e) {
            throw new InvalidFilterException(
                    language,
                    "line 1, column 1",
                    "found a number that is beyond what a decimal can hold; accepted is an exponent of at most "
                            + Num.MAX_EXPONENT,
                    e);
        }
    }

    private static Source of(String language, JsonNode value, int longest, int deepest) {
        Source source = top(language, value).checked(1, deepest);
        notTooLong(language, TOP, value.toString(), longest);
        return source;
    }

    private static Source top(String language, JsonNode value) {
        return new Source(language, null, "", value);
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

    private Source checked(int depth, int deepest) {
        requireWhole(value.isString() ? value.stringValue() : "", "");
        if (depth > deepest) {
            throw refused("JSON nested deeper than " + deepest + " levels", "less");
        }
        if (value.isContainer()) {
            each((member, below) -> {
                requireWhole(member, "a member whose name has ");
                below.checked(depth + 1, deepest);
            });
        }
        return this;
    }

    /** A filter is stored as UTF-8, which has nothing for half of a pair. */
    private void requireWhole(String text, String what) {
        int lone = Surrogates.firstLone(text);
        if (lone >= 0) {
            throw refused(what + Surrogates.at(text, lone), Surrogates.ACCEPTED);
        }
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

    private Source at(String member, JsonNode below) {
        return new Source(language, this, member, below);
    }

    /** The JSON pointer of the place; empty for the top. */
    String pointer() {
        Deque<String> names = new ArrayDeque<>();
        for (Source at = this; at.parent != null; at = at.parent) {
            names.push(at.name.replace("~", "~0").replace("/", "~1"));
        }
        return names.isEmpty() ? "" : "/" + String.join("/", names);
    }

    /** A member; null when there is none. */
    @Nullable Source member(String member) {
        JsonNode below = value.get(member);
        return below == null ? null : at(member, below);
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
        String text = value.isMissingNode() ? "nothing" : value.toString();
        return text.length() <= LONGEST_EXCERPT ? text : text.substring(0, LONGEST_EXCERPT) + "…";
    }

    InvalidFilterException refused(String found, String accepted) {
        return new InvalidFilterException(language, position(), "found " + found + "; accepted is " + accepted, null);
    }

    /** How refusals name the place. */
    String position() {
        return parent == null ? TOP : pointer();
    }
}
