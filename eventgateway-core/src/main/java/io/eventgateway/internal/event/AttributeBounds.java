package io.eventgateway.internal.event;

import io.eventgateway.error.InvalidEventException;
import java.net.URI;
import java.time.OffsetDateTime;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The bounds of an event's attributes and extensions, in characters as JSON shows the values. Measuring allocates nothing, since
 * every accepted event is measured.
 */
public final class AttributeBounds {
    /** The longest value of one attribute or extension. */
    public static final int MAX_VALUE = 8 * 1024;
    /**
     * The longest that an event's attributes and extensions may be together. What the gateway adds itself (source, time, and the
     * extensions of the chain) is left out, so that an event that was accepted can be read back.
     */
    public static final int MAX_TOTAL = 64 * 1024;
    /** Attributes of up to this length are free in the backlog, so that ordinary events cost no counting. */
    private static final int FREE = 1024;

    private static final int SCALAR = 16;
    private static final int TIMESTAMP = 35;

    private AttributeBounds() {}

    /** Checks the length of a value, and returns the value. */
    public static String checked(String attribute, String value) {
        if (value.length() > MAX_VALUE) {
            throw tooLong(attribute, value.length());
        }
        return value;
    }

    static void check(String attribute, Object value) {
        long length = lengthOf(value);
        if (length > MAX_VALUE) {
            throw tooLong(attribute, length);
        }
    }

    /** Checks the length of all attributes and extensions together. */
    public static void checkTotal(
            String id,
            String type,
            @Nullable String subject,
            @Nullable String dataContentType,
            @Nullable URI dataSchema,
            Map<String, Object> extensions) {
        long total = (long) id.length() + type.length() + lengthOf(subject) + lengthOf(dataContentType);
        total += lengthOf(dataSchema) + lengthOf(extensions);
        if (total > MAX_TOTAL) {
            throw new InvalidEventException("the attributes and extensions of an event must have at most " + MAX_TOTAL
                    + " characters together, have " + total + "; what is larger belongs into the data");
        }
    }

    /** Returns the bytes that attributes of a length take in the backlog. */
    public static long counted(long length) {
        return length > FREE ? length : 0;
    }

    /** Returns the length of extensions with their names. */
    public static long lengthOf(Map<String, Object> extensions) {
        if (extensions.isEmpty()) {
            return 0;
        }
        long length = 0;
        for (Map.Entry<String, Object> extension : extensions.entrySet()) {
            length += extension.getKey().length() + lengthOf(extension.getValue());
        }
        return length;
    }

    /** Returns the length of a value; 0 for null. */
    public static long lengthOf(@Nullable Object value) {
        if (value == null) {
            return 0;
        }
        if (value instanceof String text) {
            return text.length();
        }
        if (value instanceof byte[] bytes) {
            return (bytes.length + 2L) / 3 * 4; // as Base64
        }
        if (value instanceof URI uri) {
            return uri.toString().length();
        }
        return value instanceof OffsetDateTime ? TIMESTAMP : SCALAR;
    }

    private static InvalidEventException tooLong(String attribute, long length) {
        return Attributes.refused(
                attribute,
                "a value of " + length + " characters",
                "at most " + MAX_VALUE + " characters long; what is longer belongs into the data");
    }
}
