package io.eventgateway;

import io.eventgateway.delivery.FailingPeriod;
import io.eventgateway.delivery.Pause;
import io.eventgateway.internal.access.FacadeAccess;
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

/** Opens the values of this package to the gateway that {@link EventGateway#builder()} builds. */
final class PackageAccess extends FacadeAccess {
    @Override
    public Event accepted(
            String type,
            @Nullable Object data,
            URI source,
            InstantSource clock,
            @Nullable Event cause,
            @Nullable Step step,
            @Nullable JsonMapper mapper) {
        return Event.accepted(type, data, source, clock, cause, step, mapper);
    }

    @Override
    public Event complete(
            Event event,
            URI source,
            InstantSource clock,
            @Nullable Event cause,
            @Nullable Step step,
            @Nullable JsonMapper mapper) {
        return Event.complete(event, source, clock, cause, step, mapper);
    }

    @Override
    public Event lifted(Event event, JsonNode data, int version) {
        return event.lifted(data, version);
    }

    @Override
    public @Nullable Step step(Event event) {
        return event.step();
    }

    @Override
    public long knownSize(Event event) {
        return event.knownSize();
    }

    @Override
    public Condition condition(Filter filter) {
        return filter.condition();
    }

    @Override
    public Sent apply(
            Transform transform, Event event, String space, Subscription subscription, @Nullable JsonMapper mapper) {
        return transform.apply(event, space, subscription, mapper);
    }

    @Override
    public <T extends Registration> Registered<T> registered(
            T value, Registered.Change change, List<String> differences) {
        return new Registered<>(value, change, differences);
    }

    @Override
    public boolean hasDerivedId(Subscription subscription) {
        return subscription.hasDerivedId();
    }

    @Override
    public Subscription withFindings(Subscription subscription, List<Finding> findings) {
        return subscription.withFindings(findings);
    }

    @Override
    public Finding subscriptionFinding(
            Finding.Severity severity,
            String subscriptionId,
            @Nullable String eventType,
            String part,
            @Nullable String position,
            String message,
            @Nullable String suggestion) {
        return Finding.ofSubscription(severity, subscriptionId, eventType, part, position, message, suggestion);
    }

    @Override
    public Subscription withFailing(Subscription subscription, @Nullable FailingPeriod period) {
        return subscription.withFailing(period);
    }

    @Override
    public Subscription withPause(Subscription subscription, @Nullable Pause pause) {
        return subscription.withPause(pause);
    }

    @Override
    public Finding routingFinding(
            Finding.Severity severity,
            String about,
            @Nullable String eventType,
            String message,
            @Nullable String suggestion) {
        return Finding.ofRouting(severity, about, eventType, message, suggestion);
    }
}
