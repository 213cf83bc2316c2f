package io.eventgateway.internal.transform;

import io.eventgateway.DataConversionException;
import io.eventgateway.Event;
import io.eventgateway.InvalidTransformException;
import io.eventgateway.internal.transform.Shaper.Failed;
import io.eventgateway.internal.transform.Shaper.Scope;
import io.eventgateway.internal.transform.Shaper.Shaped;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The transform languages: each compiles what is written in it, or refuses with {@link InvalidTransformException}. */
public final class Transforms {
    private static final int MAX_PATHS = 100;
    private static final int MAX_HEADERS = 50;
    private static final int MAX_HEADER_VALUE = 8_192;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}");
    /** RFC 9110, section 5.6.2. */
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,256}");

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

    /** An input template. */
    public static Shaper template(Map<String, String> paths, String template) {
        return Template.parse(template, values(paths));
    }

    /** A part of the event. */
    public static Shaper path(String text) {
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

    /** The same for every event. */
    public static Shaper constant(JsonNode value) {
        Shaped shaped = new Shaped(value.toString().getBytes(StandardCharsets.UTF_8), "application/json");
        return (event, scope) -> shaped;
    }

    /** The value of a constant. */
    public static JsonNode json(String language, String text) {
        if (text.length() > Template.MAX_TEXT) {
            throw new InvalidTransformException(
                    language,
                    "line 1, column 1",
                    "found " + text.length() + " characters; accepted are at most " + Template.MAX_TEXT,
                    null);
        }
        try {
            return STRICT.readTree(text);
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

    /** A JSONata expression. */
    public static Shaper jsonata(String expression) {
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
        headers.forEach((name, value) -> {
            if (!TOKEN.matcher(name).matches() || OWN_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
                throw new InvalidTransformException(
                        "headers",
                        "/headers/" + name,
                        "found the header '" + name + "'; accepted is a token (RFC 9110, section 5.6.2) other than "
                                + OWN_HEADERS,
                        null);
            }
            templates.put(name, Template.parseText("headers", value, values));
        });
        return (event, scope) -> {
            Map<String, String> made = new LinkedHashMap<>();
            templates.forEach((name, template) -> made.put(name, headerValue(name, template.render(event, scope))));
            return made;
        };
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
