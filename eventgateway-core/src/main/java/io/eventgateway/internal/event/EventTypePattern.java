package io.eventgateway.internal.event;

import io.eventgateway.Subscription;
import io.eventgateway.SystemEvent;

/** One pattern of event types against one type, by the rules of {@link Subscription}. */
public final class EventTypePattern {
    private static final String ONE = "*";
    private static final String MANY = "**";

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
            if (segment.indexOf('*') >= 0 && !segment.equals(ONE) && !segment.equals(MANY)) {
                throw new IllegalArgumentException("type '" + text + "' has the segment '" + segment
                        + "'; a wildcard is a whole segment: '*' for one, '**' for any number");
            }
        }
        return pattern;
    }

    /** Whether an event type is one of those that the pattern names. */
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
