package io.eventgateway.internal.registry;

import io.eventgateway.EventTypeDefinition;
import io.eventgateway.Finding;
import io.eventgateway.Finding.Severity;
import io.eventgateway.GatewayDescription;
import io.eventgateway.GatewayDescription.DescribedEventType;
import io.eventgateway.GatewayDescription.DescribedFunction;
import io.eventgateway.Subscription;
import io.eventgateway.SystemEvent;
import io.eventgateway.http.HttpRequest;
import io.eventgateway.internal.access.FacadeAccess;
import io.eventgateway.internal.describe.Picture;
import io.eventgateway.internal.event.EventTypePattern;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What looks wrong in how the registrations of a space belong together. */
public final class RoutingFindings {
    /**
     * What the application says beside what it registers.
     *
     * @param emits the types, or patterns of types, that it emits by itself; null when it does not say
     * @param deadLetter the function that gets dead letters by the gateway's default policy; null for none
     */
    public record Said(
            @Nullable List<EventTypePattern> emits,
            @Nullable String deadLetter) {}

    private final FacadeAccess access;
    private final GatewayDescription description;
    private final Said said;
    private final LocalDate today;
    private final List<Finding> found = new ArrayList<>();

    private RoutingFindings(FacadeAccess access, GatewayDescription description, Said said, Instant now) {
        this.access = access;
        this.description = description;
        this.said = said;
        this.today = LocalDate.ofInstant(now, ZoneOffset.UTC);
    }

    /** The findings: about types, functions, cycles and deprecated types, in this order. */
    static List<Finding> of(FacadeAccess access, GatewayDescription description, Said said, Instant now) {
        RoutingFindings findings = new RoutingFindings(access, description, said, now);
        description.eventTypes().forEach(findings::lookAt);
        findings.lookForUnreachableFunctions();
        findings.lookForCycles();
        findings.lookForDeprecatedTypes();
        return List.copyOf(findings.found);
    }

    private void warn(String about, @Nullable String eventType, String message, @Nullable String suggestion) {
        found.add(access.routingFinding(Severity.WARNING, about, eventType, message, suggestion));
    }

    private void lookAt(DescribedEventType type) {
        String name = type.name();
        List<EventTypePattern> emits = said.emits();
        if (emits != null
                && type.emittedBy().isEmpty()
                && !isGateways(name)
                && emits.stream().noneMatch(pattern -> pattern.matches(name))) {
            warn(
                    "event type",
                    name,
                    "nobody emits events of type '" + name + "': neither does a function say so, nor the application",
                    "declare it by FunctionDefinition.emits or EventGateway.Builder.emits, or remove it");
        }
        if (!type.emittedBy().isEmpty() && type.subscribedBy().isEmpty()) {
            warn(
                    "event type",
                    name,
                    "nobody subscribes to events of type '" + name + "', which " + named(type.emittedBy()) + " emit"
                            + (type.emittedBy().size() == 1 ? "s" : ""),
                    null);
        }
    }

    private static String named(List<String> functions) {
        return (functions.size() == 1 ? "function '" : "functions '") + String.join("', '", functions) + "'";
    }

    /** Returns whether the gateway emits events of a type by itself. */
    private static boolean isGateways(String type) {
        return type.startsWith(SystemEvent.TYPE_PREFIX) || type.equals(HttpRequest.EVENT_TYPE);
    }

    private void lookForUnreachableFunctions() {
        Set<String> reached = new HashSet<>();
        if (said.deadLetter() != null) {
            reached.add(said.deadLetter());
        }
        for (Subscription subscription : description.subscriptions()) {
            reached.add(subscription.functionId());
            if (subscription.authorizer() != null) {
                reached.add(subscription.authorizer());
            }
            String deadLetter = SpaceRegistry.deadLetterFunction(subscription);
            if (deadLetter != null) {
                reached.add(deadLetter);
            }
        }
        description.functions().forEach(function -> reached.addAll(function.calls()));
        for (DescribedFunction function : description.functions()) {
            if (!reached.contains(function.functionId())) {
                warn(
                        "function",
                        null,
                        "function '" + function.functionId() + "' gets no events: no subscription, group, dead letter"
                                + " policy or authorizer names it, so that only invoke calls it",
                        null);
            }
        }
    }

    private void lookForCycles() {
        for (List<String> cycle : Picture.of(description).cycles()) {
            warn("cycle", null, "events may go round: " + String.join(" -> ", cycle), null);
        }
    }

    private void lookForDeprecatedTypes() {
        Map<String, LocalDate> deprecated = new HashMap<>();
        for (DescribedEventType type : description.eventTypes()) {
            EventTypeDefinition definition = type.definition();
            LocalDate since = definition == null ? null : definition.deprecatedSince();
            if (since != null && !since.isAfter(today)) {
                deprecated.put(type.name(), since);
            }
        }
        for (Subscription subscription : description.subscriptions()) {
            LocalDate since = deprecated.get(subscription.eventType());
            if (since != null) {
                found.add(access.subscriptionFinding(
                        Severity.WARNING,
                        subscription.id(),
                        subscription.eventType(),
                        "eventType",
                        null,
                        "event type '" + subscription.eventType() + "' is deprecated since " + since,
                        null));
            }
        }
    }
}
