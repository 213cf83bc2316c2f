package io.eventgateway.history;

import io.eventgateway.Event;
import io.eventgateway.internal.event.EventTypePattern;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which events of the history, the earliest first. An immutable value; null parts don't matter.
 *
 * @param type the event's type, or a pattern as subscriptions have them ({@code order.*})
 * @param source the event's source
 * @param subject the event's subject
 * @param correlationId the chain that it is of
 * @param since recorded at that time or later
 * @param until recorded before that time
 * @param after only those after that position; 0 for all
 * @param limit how many at most, 1 to 10,000
 */
public record EventQuery(
        @Nullable String type,
        @Nullable String source,
        @Nullable String subject,
        @Nullable String correlationId,
        @Nullable Instant since,
        @Nullable Instant until,
        long after,
        int limit) {
    private static final int MOST = 10_000;
    private static final EventQuery ALL = new EventQuery(null, null, null, null, null, null, 0, 100);

    /** Checks the type, the position and the limit. */
    public EventQuery {
        if (type != null) {
            EventTypePattern.of(type);
        }
        if (after < 0) {
            throw new IllegalArgumentException("after must be 0 or the position of an event, was " + after);
        }
        if (limit < 1 || limit > MOST) {
            throw new IllegalArgumentException("limit must be 1 to " + MOST + ", was " + limit);
        }
    }

    /** The earliest 100 of all. */
    public static EventQuery all() {
        return ALL;
    }

    /** Only of that type, or of types that the pattern matches. */
    public EventQuery ofType(String eventType) {
        return new EventQuery(eventType, source, subject, correlationId, since, until, after, limit);
    }

    /** Only of that source. */
    public EventQuery ofSource(String eventSource) {
        return new EventQuery(type, eventSource, subject, correlationId, since, until, after, limit);
    }

    /** Only of that subject. */
    public EventQuery ofSubject(String eventSubject) {
        return new EventQuery(type, source, eventSubject, correlationId, since, until, after, limit);
    }

    /** Only of that chain. */
    public EventQuery ofChain(String correlation) {
        return new EventQuery(type, source, subject, correlation, since, until, after, limit);
    }

    /** Only those recorded at that time or later. */
    public EventQuery since(Instant from) {
        return new EventQuery(type, source, subject, correlationId, from, until, after, limit);
    }

    /** Only those recorded before that time. */
    public EventQuery until(Instant before) {
        return new EventQuery(type, source, subject, correlationId, since, before, after, limit);
    }

    /** Only those after that position: the page after the one that ended there. */
    public EventQuery after(long position) {
        return new EventQuery(type, source, subject, correlationId, since, until, position, limit);
    }

    /** At most so many. */
    public EventQuery limit(int most) {
        return new EventQuery(type, source, subject, correlationId, since, until, after, most);
    }

    /** Whether an event is one of them; the limit does not matter. */
    public boolean matches(RecordedEvent recorded) {
        Event event = recorded.event();
        return recorded.position() > after
                && (type == null || EventTypePattern.of(type).matches(event.getType()))
                && (source == null || source.equals(event.getSource().toString()))
                && (subject == null || subject.equals(event.getSubject()))
                && (correlationId == null || correlationId.equals(event.getCorrelationId()))
                && (since == null || !recorded.recordedAt().isBefore(since))
                && (until == null || recorded.recordedAt().isBefore(Objects.requireNonNull(until)));
    }
}
