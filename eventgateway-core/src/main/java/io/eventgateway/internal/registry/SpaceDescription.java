package io.eventgateway.internal.registry;

import io.eventgateway.EventTypeDefinition;
import io.eventgateway.GatewayDescription;
import io.eventgateway.GatewayDescription.DescribedEventType;
import io.eventgateway.GatewayDescription.DescribedFunction;
import io.eventgateway.Subscription;
import io.eventgateway.SubscriptionMode;
import io.eventgateway.internal.event.EventTypePattern;
import io.eventgateway.internal.registry.SpaceRegistry.FunctionEntry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The description of a space, as its registry is at this moment. */
final class SpaceDescription {
    /** What is known of an event type. */
    private static final class Known {
        private @Nullable EventTypeDefinition definition;
        private final TreeSet<String> emittedBy = new TreeSet<>();
        private final TreeSet<String> subscribedBy = new TreeSet<>();
    }

    private final Map<String, Known> types = new TreeMap<>();

    private SpaceDescription() {}

    static GatewayDescription of(SpaceRegistry space) {
        return new SpaceDescription().describe(space);
    }

    private GatewayDescription describe(SpaceRegistry space) {
        space.eventTypes.values().forEach(entry -> {
            if (entry.value() instanceof EventTypeDefinition definition) {
                type(definition.name()).definition = definition;
            }
        });
        List<DescribedFunction> functions = space.functions.values().stream()
                .sorted(Comparator.comparing(entry -> entry.definition().id()))
                .map(this::function)
                .toList();
        List<Subscription> subscriptions = space.subscriptions.values().stream()
                .map(SpaceRegistry.SubscriptionEntry::subscription)
                .sorted(Comparator.comparing(Subscription::id))
                .toList();
        List<Subscription> ofPatterns = new ArrayList<>();
        for (Subscription subscription : subscriptions) {
            if (subscription.eventType().indexOf('*') >= 0) {
                ofPatterns.add(subscription);
            } else if (subscription.mode() != SubscriptionMode.HTTP) {
                type(subscription.eventType()).subscribedBy.add(subscription.id());
            }
        }
        for (Subscription subscription : ofPatterns) {
            EventTypePattern pattern = EventTypePattern.of(subscription.eventType());
            types.forEach((name, known) -> {
                if (pattern.matches(name)) {
                    known.subscribedBy.add(subscription.id());
                }
            });
        }
        List<DescribedEventType> eventTypes = new ArrayList<>();
        types.forEach((name, known) -> eventTypes.add(new DescribedEventType(
                name, known.definition, List.copyOf(known.emittedBy), List.copyOf(known.subscribedBy))));
        return new GatewayDescription(space.space().name(), eventTypes, functions, subscriptions);
    }

    private DescribedFunction function(FunctionEntry entry) {
        entry.definition()
                .emits()
                .forEach(type -> type(type).emittedBy.add(entry.definition().id()));
        return new DescribedFunction(
                entry.definition().id(),
                entry.definition().type(),
                List.copyOf(entry.definition().emits()),
                entry.references().stream().sorted().toList(),
                entry.definition().metadata());
    }

    private Known type(String name) {
        return types.computeIfAbsent(name, key -> new Known());
    }
}
