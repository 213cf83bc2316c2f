package io.eventgateway.history;

import io.eventgateway.Event;
import io.eventgateway.internal.event.EventTypePattern;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Which events of the history, the earliest first: all, unless something is set. An immutable value. */
public final class EventQuery {
    private static final int MOST = 10_000;
    private static final int PAGE = 100;
    private static final EventQuery ALL = new EventQuery(null, null, null, null, null, null, 0, null);

    private final @Nullable String type;
    private final @Nullable String source;
    private final @Nullable String subject;
    private final @Nullable String correlationId;
    private final @Nullable Instant since;
    private final @Nullable Instant until;
    private final long after;
    private final @Nullable Integer limit;

    private EventQuery(
            @Nullable String type,
            @Nullable String source,
            @Nullable String subject,
            @Nullable String correlationId,
            @Nullable Instant since,
            @Nullable Instant until,
            long after,
            @Nullable Integer limit) {
        if (type != null) {
            EventTypePattern.of(type);
        }
        if (after < 0) {
            throw new IllegalArgumentException("after must be 0 or the position of an event, was " + after);
        }
        if (limit != null && (limit < 1 || limit > MOST)) {
            throw new IllegalArgumentException("limit must be 1 to " + MOST + ", was " + limit);
        }
        this.type = type;
        this.source = source;
        this.subject = subject;
        this.correlationId = correlationId;
        this.since = since;
        this.until = until;
        this.after = after;
        this.limit = limit;
    }

    /** All of them; a page of which is the earliest 100. */
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

    /** How many events a page has at most: the limit, and 100 where none is set. */
    public int pageSize() {
        return limit == null ? PAGE : limit;
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

    /** The event's type, or a pattern as subscriptions have them ({@code order.*}); null for any. */
    public @Nullable String type() {
        return type;
    }

    /** The event's source; null for any. */
    public @Nullable String source() {
        return source;
    }

    /** The event's subject; null for any. */
    public @Nullable String subject() {
        return subject;
    }

    /** The chain that it is of; null for any. */
    public @Nullable String correlationId() {
        return correlationId;
    }

    /** Recorded at that time or later; null for any time. */
    public @Nullable Instant since() {
        return since;
    }

    /** Recorded before that time; null for any time. */
    public @Nullable Instant until() {
        return until;
    }

    /** The position after which the events come; 0 is before the first. */
    public long after() {
        return after;
    }

    /** How many at most, 1 to 10,000; null when that is not set. */
    public @Nullable Integer limit() {
        return limit;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof EventQuery that
                && Objects.equals(type, that.type)
                && Objects.equals(source, that.source)
                && Objects.equals(subject, that.subject)
                && Objects.equals(correlationId, that.correlationId)
                && Objects.equals(since, that.since)
                && Objects.equals(until, that.until)
                && after == that.after
                && Objects.equals(limit, that.limit);
    }

    @Override
    public int hashCode() {
        return Objects.hash(type, source, subject, correlationId, since, until, after, limit);
    }

    @Override
    public String toString() {
        return "EventQuery[" + "type=" + type + ", " + "source=" + source + ", " + "subject=" + subject + ", "
                + "correlationId=" + correlationId + ", " + "since=" + since + ", " + "until=" + until + ", " + "after="
                + after + ", " + "limit=" + limit + "]";
    }
}
