package io.eventgateway.internal.http;

import io.eventgateway.error.InvalidSubscriptionException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The path of an http subscription: {@code /} and segments, each of them static text, a {@code :name} that takes one segment, or
 * as the last a {@code *name} that takes one or more. An immutable value.
 *
 * <p>Static segments are compared with the request's percent-decoded ones, so they are written decoded. An empty segment is a
 * segment: {@code /a/} is not {@code /a}.
 */
public final class PathPattern {
    private static final int MAX_LENGTH = 2048;
    private static final Pattern ENCODED = Pattern.compile("%[0-9a-fA-F]{2}");

    /** One position of a path. */
    public sealed interface Segment {
        /** Text that the request's segment equals. */
        record Static(String text) implements Segment {}

        /** Takes one non-empty segment under the name. */
        record Parameter(String name) implements Segment {}

        /** Takes the rest of the path, at least one character, under the name. */
        record Wildcard(String name) implements Segment {}
    }

    private final String text;
    private final List<Segment> segments;

    private PathPattern(String text, List<Segment> segments) {
        this.text = text;
        this.segments = List.copyOf(segments);
    }

    /**
     * The pattern of a text.
     *
     * @throws InvalidSubscriptionException if it does not start with {@code /}, has a wildcard that is not last, a parameter
     *     without a name, or two of one name
     */
    public static PathPattern parse(@Nullable String path) {
        if (path == null || !path.startsWith("/")) {
            throw new InvalidSubscriptionException(
                    "path must start with '/', was " + (path == null ? "null" : "'" + path + "'"));
        }
        if (path.length() > MAX_LENGTH) {
            throw new InvalidSubscriptionException(
                    "path must have at most " + MAX_LENGTH + " characters, had " + path.length());
        }
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c == ' ' && (i == path.length() - 1 || path.isBlank())) {
                throw new InvalidSubscriptionException("path must not end with a blank, was '" + path + "'");
            }
            if (c < ' ' || c == '?' || c == '#' || c == 0x7f) {
                throw new InvalidSubscriptionException("path '" + path.substring(0, i)
                        + "...' has a character at position " + i + " that no path has: controls, '?' and '#' are out");
            }
        }
        String[] parts = path.substring(1).split("/", -1);
        List<Segment> segments = new ArrayList<>(parts.length);
        Set<String> names = new HashSet<>();
        for (int i = 0; i < parts.length; i++) {
            segments.add(segment(path, parts[i], i == parts.length - 1, names));
        }
        return new PathPattern(path, segments);
    }

    private static Segment segment(String path, String part, boolean last, Set<String> names) {
        boolean parameter = part.startsWith(":");
        boolean wildcard = part.startsWith("*");
        if (!parameter && part.indexOf('{') >= 0) {
            String name = part.replaceAll("[{}*]", "").replaceAll(":.*", "");
            throw new InvalidSubscriptionException("path '" + path + "' has the segment '" + part
                    + "'; a parameter is ':' and a name: write ':" + name + "', or '*" + name
                    + "' for all that is left of the path");
        }
        if (!parameter && !wildcard) {
            requireDecoded(path, part);
            return new Segment.Static(part);
        }
        if (wildcard && !last) {
            throw new InvalidSubscriptionException("path '" + path + "' has the wildcard '" + part
                    + "' before its end; a wildcard is the last segment");
        }
        String name = part.substring(1);
        if (name.isEmpty() || name.indexOf(':') >= 0 || name.indexOf('*') >= 0) {
            throw new InvalidSubscriptionException("path '" + path + "' has the segment '" + part + "'; "
                    + (parameter ? "a parameter is ':' and a name" : "a wildcard is '*' and a name"));
        }
        if (!names.add(name)) {
            throw new InvalidSubscriptionException("path '" + path + "' has two parameters named '" + name + "'");
        }
        return parameter ? new Segment.Parameter(name) : new Segment.Wildcard(name);
    }

    /** Refuses text that is percent-encoded, since a request's segments are decoded before they are compared with it. */
    private static void requireDecoded(String path, String part) {
        if (!ENCODED.matcher(part).find()) {
            return;
        }
        String decoded;
        try {
            decoded = PercentCoding.decode(part);
        } catch (IllegalArgumentException e) { // encoded in some places only, or not as UTF-8
            decoded = "";
        }
        boolean writable = !decoded.isEmpty() && decoded.chars().noneMatch(c -> c < ' ' || "/?#\u007f".indexOf(c) >= 0);
        throw new InvalidSubscriptionException("path '" + path + "' has the percent-encoded segment '" + part
                + "', which would match no request: segments of requests are decoded before they are compared; "
                + (writable ? "write it decoded: '" + decoded + "'" : "take a ':parameter' for that segment"));
    }

    /** The segments, from the left. Unmodifiable, never empty: the path {@code /} has one empty static segment. */
    public List<Segment> segments() {
        return segments;
    }

    /** The pattern with the names left out: two patterns of one shape match exactly the same paths. */
    public String shape() {
        StringBuilder shape = new StringBuilder();
        for (Segment segment : segments) {
            shape.append('/');
            if (segment instanceof Segment.Static fixed) {
                shape.append(fixed.text());
            } else {
                shape.append(segment instanceof Segment.Parameter ? ':' : '*');
            }
        }
        return shape.toString();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PathPattern that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** The text that it was parsed from. */
    @Override
    public String toString() {
        return text;
    }
}
