package io.eventgateway.delivery;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which dead letters, newest first. An immutable value; null parts don't matter.
 *
 * @param eventType the event's exact type
 * @param subscriptionId the subscription
 * @param functionId the function
 * @param reason why it was given up
 * @param since given up at that time or later
 * @param until given up before that time
 * @param after the last id of the page before; null for the first page
 * @param limit how many at most, 1 to 10,000
 */
public record DeadLetterQuery(
        @Nullable String eventType,
        @Nullable String subscriptionId,
        @Nullable String functionId,
        DeadLetter.@Nullable Reason reason,
        @Nullable Instant since,
        @Nullable Instant until,
        @Nullable String after,
        int limit) {
    private static final int MOST = 10_000;
    private static final DeadLetterQuery ALL = new DeadLetterQuery(null, null, null, null, null, null, null, 100);

    /** Checks the limit. */
    public DeadLetterQuery {
        if (limit < 1 || limit > MOST) {
            throw new IllegalArgumentException("limit must be 1 to " + MOST + ", was " + limit);
        }
    }

    /** The newest 100 of all. */
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

    /** At most so many. */
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
}
