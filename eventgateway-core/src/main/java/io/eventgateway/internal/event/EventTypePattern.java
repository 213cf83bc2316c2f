package io.eventgateway.internal.event;

import io.eventgateway.Subscription;
import io.eventgateway.SystemEvent;
import io.eventgateway.error.InvalidEventException;
import io.eventgateway.error.InvalidSubscriptionException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A pattern of event types, by the rules of {@link Subscription}. */
public final class EventTypePattern {
    private static final String ONE = "*";
    private static final String MANY = "**";
    private static final int MAX_SEGMENTS = 64;

    private final String text;
    private final String[] segments;

    private EventTypePattern(String text) {
        this.text = text;
        this.segments = text.split("\\.", -1);
    }

    /**
     * A pattern.
     *
     * @throws IllegalArgumentException if a wildcard is only a part of a segment
     */
    public static EventTypePattern of(String text) {
        EventTypePattern pattern = new EventTypePattern(text);
        for (String segment : pattern.segments) {
            if (isPartlyWild(segment)) {
                throw new IllegalArgumentException("type '" + text + "' has the segment '" + segment
                        + "'; a wildcard is a whole segment: '*' for one, '**' for any number");
            }
        }
        return pattern;
    }

    /**
     * Checks the event type or pattern of a subscription, and returns it.
     *
     * @throws InvalidSubscriptionException if events can't have such a type, or the pattern has a wildcard that is only
     * a part of a
     *     segment or too many segments
     */
    public static String checked(@Nullable String eventType) {
        String checked;
        try {
            checked = Attributes.text("eventType", eventType);
        } catch (InvalidEventException e) {
            throw new InvalidSubscriptionException(Objects.requireNonNullElse(e.getMessage(), e.toString()), e);
        }
        if (checked.isBlank() || !checked.equals(checked.strip())) {
            throw new InvalidSubscriptionException(
                    "eventType must not begin or end with a blank, was '" + checked + "'");
        }
        if (checked.startsWith(".") || checked.endsWith(".") || checked.contains("..")) {
            throw new InvalidSubscriptionException("eventType '" + checked
                    + "' has an empty segment; between two dots, before the first and after the last there is a name");
        }
        if (checked.indexOf('*') >= 0) {
            checkSegments(checked);
        }
        return checked;
    }

    private static void checkSegments(String pattern) {
        String[] segments = pattern.split("\\.", -1);
        if (segments.length > MAX_SEGMENTS) {
            throw new InvalidSubscriptionException(
                    "eventType pattern must have at most " + MAX_SEGMENTS + " segments, had " + segments.length);
        }
        for (String segment : segments) {
            if (isPartlyWild(segment)) {
                throw new InvalidSubscriptionException("eventType '" + pattern + "' has the segment '" + segment
                        + "'; a wildcard is a whole segment: '*' for one, '**' for any number");
            }
        }
    }

    private static boolean isPartlyWild(String segment) {
        return segment.indexOf('*') >= 0 && !segment.equals(ONE) && !segment.equals(MANY);
    }

    /** Returns whether the pattern matches an event type. */
    public boolean matches(String eventType) {
        if (text.indexOf('*') < 0) {
            return text.equals(eventType);
        }
        if (text.startsWith(ONE) && SystemEvent.isSystemType(eventType)) {
            return false;
        }
        // reached[j]: the pattern's segments so far match the first j of the type's
        String[] type = eventType.split("\\.", -1);
        boolean[] reached = new boolean[type.length + 1];
        reached[0] = true;
        for (String segment : segments) {
            boolean many = segment.equals(MANY);
            boolean before = reached[0];
            reached[0] = many && before;
            for (int j = 1; j <= type.length; j++) {
                boolean here = reached[j];
                reached[j] =
                        many ? here || reached[j - 1] : before && (segment.equals(ONE) || segment.equals(type[j - 1]));
                before = here;
            }
        }
        return reached[type.length];
    }
}
