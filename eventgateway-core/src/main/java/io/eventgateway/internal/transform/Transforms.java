package io.eventgateway.internal.transform;

import io.eventgateway.Event;
import io.eventgateway.error.DataConversionException;
import io.eventgateway.error.InvalidTransformException;
import io.eventgateway.internal.filter.Positions;
import io.eventgateway.internal.json.Surrogates;
import io.eventgateway.internal.transform.Shaper.Failed;
import io.eventgateway.internal.transform.Shaper.Scope;
import io.eventgateway.internal.transform.Shaper.Shaped;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The transform languages: each compiles what is written in it, or refuses with {@link InvalidTransformException}. */
public final class Transforms {
    private static final int MAX_PATHS = 100;
    /** What the JSON form of transforms is called in refusals. */
    private static final String FORM = "json";
    /** Levels of a constant, and of the JSON form of a transform. */
    private static final int MAX_DEPTH = 256;

    private static final int MAX_HEADERS = 50;
    private static final int MAX_HEADER_VALUE = 8_192;
    /** Characters of the form: a template, its paths and headers, whose characters may each be written as six. */
    private static final int MAX_FORM =
            6 * (Template.MAX_TEXT + MAX_PATHS * (PathParser.MAX_TEXT + 128) + MAX_HEADERS * (MAX_HEADER_VALUE + 512));

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}");
    /** RFC 9110, section 5.6.2. */
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,256}");

    /** Attributes of the event begin with it (CloudEvents HTTP protocol binding, section 3.1.3). */
    private static final String ATTRIBUTE_HEADER = "ce-";

    private static final Set<String> OWN_HEADERS =
            Set.of("content-length", "content-type", "transfer-encoding", "host", "connection");
    private static final JsonMapper STRICT = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS, DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private Transforms() {}

    /** What templates may insert: what paths find, and what the gateway gives. */
    private static Map<String, Value> values(Map<String, String> paths) {
        if (paths.size() > MAX_PATHS) {
            throw new InvalidTransformException(
                    Template.LANGUAGE,
                    "/paths",
                    "found " + paths.size() + " paths; accepted are at most " + MAX_PATHS,
                    null);
        }
        Map<String, Value> values = new LinkedHashMap<>(Value.predefined());
        paths.forEach((name, path) -> {
            String place = "/paths/" + name;
            requireWhole(Template.LANGUAGE, place, path);
            if (!NAME.matcher(name).matches() || Value.RESERVED.stream().anyMatch(name::startsWith)) {
                throw new InvalidTransformException(
                        Template.LANGUAGE,
                        place,
                        "found the name '" + name
                                + "'; accepted are 1 to 100 letters, digits, '_', '-' and '.', other than 'gateway.'"
                                + " and 'aws.' at the beginning, which are the gateway's own",
                        null);
            }
            values.put(name, new Value.AtPath(EventPath.parse(Template.LANGUAGE, place, path)));
        });
        return values;
    }

    /**
     * The steps of a path that a transform has: a name, a number, or a {@code Step} to every member or element.
     *
     * @throws InvalidTransformException if it is not a path
     */
    public static List<Object> steps(String path) {
        List<Object> steps = new ArrayList<>();
        for (EventPath.Step step : EventPath.parse("path", null, path).steps()) {
            steps.add(
                    step instanceof EventPath.Step.Member member
                            ? member.name()
                            : step instanceof EventPath.Step.Element element ? (Object) element.index() : step);
        }
        return steps;
    }

    /** An input template. */
    public static Shaper template(Map<String, String> paths, String template) {
        Map<String, Value> values = values(paths);
        requireWhole(Template.LANGUAGE, null, template);
        return Template.parse(template, values);
    }

    /** A part of the event. */
    public static Shaper path(String text) {
        requireWhole("path", null, text);
        EventPath path = EventPath.parse("path", null, text);
        return (event, scope) -> {
            JsonNode found;
            try {
                found = path.findNode(event);
            } catch (DataConversionException e) {
                throw new Failed("path '" + path + "': " + e.getMessage(), e);
            }
            if (found == null) {
                throw new Failed("path '" + path + "' finds nothing in the event");
            }
            return new Shaped(found, "application/json");
        };
    }

    /** A shaper that gives every event the same payload. */
    public static Shaper constant(JsonNode value) {
        requireWhole(value, "");
        Shaped shaped = new Shaped(STRICT.writeValueAsBytes(value), "application/json");
        return (event, scope) -> shaped;
    }

    /** The value of a constant. */
    public static JsonNode json(String language, String text) {
        int most = language.equals(FORM) ? MAX_FORM : Template.MAX_TEXT;
        if (text.length() > most) {
            throw new InvalidTransformException(
                    language,
                    "line 1, column 1",
                    "found " + text.length() + " characters; accepted are at most " + most,
                    null);
        }
        try {
            JsonNode value = STRICT.readTree(text);
            if (value.isMissingNode()) {
                throw new InvalidTransformException(
                        language, "line 1, column 1", "found nothing; accepted is a JSON value", null);
            }
            requireDepth(language, value, language.equals(FORM) ? -1 : 0); // a form has a level around its constant
            return value;
        } catch (JacksonException e) {
            TokenStreamLocation at = e.getLocation();
            throw new InvalidTransformException(
                    language,
                    at == null ? "line 1, column 1" : "line " + at.getLineNr() + ", column " + at.getColumnNr(),
                    "found no valid JSON: " + e.getOriginalMessage(),
                    e);
        } catch (ArithmeticException | NumberFormatException e) { // an exponent beyond those of BigDecimal
            throw new InvalidTransformException(
                    language,
                    "line 1, column 1",
                    "found a number that is too large; accepted are exponents of up to 2147483647",
                    e);
        }
    }

    /** A value that is nested as deep as JSON may be could not be written in the form of a subscription. */
    private static void requireDepth(String language, JsonNode value, int depth) {
        if (value.isContainer() && depth >= MAX_DEPTH) {
            throw new InvalidTransformException(
                    language,
                    "line 1, column 1",
                    "found JSON of more than " + MAX_DEPTH + " levels; fewer are accepted",
                    null);
        }
        for (JsonNode below : value) {
            requireDepth(language, below, depth + 1);
        }
    }

    /**
     * Refuses a text that would be another one after it was stored as UTF-8.
     *
     * @param place where the transform has it; null when the text is all of it
     */
    private static void requireWhole(String language, @Nullable String place, String text) {
        int lone = Surrogates.firstLone(text);
        if (lone >= 0) {
            throw new InvalidTransformException(
                    language,
                    place == null ? Positions.of(text, lone) : place,
                    "found " + Surrogates.at(text, lone) + "; accepted is " + Surrogates.ACCEPTED,
                    null);
        }
    }

    private static void requireWhole(JsonNode value, String pointer) {
        if (value.isString()) {
            requireWhole("constant", pointer.isEmpty() ? "the top" : pointer, value.stringValue());
        } else if (value.isArray()) {
            for (int i = 0; i < value.size(); i++) {
                requireWhole(value.get(i), pointer + "/" + i);
            }
        } else {
            for (Map.Entry<String, JsonNode> member : value.properties()) {
                requireWhole("constant", (pointer.isEmpty() ? "the top" : pointer) + ", name", member.getKey());
                requireWhole(member.getValue(), pointer + "/" + member.getKey());
            }
        }
    }

    /** A JSONata expression. */
    public static Shaper jsonata(String expression) {
        requireWhole(Expression.LANGUAGE, null, expression);
        return Expression.parse(expression);
    }

    /** Headers, whose values are templates that make text. */
    public static BiFunction<Event, Scope, Map<String, String>> headers(
            Map<String, String> paths, Map<String, String> headers) {
        if (headers.size() > MAX_HEADERS) {
            throw new InvalidTransformException(
                    "headers",
                    "/headers",
                    "found " + headers.size() + " headers; accepted are at most " + MAX_HEADERS,
                    null);
        }
        Map<String, Value> values = values(paths);
        Map<String, Template> templates = new LinkedHashMap<>();
        Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        headers.forEach((name, value) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            if (!TOKEN.matcher(name).matches() || OWN_HEADERS.contains(lower) || lower.startsWith(ATTRIBUTE_HEADER)) {
                throw refused(
                        name,
                        "found the header '" + name + "'; accepted is a token (RFC 9110, section 5.6.2) other than "
                                + OWN_HEADERS + " and those that begin with '" + ATTRIBUTE_HEADER
                                + "', which are the event's attributes");
            }
            if (!names.add(name)) {
                throw refused(name, "found the header '" + name + "' in two cases; accepted is each name once");
            }
            requireWhole("headers", "/headers/" + name, value);
            Template template = Template.parseText("headers", value, values);
            try {
                headerValue(name, template.fixedText());
            } catch (Failed e) {
                throw refused(name, "found what can't be sent: " + e.getMessage());
            }
            templates.put(name, template);
        });
        return (event, scope) -> {
            Map<String, String> made = new LinkedHashMap<>();
            templates.forEach((name, template) -> made.put(name, headerValue(name, template.render(event, scope))));
            return made;
        };
    }

    private static InvalidTransformException refused(String header, String problem) {
        return new InvalidTransformException("headers", "/headers/" + header, problem, null);
    }

    /** RFC 9110, section 5.5: visible ASCII, spaces and tabs; a value with a line break would be more than a value. */
    private static String headerValue(String name, String value) {
        if (value.length() > MAX_HEADER_VALUE) {
            throw new Failed("header '" + name + "' would have " + value.length() + " characters, at most "
                    + MAX_HEADER_VALUE + " can be sent");
        }
        for (int i = 0; i < value.length(); i++) {
            char at = value.charAt(i);
            if ((at < ' ' && at != '\t') || at > '~') {
                throw new Failed(String.format(
                        Locale.ROOT,
                        "header '%s' would have the character U+%04X, which a header can't have",
                        name,
                        (int) at));
            }
        }
        return value;
    }
}
