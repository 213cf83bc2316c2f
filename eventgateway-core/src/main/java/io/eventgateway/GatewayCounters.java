package io.eventgateway;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What this process has counted of one space's events and deliveries since it has the space. An immutable value: a later one has what was
 * counted in between. The counts of one moment may differ by what was under way, since no emission waits to be counted.
 *
 * <p>What other gateways on the same stores do is in their own counters: a delivery that is accepted here and made there is routed here
 * and delivered there.
 *
 * @param since when the counting began, by the gateway's clock
 * @param eventTypes by event type; at most 1,000 types that events had or subscriptions matched
 * @param otherEventTypes what was counted of all other types together
 * @param subscriptions by id of the subscriptions that there are
 * @param functions by id of the functions that are registered, whatever subscription or caller their calls were for
 */
public record GatewayCounters(
        Instant since,
        Map<String, Counts> eventTypes,
        Counts otherEventTypes,
        Map<String, Counts> subscriptions,
        Map<String, Counts> functions) {
    /** The counts of what nothing has happened to. */
    private static final Counts NOTHING = new Counts(0, 0, 0, 0, 0, 0, 0, null, null);

    /** Copies the maps, and sorts them by key. */
    public GatewayCounters {
        Objects.requireNonNull(since, "since");
        Objects.requireNonNull(otherEventTypes, "otherEventTypes");
        eventTypes = Collections.unmodifiableSortedMap(new TreeMap<>(eventTypes));
        subscriptions = Collections.unmodifiableSortedMap(new TreeMap<>(subscriptions));
        functions = Collections.unmodifiableSortedMap(new TreeMap<>(functions));
    }

    /** The counts of a type; zeros when no event of it was seen. */
    public Counts ofEventType(String eventType) {
        return eventTypes.getOrDefault(eventType, NOTHING);
    }

    /** The counts of a subscription; zeros when there is none of that id. */
    public Counts ofSubscription(String subscriptionId) {
        return subscriptions.getOrDefault(subscriptionId, NOTHING);
    }

    /** The counts of a function; zeros when there is none of that id. */
    public Counts ofFunction(String functionId) {
        return functions.getOrDefault(functionId, NOTHING);
    }

    /**
     * The counts of one type, subscription or function.
     *
     * @param emitted the events that were accepted; of types only
     * @param routed the deliveries that events were accepted for, replays included, and the calls that somebody waited for
     * @param delivered the deliveries that succeeded, redriven ones included; a sync one from its beginning on, unless it fails
     * @param failedAttempts the attempts that failed
     * @param retried the failed attempts after which there was to be another
     * @param dead the deliveries that became dead letters
     * @param dropped the deliveries that ended without having succeeded, and that nothing was kept of: dropped, erased or expired
     * @param p50 the time that half of the calls took at most, to an eighth; of a sample of calls; null when none was measured
     * @param p99 the time that 99 of 100 calls took at most, as {@code p50}
     */
    public record Counts(
            long emitted,
            long routed,
            long delivered,
            long failedAttempts,
            long retried,
            long dead,
            long dropped,
            @Nullable Duration p50,
            @Nullable Duration p99) {}
}
