package io.eventgateway.internal.access;

import io.eventgateway.Event;
import io.eventgateway.Filter;
import io.eventgateway.Finding;
import io.eventgateway.Registered;
import io.eventgateway.Subscription;
import io.eventgateway.Transform;
import io.eventgateway.delivery.FailingPeriod;
import io.eventgateway.delivery.Pause;
import io.eventgateway.internal.event.Step;
import io.eventgateway.internal.filter.Condition;
import io.eventgateway.internal.transform.Sent;
import io.eventgateway.spi.Registration;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The members of the facade's values that the gateway needs and applications must not have. The facade gives one to the builder, so
 * that nothing is public for its package's sake. A class, since the virtual machine inlines calls of the only subclass.
 */
public abstract class FacadeAccess {
    /** A complete event of the type with a new id and the time of now. */
    public abstract Event accepted(
            String type,
            @Nullable Object data,
            URI source,
            InstantSource clock,
            @Nullable Event cause,
            @Nullable Step step,
            @Nullable JsonMapper mapper);

    /** The event with what an accepted event must have; the event itself when it has all of that. */
    public abstract Event complete(
            Event event,
            URI source,
            InstantSource clock,
            @Nullable Event cause,
            @Nullable Step step,
            @Nullable JsonMapper mapper);

    /** The event with its data in another version; the missing node for none. */
    public abstract Event lifted(Event event, JsonNode data, int version);

    /** How the event came about in this process; null for the first of a chain. */
    public abstract @Nullable Step step(Event event);

    /** How many bytes the event's data takes, as far as that is known without making them. */
    public abstract long knownSize(Event event);

    /** The condition that the filter compiles to. */
    public abstract Condition condition(Filter filter);

    /** Applies the transform to the event. */
    public abstract Sent apply(
            Transform transform, Event event, String space, Subscription subscription, @Nullable JsonMapper mapper);

    /** The outcome of registering something again. */
    public abstract <T extends Registration> Registered<T> registered(
            T value, Registered.Change change, List<String> differences);

    /** Returns whether a subscription's id is the one that is derived from what it binds, also where its builder was given that id. */
    public abstract boolean hasDerivedId(Subscription subscription);

    /** The subscription with what was noticed about it. */
    public abstract Subscription withFindings(Subscription subscription, List<Finding> findings);

    /** A finding about a subscription; see {@link Finding} for its parts. */
    public abstract Finding subscriptionFinding(
            Finding.Severity severity,
            String subscriptionId,
            @Nullable String eventType,
            String part,
            @Nullable String position,
            String message,
            @Nullable String suggestion);

    /** The subscription with another time in which all attempts failed; null for none. */
    public abstract Subscription withFailing(Subscription subscription, @Nullable FailingPeriod period);

    /** The subscription with another pause; null for none. */
    public abstract Subscription withPause(Subscription subscription, @Nullable Pause pause);

    /** A finding about what is registered as a whole. */
    public abstract Finding routingFinding(
            Finding.Severity severity,
            String about,
            @Nullable String eventType,
            String message,
            @Nullable String suggestion);
}
