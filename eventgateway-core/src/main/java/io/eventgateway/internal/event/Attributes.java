package io.eventgateway.internal.event;

import io.cloudevents.CloudEvent;
import io.eventgateway.error.InvalidEventException;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The rules that CloudEvents 1.0 (sections "Type System" and "Context Attributes") sets for attributes. */
public final class Attributes {
    public static final Set<String> CORE =
            Set.of("specversion", "id", "source", "type", "subject", "time", "datacontenttype", "dataschema");

    private static final Pattern MEDIA_TYPE = Pattern.compile("[^\\s/;]+/[^\\s/;]+\\s*(;|$)");
    private static final int MAX_SHOWN = 60;
    private static final int MAX_NAME = 256;
    private static final int MAX_YEAR = 9999;
    private static final int SECONDS_OF_MINUTE = 60;

    private Attributes() {}

    /** A required or present string attribute: not empty, without control characters, noncharacters and lone surrogates. */
    public static String text(String attribute, @Nullable String value) {
        if (value == null) {
            throw refused(attribute, "null", "a string of at least one character");
        }
        if (value.isEmpty()) {
            throw refused(attribute, "''", "a string of at least one character");
        }
        checkCharacters(attribute, AttributeBounds.checked(attribute, value));
        return value;
    }

    /**
     * The type of an event. What CloudEvents allows and can only be a mistake is refused too: a pattern of types, an empty segment
     * and blanks at the ends, which no subscription to the type that was meant would match.
     */
    public static String type(@Nullable String value) {
        return value != null && value.length() <= AttributeBounds.MAX_VALUE && isPlainType(value)
                ? value
                : checkedType(text("type", value));
    }

    /**
     * Returns whether a type is of segments of printable ASCII without blanks and stars: in one pass, since every emit
     * asks.
     */
    private static boolean isPlainType(String value) {
        boolean segmentBegins = true;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '.') {
                if (segmentBegins) {
                    return false;
                }
                segmentBegins = true;
            } else if (c > ' ' && c < 0x7f && c != '*') {
                segmentBegins = false;
            } else {
                return false;
            }
        }
        return !segmentBegins;
    }

    private static String checkedType(String value) {
        int start = 0;
        int length = value.length();
        while (start <= length) {
            int dot = value.indexOf('.', start);
            int end = dot < 0 ? length : dot;
            if (end == start) {
                throw refused("type", "'" + shown(value) + "'", "segments with a dot between them, none of them empty");
            }
            if (value.charAt(start) == '*'
                    && (end - start == 1 || (end - start == 2 && value.charAt(start + 1) == '*'))) {
                throw refused(
                        "type",
                        "'" + shown(value) + "'",
                        "the type of one event, such as order.placed; a subscription has a pattern, an event has none");
            }
            start = end + 1;
        }
        if (value.charAt(0) == ' ' || value.charAt(length - 1) == ' ') {
            throw refused(
                    "type",
                    "'" + shown(value) + "'",
                    "a string without blanks at its ends: '" + shown(value.strip()) + "'");
        }
        return value;
    }

    /** The source: a URI-reference of at least one character. */
    public static URI source(String attribute, @Nullable String value) {
        return uri(attribute, text(attribute, value));
    }

    public static URI uri(String attribute, @Nullable URI value) {
        if (value == null || value.toString().isEmpty()) {
            throw refused(attribute, "'" + value + "'", "a URI-reference of at least one character");
        }
        AttributeBounds.check(attribute, value);
        return value;
    }

    public static URI uri(String attribute, String value) {
        try {
            return uri(attribute, URI.create(value));
        } catch (IllegalArgumentException e) {
            throw refused(attribute, "'" + shown(value) + "'", "a URI-reference (RFC 3986): " + e.getMessage());
        }
    }

    public static URI absoluteUri(String attribute, URI value) {
        if (!value.isAbsolute()) {
            throw refused(attribute, "'" + value + "'", "an absolute URI");
        }
        return value;
    }

    /** A media type as RFC 2046 has it; only its outline is checked. */
    public static String contentType(String value) {
        text("datacontenttype", value);
        if (!MEDIA_TYPE.matcher(value).lookingAt()) {
            throw refused(
                    "datacontenttype", "'" + shown(value) + "'", "a media type such as application/json (RFC 2046)");
        }
        return value;
    }

    /**
     * A time that RFC 3339 can write, and so every form of an event: its year has four digits, and its offset whole minutes.
     */
    public static OffsetDateTime timestamp(String attribute, OffsetDateTime value) {
        int year = value.getYear();
        if (year < 0 || year > MAX_YEAR) {
            throw refused(attribute, "one of the year " + year, "a timestamp of the years 0 to 9999 (RFC 3339)");
        }
        int seconds = value.getOffset().getTotalSeconds();
        if (seconds % SECONDS_OF_MINUTE != 0) {
            throw refused(
                    attribute,
                    "one with the offset " + value.getOffset(),
                    "a timestamp whose offset has whole minutes (RFC 3339)");
        }
        return value;
    }

    /** An instant as a timestamp; one whose year RFC 3339 can't write is refused, be it beyond what Java can write too. */
    public static OffsetDateTime utc(String attribute, Instant value) {
        try {
            return value.atOffset(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            throw refused(attribute, "'" + value + "'", "a timestamp of the years 0 to 9999 (RFC 3339)");
        }
    }

    public static String extensionName(@Nullable String name) {
        if (name == null || name.isEmpty()) {
            throw new InvalidEventException("extension name must be lower-case letters and digits (a-z, 0-9), was "
                    + (name == null ? "null" : "''"));
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))) {
                throw new InvalidEventException(
                        "extension name must be lower-case letters and digits (a-z, 0-9), was '" + shown(name) + "'");
            }
        }
        if (name.length() > MAX_NAME) {
            throw new InvalidEventException("extension name must have at most " + MAX_NAME + " characters, '"
                    + shown(name) + "' has " + name.length());
        }
        if (CORE.contains(name) || name.equals("data")) {
            throw new InvalidEventException(
                    "extension name must not be that of an attribute of CloudEvents itself, was '" + name + "'");
        }
        return name;
    }

    /** An extension's value in one of CloudEvents' types: String, Boolean, Integer, Binary, URI(-reference), Timestamp. */
    public static Object extensionValue(String name, @Nullable Object value) {
        if (value instanceof String string) {
            checkCharacters("extension " + name, AttributeBounds.checked("extension " + name, string));
            return string;
        }
        if (value instanceof OffsetDateTime time) {
            return timestamp("extension " + name, time);
        }
        if (value instanceof URI uri) {
            AttributeBounds.check("extension " + name, uri);
            return uri;
        }
        if (value instanceof Boolean) {
            return value;
        }
        if (value instanceof Integer || value instanceof Short || value instanceof Byte) {
            return ((Number) value).intValue();
        }
        if (value instanceof Long number && number == (int) (long) number) {
            return number.intValue();
        }
        if (value instanceof Instant instant) {
            return timestamp("extension " + name, utc("extension " + name, instant));
        }
        if (value instanceof byte[] bytes) {
            AttributeBounds.check("extension " + name, bytes);
            return bytes.clone();
        }
        throw refused(
                "extension " + name,
                value == null
                        ? "null"
                        : "'" + shown(String.valueOf(value)) + "' ("
                                + value.getClass().getName() + ")",
                "a String, Boolean, Integer (32 bits), byte[], URI or OffsetDateTime");
    }

    /**
     * An attribute of an event by its CloudEvents name; null when it is not set.
     *
     * @throws IllegalArgumentException if CloudEvents 1.0 has no attribute of the name
     */
    public static @Nullable Object of(CloudEvent event, String attribute) {
        return switch (attribute) {
            case "specversion" -> event.getSpecVersion();
            case "id" -> event.getId();
            case "source" -> event.getSource();
            case "type" -> event.getType();
            case "subject" -> event.getSubject();
            case "time" -> event.getTime();
            case "datacontenttype" -> event.getDataContentType();
            case "dataschema" -> event.getDataSchema();
            default ->
                throw new IllegalArgumentException(
                        "'" + attribute + "' is not an attribute of CloudEvents 1.0; those are " + new TreeSet<>(CORE));
        };
    }

    /** Returns whether extensions have the same names and values, of which byte arrays are equal by their bytes. */
    public static boolean sameExtensions(Map<String, Object> some, Map<String, Object> others) {
        if (some.size() != others.size()) {
            return false;
        }
        for (Map.Entry<String, Object> extension : some.entrySet()) {
            if (!Objects.deepEquals(extension.getValue(), others.get(extension.getKey()))) {
                return false;
            }
        }
        return true;
    }

    /** A count that may have come over HTTP, where every attribute is a string. */
    public static int depth(String name, Object value) {
        try {
            int depth = value instanceof Integer number ? number : Integer.parseInt(String.valueOf(value));
            if (depth >= 0) {
                return depth;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw refused(
                "extension " + name,
                "'" + shown(String.valueOf(value)) + "'",
                "an integer from 0 to " + Integer.MAX_VALUE);
    }

    public static InvalidEventException refused(String attribute, String value, String accepted) {
        return new InvalidEventException(attribute + " must be " + accepted + ", was " + value);
    }

    private static void checkCharacters(String attribute, String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c >= 0x20 && c < 0x7f) {
                continue;
            }
            boolean control = c < 0x20 || (c >= 0x7f && c <= 0x9f);
            boolean noncharacter = (c >= 0xfdd0 && c <= 0xfdef) || c >= 0xfffe;
            boolean loneSurrogate = Character.isLowSurrogate(c)
                    || (Character.isHighSurrogate(c)
                            && (i + 1 == value.length() || !Character.isLowSurrogate(value.charAt(i + 1))));
            if (control || noncharacter || loneSurrogate) {
                throw refused(
                        attribute,
                        "'" + shown(printable(value)) + "' with U+" + String.format(Locale.ROOT, "%04X", (int) c)
                                + " at position " + i,
                        "a string without control characters, noncharacters and lone surrogates");
            }
            if (Character.isHighSurrogate(c)) {
                i++;
                if ((value.codePointAt(i - 1) & 0xfffe) == 0xfffe) {
                    throw refused(
                            attribute,
                            "a string with a noncharacter at position " + (i - 1),
                            "a string without control characters, noncharacters and lone surrogates");
                }
            }
        }
    }

    private static String printable(String value) {
        return value.replaceAll("[\\p{Cntrl}\\x7f-\\x9f\\p{Cs}]", "?");
    }

    private static String shown(String value) {
        return value.length() <= MAX_SHOWN ? value : value.substring(0, MAX_SHOWN) + "...";
    }
}
