package io.eventgateway.internal.registry;

import io.eventgateway.Filter;
import io.eventgateway.FunctionDefinition;
import io.eventgateway.FunctionHandler;
import io.eventgateway.Registered;
import io.eventgateway.Registered.Change;
import io.eventgateway.Subscription;
import io.eventgateway.SubscriptionMode;
import io.eventgateway.SubscriptionWarning;
import io.eventgateway.Subscriptions;
import io.eventgateway.error.FunctionNotFoundException;
import io.eventgateway.error.InvalidSubscriptionException;
import io.eventgateway.error.PathConflictException;
import io.eventgateway.error.SubscriptionAlreadyExistsException;
import io.eventgateway.error.SubscriptionNotFoundException;
import io.eventgateway.internal.event.NearNames;
import io.eventgateway.internal.event.TimeOrderedId;
import io.eventgateway.internal.registry.SpaceRegistry.FunctionEntry;
import io.eventgateway.internal.registry.SpaceRegistry.SubscriptionEntry;
import io.eventgateway.spi.StoreConflictException;
import io.eventgateway.spi.SubscriptionStore;
import io.eventgateway.spi.SubscriptionStore.Kind;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The subscriptions of one space, to administer. */
public final class SubscriptionRegistry implements Subscriptions {
    private static final Logger log = LoggerFactory.getLogger(SubscriptionRegistry.class);
    private static final String ANONYMOUS = "anonymous-";

    private final Registry registry;
    private final SpaceRegistry space;

    SubscriptionRegistry(Registry registry, SpaceRegistry space) {
        this.registry = registry;
        this.space = space;
    }

    @Override
    public Subscription create(Subscription subscription) {
        Given.required(subscription, "subscription");
        return registry.change(() -> {
            SubscriptionEntry known = current(subscription.id());
            if (known != null) {
                return adopted(known, subscription, null);
            }
            try {
                return created(subscription);
            } catch (StoreConflictException e) { // another process was faster, and the watch has not told yet
                registry.refresh(key(subscription.id()));
                SubscriptionEntry theirs = space.subscriptions.get(subscription.id());
                if (theirs == null) {
                    throw alreadyExists(subscription, List.of(), e);
                }
                return adopted(theirs, subscription, e);
            }
        });
    }

    /** Creates one that is not there; throws a {@link StoreConflictException} if another process did just now. */
    private Subscription created(Subscription subscription) {
        FunctionEntry function = checked(subscription);
        if (function.version() == SpaceRegistry.LOCAL || hasCode(subscription)) {
            // what the store keeps must mean something to another process
            registry.changes().changeLocal(space, subscription.id(), subscription);
            return noticed(subscription);
        }
        registry.put(key(subscription.id()), subscription, 0);
        space.say(key(subscription.id()));
        return noticed(subscription);
    }

    /** The one of that id as the store has it now; the watch may not have told yet what another gateway did. */
    private @Nullable SubscriptionEntry current(String subscriptionId) {
        SubscriptionEntry known = space.subscriptions.get(subscriptionId);
        if (known == null || known.version() == SpaceRegistry.LOCAL) {
            return known;
        }
        registry.refresh(key(subscriptionId));
        return space.subscriptions.get(subscriptionId);
    }

    /** One that the store has from another process, or from this one's life before, and that is said here for the first time. */
    private Subscription adopted(SubscriptionEntry known, Subscription subscription, @Nullable Throwable cause) {
        boolean same =
                known.version() != SpaceRegistry.LOCAL && known.subscription().equals(subscription);
        if (!same || !space.say(key(subscription.id()))) {
            throw alreadyExists(known.subscription(), Differences.between(known.subscription(), subscription), cause);
        }
        return noticed(known.subscription());
    }

    /** Subscribes code of this process, in this process alone, under a function id of its own. */
    public Subscription create(String eventType, FunctionHandler handler) {
        FunctionDefinition function = FunctionDefinition.of(
                ANONYMOUS + TimeOrderedId.at(System.currentTimeMillis()), FunctionDefinition.JAVA, Map.of());
        Subscription subscription =
                Subscription.to(eventType).function(function.id()).build();
        return registry.change(() -> {
            registry.changes().addLocal(space, function, place -> place.handledBy(function, handler));
            registry.changes().changeLocal(space, subscription.id(), subscription);
            return subscription;
        });
    }

    @Override
    public Subscription update(Subscription subscription) {
        Given.required(subscription, "subscription");
        return registry.change(() -> {
            SubscriptionEntry known = found(subscription.id());
            checked(subscription);
            if (known.version() == SpaceRegistry.LOCAL) {
                registry.changes().changeLocal(space, subscription.id(), subscription);
            } else if (hasCode(subscription)) {
                throw new InvalidSubscriptionException("subscription '" + subscription.id()
                        + "' is stored, and can't get a filter with code in it; delete it and create it anew, for this process"
                        + " alone, or use a filter with a JSON form");
            } else {
                registry.put(key(subscription.id()), subscription, known.version());
            }
            return noticed(subscription);
        });
    }

    @Override
    public Registered<Subscription> createOrUpdate(Subscription subscription) {
        Given.required(subscription, "subscription");
        return registry.change(() -> {
            for (int tries = 1; ; tries++) {
                try {
                    return createdOrUpdated(subscription);
                } catch (StoreConflictException e) { // another process was faster
                    if (tries == Registry.MAX_TRIES) {
                        throw e;
                    }
                    registry.refresh(key(subscription.id()));
                }
            }
        });
    }

    private Registered<Subscription> createdOrUpdated(Subscription subscription) {
        SubscriptionEntry known = current(subscription.id());
        if (known == null) {
            return registry.access().registered(created(subscription), Change.CREATED, List.of());
        }
        List<String> differences = Differences.between(known.subscription(), subscription);
        if (differences.isEmpty()) {
            space.say(key(subscription.id()));
            return registry.access().registered(noticed(known.subscription()), Change.UNCHANGED, List.of());
        }
        Subscription updated = update(subscription);
        space.say(key(subscription.id()));
        log.info(
                "Subscription '{}' of space '{}' was updated: {}",
                subscription.id(),
                space.space().name(),
                String.join("; ", differences));
        return registry.access().registered(updated, Change.UPDATED, differences);
    }

    private static boolean hasCode(Subscription subscription) {
        Filter filter = subscription.filter();
        return filter != null && !filter.isStorable();
    }

    private Subscription noticed(Subscription subscription) {
        List<String> cycle = RoutingGraph.of(space).cycleThrough(subscription);
        if (cycle.isEmpty()) {
            return subscription;
        }
        SubscriptionWarning warning = new SubscriptionWarning.RoutingCycle(cycle);
        log.warn(
                "Subscription '{}' of space '{}': {}",
                subscription.id(),
                space.space().name(),
                warning.message());
        return registry.access().withWarnings(subscription, List.of(warning));
    }

    private FunctionEntry checked(Subscription subscription) {
        FunctionEntry function = space.functions.get(subscription.functionId());
        if (function != null && function.version() != SpaceRegistry.LOCAL) { // or another gateway has just deleted it
            registry.refresh(
                    new SubscriptionStore.Key(Kind.FUNCTION, space.space().name(), subscription.functionId()));
            function = space.functions.get(subscription.functionId());
        }
        if (function == null) {
            throw new FunctionNotFoundException("function '" + subscription.functionId() + "' of the subscription to "
                    + what(subscription) + " is not registered in space '"
                    + space.space().name()
                    + "'; register it first" + NearNames.hint(subscription.functionId(), space.functions.keySet()));
        }
        String lacking = registry.deliveries().lackingPredicate(subscription.delivery());
        if (lacking != null) {
            throw new InvalidSubscriptionException("the delivery policy of the subscription to " + what(subscription)
                    + " names the retry predicate '" + lacking
                    + "', which this gateway's builder was not given by retryPredicate");
        }
        if (subscription.mode() == SubscriptionMode.HTTP) {
            Subscription owner = space.ownerOfPath(subscription);
            if (owner != null && !owner.id().equals(subscription.id())) {
                throw new PathConflictException(
                        what(subscription) + " conflicts with " + what(owner) + " of subscription '" + owner.id()
                                + "': both match the same requests; names of parameters make no difference");
            }
        }
        return function;
    }

    private static String what(Subscription subscription) {
        return subscription.mode() == SubscriptionMode.HTTP
                ? subscription.method() + " " + subscription.path()
                : "event type '" + subscription.eventType() + "'";
    }

    private static SubscriptionAlreadyExistsException alreadyExists(
            Subscription subscription, List<String> differences, @Nullable Throwable cause) {
        boolean http = subscription.mode() == SubscriptionMode.HTTP; // where another id would conflict by its path
        return new SubscriptionAlreadyExistsException(
                "subscription '" + subscription.id() + "' exists already: function '" + subscription.functionId()
                        + "' to " + what(subscription)
                        + (differences.isEmpty() ? "" : "; the new one differs in " + String.join("; ", differences))
                        + "; use createOrUpdate or update" + (http ? "" : ", or give the new one an id of its own"),
                cause);
    }

    private SubscriptionEntry found(String subscriptionId) {
        SubscriptionEntry known = space.subscriptions.get(subscriptionId);
        if (known == null) {
            throw new SubscriptionNotFoundException("subscription '" + subscriptionId + "' does not exist in space '"
                    + space.space().name() + "'");
        }
        return known;
    }

    private SubscriptionStore.Key key(String subscriptionId) {
        return new SubscriptionStore.Key(Kind.SUBSCRIPTION, space.space().name(), subscriptionId);
    }

    @Override
    public Optional<Subscription> get(String subscriptionId) {
        SubscriptionEntry known = space.subscriptions.get(subscriptionId);
        return known == null ? Optional.empty() : Optional.of(known.subscription());
    }

    @Override
    public List<Subscription> list() {
        return list(Map.of());
    }

    @Override
    public List<Subscription> list(Map<String, String> metadata) {
        return space.subscriptions.values().stream()
                .map(SubscriptionEntry::subscription)
                .filter(subscription -> subscription.metadata().entrySet().containsAll(metadata.entrySet()))
                .sorted(Comparator.comparing(Subscription::id))
                .toList();
    }

    @Override
    public Subscription delete(String subscriptionId) {
        Given.required(subscriptionId, "subscriptionId");
        return registry.change(() -> {
            SubscriptionEntry known = found(subscriptionId);
            if (known.version() != SpaceRegistry.LOCAL) {
                registry.delete(key(subscriptionId), known.version());
                space.unsay(key(subscriptionId));
                return known.subscription();
            }
            registry.changes().changeLocal(space, subscriptionId, null);
            String functionId = known.subscription().functionId();
            if (functionId.startsWith(ANONYMOUS) && space.usersOf(functionId).isEmpty()) {
                registry.changes().removeLocalFunction(space, functionId);
            }
            return known.subscription();
        });
    }
}
