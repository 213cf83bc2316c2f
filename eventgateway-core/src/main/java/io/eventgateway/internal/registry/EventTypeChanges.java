package io.eventgateway.internal.registry;

import io.eventgateway.EventTypeDefinition;
import io.eventgateway.EventTypePolicy;
import io.eventgateway.error.InvalidEventTypeException;
import io.eventgateway.internal.eventtype.EventTypeRule;
import io.eventgateway.internal.eventtype.Upcasters;
import io.eventgateway.internal.registry.SpaceRegistry.StoredEntry;
import io.eventgateway.spi.SchemaProvider;
import io.eventgateway.spi.SubscriptionStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Applies changes of event types to what the events of a space meet. */
public final class EventTypeChanges {
    private static final Logger log = LoggerFactory.getLogger(EventTypeChanges.class);

    private final SchemaProvider.Resolver resolver;
    private final Upcasters upcasters;

    /**
     * The changes.
     *
     * @param resolver gives what schemas refer to
     */
    public EventTypeChanges(SchemaProvider.Resolver resolver, Upcasters upcasters) {
        this.upcasters = upcasters;
        this.resolver = resolver;
    }

    /**
     * The rule of a definition that this process registers.
     *
     * @throws InvalidEventTypeException if its schema is not valid, or nothing can validate by it
     */
    EventTypeRule checked(EventTypeDefinition definition) {
        return EventTypeRule.of(definition, resolver);
    }

    /** The rule of a definition, whoever registered it: without a check where this process can't make one. */
    EventTypeRule rule(String space, EventTypeDefinition definition) {
        try {
            return checked(definition);
        } catch (InvalidEventTypeException e) {
            log.warn(
                    "Event type '{}' of space '{}' was registered by another gateway, and this one can't check its events: {}",
                    definition.name(),
                    space,
                    e.getMessage());
            return EventTypeRule.unchecked(definition);
        }
    }

    Upcasters upcasters() {
        return upcasters;
    }

    void replace(SpaceRegistry space, SubscriptionStore.Key key, @Nullable EventTypeRule rule, long version) {
        if (rule == null) {
            space.eventTypes.remove(key);
        } else {
            space.eventTypes.put(key, new StoredEntry(rule.definition(), version));
        }
        space.space().eventTypes().put(key.id(), rule);
    }

    void replacePolicy(SpaceRegistry space, SubscriptionStore.Key key, @Nullable EventTypePolicy policy, long version) {
        if (policy == null) {
            space.eventTypes.remove(key);
        } else {
            space.eventTypes.put(key, new StoredEntry(policy, version));
        }
        space.space().eventTypes().changePolicy(policy == null ? EventTypePolicy.open() : policy);
    }
}
