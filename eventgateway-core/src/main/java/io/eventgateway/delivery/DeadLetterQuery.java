package io.eventgateway.delivery;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Which dead letters, newest first: all, unless something is set. An immutable value. */
public final class DeadLetterQuery {
    private static final int MOST = 10_000;
    private static final DeadLetterQuery ALL = new DeadLetterQuery(null, null, null, null, null, null, null, null);

    private final @Nullable String eventType;
    private final @Nullable String subscriptionId;
    private final @Nullable String functionId;
    private final DeadLetter.@Nullable Reason reason;
    private final @Nullable Instant since;
    private final @Nullable Instant until;
    private final @Nullable String after;
    private final @Nullable Integer limit;

    private DeadLetterQuery(
            @Nullable String eventType,
            @Nullable String subscriptionId,
            @Nullable String functionId,
            DeadLetter.@Nullable Reason reason,
            @Nullable Instant since,
            @Nullable Instant until,
            @Nullable String after,
            @Nullable Integer limit) {
        if (limit != null && (limit < 1 || limit > MOST)) {
            throw new IllegalArgumentException("limit must be 1 to " + MOST + ", was " + limit);
        }
        this.eventType = eventType;
        this.subscriptionId = subscriptionId;
        this.functionId = functionId;
        this.reason = reason;
        this.since = since;
        this.until = until;
        this.after = after;
        this.limit = limit;
    }

    /** All of them. */
    public static DeadLetterQuery all() {
        return ALL;
    }

    /** Only of events of that type. */
    public DeadLetterQuery ofType(String type) {
        return new DeadLetterQuery(type, subscriptionId, functionId, reason, since, until, after, limit);
    }

    /** Only of that subscription. */
    public DeadLetterQuery ofSubscription(String id) {
        return new DeadLetterQuery(eventType, id, functionId, reason, since, until, after, limit);
    }

    /** Only of that function. */
    public DeadLetterQuery ofFunction(String id) {
        return new DeadLetterQuery(eventType, subscriptionId, id, reason, since, until, after, limit);
    }

    /** Only those given up for that reason. */
    public DeadLetterQuery because(DeadLetter.Reason why) {
        return new DeadLetterQuery(eventType, subscriptionId, functionId, why, since, until, after, limit);
    }

    /** Only those given up at that time or later. */
    public DeadLetterQuery since(Instant from) {
        return new DeadLetterQuery(eventType, subscriptionId, functionId, reason, from, until, after, limit);
    }

    /** Only those given up before that time. */
    public DeadLetterQuery until(Instant before) {
        return new DeadLetterQuery(eventType, subscriptionId, functionId, reason, since, before, after, limit);
    }

    /** The page after the one that ended with that id. */
    public DeadLetterQuery after(String id) {
        return new DeadLetterQuery(eventType, subscriptionId, functionId, reason, since, until, id, limit);
    }

    /** At most so many, the newest of those that match: listed, redriven and purged alike. */
    public DeadLetterQuery limit(int most) {
        return new DeadLetterQuery(eventType, subscriptionId, functionId, reason, since, until, after, most);
    }

    /** Whether a dead letter is one of them; pages don't matter. */
    public boolean matches(DeadLetter letter) {
        return (eventType == null || eventType.equals(letter.event().getType()))
                && (subscriptionId == null || subscriptionId.equals(letter.subscriptionId()))
                && (functionId == null || functionId.equals(letter.functionId()))
                && (reason == null || reason == letter.reason())
                && (since == null || !letter.at().isBefore(since))
                && (until == null || letter.at().isBefore(Objects.requireNonNull(until)));
    }

    /** The event's exact type; null for any. */
    public @Nullable String eventType() {
        return eventType;
    }

    /** The subscription; null for any. */
    public @Nullable String subscriptionId() {
        return subscriptionId;
    }

    /** The function; null for any. */
    public @Nullable String functionId() {
        return functionId;
    }

    /** Why it was given up; null for any reason. */
    public DeadLetter.@Nullable Reason reason() {
        return reason;
    }

    /** Given up at that time or later; null for any time. */
    public @Nullable Instant since() {
        return since;
    }

    /** Given up before that time; null for any time. */
    public @Nullable Instant until() {
        return until;
    }

    /** The last id of the page before; null for the first page. */
    public @Nullable String after() {
        return after;
    }

    /** How many at most, 1 to 10,000; null for all. */
    public @Nullable Integer limit() {
        return limit;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof DeadLetterQuery that
                && Objects.equals(eventType, that.eventType)
                && Objects.equals(subscriptionId, that.subscriptionId)
                && Objects.equals(functionId, that.functionId)
                && Objects.equals(reason, that.reason)
                && Objects.equals(since, that.since)
                && Objects.equals(until, that.until)
                && Objects.equals(after, that.after)
                && Objects.equals(limit, that.limit);
    }

    @Override
    public int hashCode() {
        return Objects.hash(eventType, subscriptionId, functionId, reason, since, until, after, limit);
    }

    @Override
    public String toString() {
        return "DeadLetterQuery[" + "eventType=" + eventType + ", " + "subscriptionId=" + subscriptionId + ", "
                + "functionId=" + functionId + ", " + "reason=" + reason + ", " + "since=" + since + ", " + "until="
                + until + ", " + "after=" + after + ", " + "limit=" + limit + "]";
    }
}
