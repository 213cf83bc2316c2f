package io.eventgateway.internal.registry;

import io.eventgateway.EventTypeDefinition;
import io.eventgateway.EventTypePolicy;
import io.eventgateway.EventTypes;
import io.eventgateway.Registered;
import io.eventgateway.Registered.Change;
import io.eventgateway.Subscription;
import io.eventgateway.error.EventTypeAlreadyExistsException;
import io.eventgateway.error.EventTypeInUseException;
import io.eventgateway.error.EventTypeNotFoundException;
import io.eventgateway.error.IncompatibleSchemaException;
import io.eventgateway.error.InvalidEventTypeException;
import io.eventgateway.internal.discovery.Discoveries;
import io.eventgateway.internal.discovery.Drift;
import io.eventgateway.internal.discovery.LearnedValue;
import io.eventgateway.internal.event.NearNames;
import io.eventgateway.internal.eventtype.EventTypeRule;
import io.eventgateway.internal.json.ExactJson;
import io.eventgateway.internal.registry.SpaceRegistry.StoredEntry;
import io.eventgateway.internal.schema.EventPlace;
import io.eventgateway.internal.schema.Fields;
import io.eventgateway.internal.schema.SchemaComparison;
import io.eventgateway.schema.Compatibility;
import io.eventgateway.schema.Discovery;
import io.eventgateway.schema.DiscoveryOptions;
import io.eventgateway.schema.Field;
import io.eventgateway.schema.SchemaDifference;
import io.eventgateway.schema.Upcaster;
import io.eventgateway.schema.Violation;
import io.eventgateway.spi.StoreConflictException;
import io.eventgateway.spi.SubscriptionStore;
import io.eventgateway.spi.SubscriptionStore.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The event types of one space, to administer. */
final class EventTypeRegistry implements EventTypes {
    private static final Logger log = LoggerFactory.getLogger(EventTypeRegistry.class);

    private static final int MOST_SHOWN = 20;

    private final Registry registry;
    private final SpaceRegistry space;

    EventTypeRegistry(Registry registry, SpaceRegistry space) {
        this.registry = registry;
        this.space = space;
    }

    @Override
    public EventTypeDefinition register(EventTypeDefinition eventType) {
        Given.required(eventType, "eventType");
        check(eventType);
        return registry.change(() -> {
            StoredEntry known = current(key(eventType.name()));
            if (known == null) {
                try {
                    registry.put(key(eventType.name()), eventType, 0);
                    return eventType;
                } catch (StoreConflictException e) { // another gateway was faster, and the watch has not told yet
                    known = current(key(eventType.name()));
                    if (known == null) {
                        throw e;
                    }
                }
            }
            List<String> differences = Differences.between(known.value(), eventType);
            if (differences.isEmpty()) {
                return eventType;
            }
            throw new EventTypeAlreadyExistsException("event type '" + eventType.name() + "' exists already in space '"
                    + space.space().name() + "'; the new one differs in " + String.join("; ", differences)
                    + "; use registerOrUpdate or update");
        });
    }

    @Override
    public EventTypeDefinition update(EventTypeDefinition eventType) {
        Given.required(eventType, "eventType");
        check(eventType);
        return registry.change(key(eventType.name()), () -> {
            replace(found(eventType.name()), eventType);
            return eventType;
        });
    }

    @Override
    public Registered<EventTypeDefinition> registerOrUpdate(EventTypeDefinition eventType) {
        Given.required(eventType, "eventType");
        check(eventType);
        return registry.change(key(eventType.name()), () -> {
            StoredEntry known = current(key(eventType.name()));
            if (known == null) {
                registry.put(key(eventType.name()), eventType, 0);
                return registry.access().registered(eventType, Change.CREATED, List.of());
            }
            List<String> differences = Differences.between(known.value(), eventType);
            if (differences.isEmpty()) {
                return registry.access().registered(eventType, Change.UNCHANGED, List.of());
            }
            replace(known, eventType);
            log.info(
                    "Event type '{}' of space '{}' was updated: {}",
                    eventType.name(),
                    space.space().name(),
                    String.join("; ", differences));
            return registry.access().registered(eventType, Change.UPDATED, differences);
        });
    }

    private void replace(StoredEntry known, EventTypeDefinition next) {
        if (known.value() instanceof EventTypeDefinition before) {
            checkCompatible(before, next);
        }
        registry.put(key(next.name()), next, known.version());
    }

    /** Checks that the schema is one, and that the examples have it. */
    private void check(EventTypeDefinition eventType) {
        EventTypeRule rule = registry.eventTypeChanges().checked(eventType);
        for (String example : eventType.examples()) {
            List<Violation> violations = rule.violations(ExactJson.read(example));
            if (!violations.isEmpty()) {
                throw new InvalidEventTypeException("an example of event type '" + eventType.name()
                        + "' does not have the type's schema: "
                        + violations.stream().map(Violation::toString).collect(Collectors.joining("; ")));
            }
        }
    }

    /** The entry of a key as the store has it now; the watch may not have told yet what another gateway did. */
    private @Nullable StoredEntry current(SubscriptionStore.Key key) {
        registry.refresh(key);
        return space.eventTypes.get(key);
    }

    private StoredEntry found(String name) {
        StoredEntry known = current(key(name));
        if (known == null) {
            throw notFound(name);
        }
        return known;
    }

    private EventTypeNotFoundException notFound(String name) {
        return new EventTypeNotFoundException("event type '" + name + "' is not registered in space '"
                + space.space().name() + "'"
                + NearNames.hint(
                        name, list().stream().map(EventTypeDefinition::name).toList()));
    }

    private SubscriptionStore.Key key(String name) {
        return new SubscriptionStore.Key(Kind.EVENT_TYPE, space.space().name(), name);
    }

    private SubscriptionStore.Key policyKey() {
        return new SubscriptionStore.Key(Kind.EVENT_TYPE_POLICY, space.space().name(), EventTypePolicy.ID);
    }

    @Override
    public Optional<EventTypeDefinition> get(String name) {
        Given.required(name, "name");
        StoredEntry known = space.eventTypes.get(key(name));
        return known == null ? Optional.empty() : Optional.of((EventTypeDefinition) known.value());
    }

    @Override
    public List<EventTypeDefinition> list() {
        List<EventTypeDefinition> all = new ArrayList<>();
        space.eventTypes.values().forEach(entry -> {
            if (entry.value() instanceof EventTypeDefinition definition) {
                all.add(definition);
            }
        });
        all.sort(Comparator.comparing(EventTypeDefinition::name));
        return all;
    }

    @Override
    public EventTypeDefinition delete(String name) {
        return delete(name, false);
    }

    @Override
    public EventTypeDefinition deleteEvenIfUsed(String name) {
        return delete(name, true);
    }

    private EventTypeDefinition delete(String name, boolean evenIfUsed) {
        Given.required(name, "name");
        return registry.change(key(name), () -> {
            StoredEntry known = found(name);
            if (!evenIfUsed) {
                registry.refresh(space, key(name)); // other gateways may have subscribed to it just now
                known = found(name);
                checkUnused(name);
            }
            registry.delete(key(name), known.version());
            return (EventTypeDefinition) known.value();
        });
    }

    private void checkUnused(String name) {
        List<String> users = space.subscriptions.values().stream()
                .map(SpaceRegistry.SubscriptionEntry::subscription)
                .filter(subscription -> name.equals(subscription.eventType()))
                .map(Subscription::id)
                .sorted()
                .toList();
        if (!users.isEmpty()) {
            throw new EventTypeInUseException("event type '" + name + "' is used by subscription '" + users.get(0) + "'"
                    + (users.size() == 1 ? "" : " and " + (users.size() - 1) + " more")
                    + "; delete those first, or use deleteEvenIfUsed");
        }
    }

    @Override
    public EventTypePolicy policy() {
        return space.space().eventTypes().policy();
    }

    @Override
    public void changePolicy(EventTypePolicy policy) {
        Given.required(policy, "policy");
        registry.change(policyKey(), () -> {
            StoredEntry known = current(policyKey());
            if (known == null || !known.value().equals(policy)) {
                registry.put(policyKey(), policy, known == null ? 0 : known.version());
            }
            return policy;
        });
    }

    @Override
    public List<SchemaDifference> compare(String name, String schema) {
        Given.required(name, "name");
        Given.required(schema, "schema");
        EventTypeDefinition known = get(name).orElseThrow(() -> notFound(name));
        EventTypeDefinition next =
                EventTypeDefinition.of(name).schema(schema).build();
        registry.eventTypeChanges().checked(next);
        return differences(known, next);
    }

    /** The differences between the schemas of two definitions; none where one of them has no schema. */
    private static List<SchemaDifference> differences(EventTypeDefinition before, EventTypeDefinition after) {
        String was = before.schema();
        String is = after.schema();
        return was == null || is == null
                ? List.of()
                : SchemaComparison.between(ExactJson.read(was), ExactJson.read(is));
    }

    /**
     * Checks that a new definition of the same version goes on to say what it has to.
     *
     * @throws IncompatibleSchemaException if it does not
     */
    private void checkCompatible(EventTypeDefinition before, EventTypeDefinition after) {
        Compatibility own = after.compatibility();
        Compatibility compatibility = own == null ? policy().compatibility() : own;
        if (before.version() != after.version() || compatibility == Compatibility.NONE) {
            return;
        }
        List<SchemaDifference> breaking = differences(before, after).stream()
                .filter(difference -> !difference.isAllowedBy(compatibility))
                .toList();
        if (breaking.isEmpty()) {
            return;
        }
        List<String> broken =
                space.findings.brokenBy(registry.eventTypeChanges().checked(after), registry.access());
        throw new IncompatibleSchemaException(
                "the new schema of event type '" + after.name() + "' of version " + after.version() + " is not "
                        + compatibility + " compatible: " + shown(breaking)
                        + (broken.isEmpty() ? "" : "; it would break subscriptions: " + shown(broken))
                        + "; give it another version, or change what its compatibility has to be",
                breaking);
    }

    private static String shown(List<?> all) {
        String first = all.stream().limit(MOST_SHOWN).map(Object::toString).collect(Collectors.joining("; "));
        return all.size() <= MOST_SHOWN ? first : first + "; and " + (all.size() - MOST_SHOWN) + " more";
    }

    @Override
    public void upcaster(String name, int from, int to, Upcaster upcaster) {
        Given.required(name, "name");
        Given.required(upcaster, "upcaster");
        registry.eventTypeChanges().upcasters().add(space.space().name(), name, from, to, upcaster);
    }

    @Override
    public List<Field> fields(String name) {
        Given.required(name, "name");
        EventTypeDefinition definition = get(name).orElse(null);
        String schema = definition == null
                ? discovered(name).map(Discovery::schema).orElse(null)
                : definition.schema();
        return Fields.of(EventPlace.of(name, schema == null ? null : ExactJson.read(schema)));
    }

    @Override
    public void discover(DiscoveryOptions options) {
        Given.required(options, "options");
        registry.change(() -> {
            space.space()
                    .eventTypes()
                    .learnInto(options.sampleEvery() == 0 ? null : new Discoveries(options, registry.now()));
            return options;
        });
    }

    @Override
    public Optional<Discovery> discovered(String name) {
        Given.required(name, "name");
        Discoveries learned = space.space().eventTypes().discoveries();
        return learned == null ? Optional.empty() : Optional.ofNullable(learned.of(name));
    }

    @Override
    public List<Discovery> discovered() {
        Discoveries learned = space.space().eventTypes().discoveries();
        return learned == null ? List.of() : learned.all();
    }

    @Override
    public List<SchemaDifference> drift(String name) {
        Given.required(name, "name");
        EventTypeDefinition definition = get(name).orElseThrow(() -> notFound(name));
        Discoveries learned = space.space().eventTypes().discoveries();
        LearnedValue seen = learned == null ? null : learned.valueOf(name);
        String schema = definition.schema();
        return seen == null || schema == null ? List.of() : Drift.between(ExactJson.read(schema), seen);
    }
}
