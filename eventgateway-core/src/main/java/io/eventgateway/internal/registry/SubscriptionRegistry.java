package io.eventgateway.internal.registry;

import io.eventgateway.Filter;
import io.eventgateway.Finding;
import io.eventgateway.FunctionDefinition;
import io.eventgateway.FunctionHandler;
import io.eventgateway.Registered;
import io.eventgateway.Registered.Change;
import io.eventgateway.Subscription;
import io.eventgateway.SubscriptionMode;
import io.eventgateway.Subscriptions;
import io.eventgateway.delivery.FailingPeriod;
import io.eventgateway.delivery.Pause;
import io.eventgateway.error.InvalidSubscriptionException;
import io.eventgateway.error.SubscriptionAlreadyExistsException;
import io.eventgateway.error.SubscriptionNotFoundException;
import io.eventgateway.internal.event.TimeOrderedId;
import io.eventgateway.internal.registry.SpaceRegistry.FunctionEntry;
import io.eventgateway.internal.registry.SpaceRegistry.SubscriptionEntry;
import io.eventgateway.spi.StoreConflictException;
import io.eventgateway.spi.SubscriptionStore;
import io.eventgateway.spi.SubscriptionStore.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
    private final SubscriptionChecks checks;

    SubscriptionRegistry(Registry registry, SpaceRegistry space) {
        this.registry = registry;
        this.space = space;
        this.checks = new SubscriptionChecks(registry, space);
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
                    throw SubscriptionChecks.alreadyExists(subscription, List.of(), e);
                }
                return adopted(theirs, subscription, e);
            }
        });
    }

    /** Creates a subscription that is not there; throws a {@link StoreConflictException} if another process did just now. */
    private Subscription created(Subscription subscription) {
        FunctionEntry function = checks.checked(subscription);
        Subscription begun = withPauseOf(subscription, null);
        if (function.version() == SpaceRegistry.LOCAL || hasCode(subscription)) {
            // what the store keeps must mean something to another process
            registry.changes().changeLocal(space, subscription.id(), begun);
            return noticed(begun);
        }
        store(begun, 0);
        space.say(key(subscription.id()));
        return noticed(begun);
    }

    /** Stores a subscription, of which it is known before that this gateway can deliver to it. */
    private void store(Subscription subscription, long expectedVersion) {
        registry.changes().checkDeliverable(subscription);
        registry.put(key(subscription.id()), subscription, expectedVersion);
    }

    /** The subscription of an id as the store has it now; the watch may not have told yet what another gateway did. */
    private @Nullable SubscriptionEntry current(String subscriptionId) {
        SubscriptionEntry known = space.subscriptions.get(subscriptionId);
        if (known == null || known.version() == SpaceRegistry.LOCAL) {
            return known;
        }
        registry.refresh(key(subscriptionId));
        return space.subscriptions.get(subscriptionId);
    }

    /**
     * Adopts a subscription that the store has from another process or an earlier run of this one, the first time that
     * it is created here.
     */
    private Subscription adopted(SubscriptionEntry known, Subscription subscription, @Nullable Throwable cause) {
        Subscription theirs = known.subscription();
        // a subscription without a pause says nothing about pauses
        boolean equal = (subscription.pause() == null ? registry.access().withPause(theirs, null) : theirs)
                .equals(subscription);
        boolean same = known.version() != SpaceRegistry.LOCAL && equal;
        if (!same || !space.say(key(subscription.id()))) {
            if (hasCode(subscription) && registry.access().hasDerivedId(subscription)) {
                throw new SubscriptionAlreadyExistsException(
                        "subscription '" + theirs.id() + "' exists already: function '"
                                + theirs.functionId() + "' to " + SubscriptionChecks.what(theirs)
                                + "; a filter that is code makes no difference to the id: give each subscription with one an"
                                + " id of its own",
                        cause);
            }
            throw SubscriptionChecks.alreadyExists(theirs, Differences.between(theirs, subscription), cause);
        }
        return noticed(theirs);
    }

    /** A subscription to be registered: with its own pause or else that of the known one, if it is on. */
    private Subscription withPauseOf(Subscription subscription, @Nullable Subscription known) {
        Instant now = registry.now();
        Pause pause = subscription.pause() != null || known == null ? subscription.pause() : known.pause();
        if (pause != null && !pause.isOnAt(now)) {
            pause = null;
        }
        if (pause != null && subscription.mode() != SubscriptionMode.ASYNC) {
            throw new InvalidSubscriptionException("subscription '" + subscription.id()
                    + "' is paused, which only an async one can be; resume it before it becomes another");
        }
        if (pause != null && pause.since() == null) {
            pause = pause.withSince(now);
        }
        return Objects.equals(pause, subscription.pause())
                ? subscription
                : registry.access().withPause(subscription, pause);
    }

    /** Subscribes code of this process, in this process alone, under a function id of its own. */
    public Subscription create(String eventType, @Nullable Filter filter, FunctionHandler handler) {
        FunctionDefinition function = FunctionDefinition.of(
                ANONYMOUS + TimeOrderedId.at(System.currentTimeMillis()), FunctionDefinition.JAVA, Map.of());
        Subscription.Builder builder = Subscription.to(eventType).function(function.id());
        Subscription subscription = (filter == null ? builder : builder.filter(filter)).build();
        space.findings.refuseErrors(subscription, registry.access());
        return registry.change(() -> {
            registry.changes().addLocal(space, function, callee -> callee.handledBy(function, handler));
            announceOwn(function.id());
            registry.changes().changeLocal(space, subscription.id(), subscription);
            return noticed(subscription);
        });
    }

    @Override
    public Subscription update(Subscription subscription) {
        Given.required(subscription, "subscription");
        return registry.change(key(subscription.id()), () -> {
            SubscriptionEntry known = found(subscription.id());
            checks.checked(subscription);
            Subscription next = withPauseOf(subscription, known.subscription());
            if (known.version() != SpaceRegistry.LOCAL && hasCode(subscription)) {
                throw new InvalidSubscriptionException("subscription '" + subscription.id()
                        + "' is stored, and can't get a filter with code in it; delete it and create it anew, for this process"
                        + " alone, or use a filter with a JSON form");
            }
            replace(known, next);
            return noticed(next);
        });
    }

    private void replace(SubscriptionEntry known, Subscription next) {
        if (known.version() == SpaceRegistry.LOCAL) {
            registry.changes().changeLocal(space, next.id(), next);
        } else {
            store(next, known.version());
        }
    }

    @Override
    public Subscription pause(String subscriptionId, Pause pause) {
        Given.required(subscriptionId, "subscriptionId");
        Given.required(pause, "pause");
        return registry.change(key(subscriptionId), () -> {
            Instant now = registry.now();
            if (!pause.isOnAt(now)) {
                throw new IllegalArgumentException("the pause of subscription '" + subscriptionId
                        + "' must end after now, which is " + now + ", was until " + pause.until());
            }
            Subscription paused = withPause(subscriptionId, pause.withSince(now));
            log.info(
                    "Subscription '{}' of space '{}' is {}",
                    subscriptionId,
                    space.space().name(),
                    paused.pause());
            return paused;
        });
    }

    @Override
    public Subscription resume(String subscriptionId) {
        Given.required(subscriptionId, "subscriptionId");
        return registry.change(key(subscriptionId), () -> {
            SubscriptionEntry current = current(subscriptionId); // another gateway may have paused it just now
            Subscription known = (current == null ? found(subscriptionId) : current).subscription();
            if (known.pause() == null) {
                return known;
            }
            Subscription resumed = withPause(subscriptionId, null);
            log.info(
                    "Subscription '{}' of space '{}' is resumed; it was {}",
                    subscriptionId,
                    space.space().name(),
                    known.pause());
            return resumed;
        });
    }

    /** Writes down for how long the attempts of a subscription have failed; null when they fail no more. */
    void failing(String subscriptionId, @Nullable FailingPeriod period) {
        registry.change(key(subscriptionId), () -> {
            SubscriptionEntry known = current(subscriptionId);
            Pause present = known == null ? null : known.subscription().pause();
            if (known != null
                    && (present == null || !present.isOnAt(registry.now()))
                    && !Objects.equals(known.subscription().failing(), period)) {
                replace(known, registry.access().withFailing(known.subscription(), period));
            }
            return subscriptionId;
        });
    }

    /** Pauses a subscription whose attempts keep failing; returns false when it is paused already, or there is none. */
    boolean pauseFailing(String subscriptionId, FailingPeriod period) {
        return registry.change(key(subscriptionId), () -> {
            SubscriptionEntry known = current(subscriptionId);
            Instant now = registry.now();
            Pause present = known == null ? null : known.subscription().pause();
            if (known == null || (present != null && present.isOnAt(now))) {
                return false;
            }
            Pause pause = Pause.untilResumed()
                    .withBy("gateway")
                    .withReason("all calls have failed since " + period.since())
                    .withSince(now);
            replace(known, registry.access().withPause(known.subscription(), pause));
            return true;
        });
    }

    /** Changes the pause alone, of the subscription as the store has it. */
    private Subscription withPause(String subscriptionId, @Nullable Pause pause) {
        SubscriptionEntry known = found(subscriptionId);
        Subscription next = registry.access().withPause(known.subscription(), pause);
        replace(known, next);
        return next;
    }

    @Override
    public Registered<Subscription> createOrUpdate(Subscription subscription) {
        Given.required(subscription, "subscription");
        if (hasCode(subscription) && registry.access().hasDerivedId(subscription)) {
            throw new InvalidSubscriptionException("createOrUpdate can't tell whether the subscription of function '"
                    + subscription.functionId() + "' to " + SubscriptionChecks.what(subscription)
                    + " is new or changed: its filter is code, of which its id '" + subscription.id()
                    + "' says nothing; give it an id of its own");
        }
        return registry.change(key(subscription.id()), () -> createdOrUpdated(subscription));
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

    /** Has the store know a function of this process alone before there is a delivery to it, which nobody could make after this process. */
    private void announceOwn(String functionId) {
        boolean announced = false;
        try {
            registry.deliveries().sharing().announce();
            announced = true;
        } finally {
            if (!announced) {
                registry.changes().forgetLocalFunction(space, functionId);
            }
        }
    }

    @Override
    public List<Subscription> prune() {
        return registry.unreachable()
                .prune(space, this::delete, registry.deliveries().sharing()::giveUp);
    }

    private static boolean hasCode(Subscription subscription) {
        Filter filter = subscription.filter();
        return filter != null && !filter.isStorable();
    }

    /** The subscription with what was found about it. */
    private Subscription noticed(Subscription subscription) {
        List<Finding> findings = new ArrayList<>(space.findings.of(subscription, registry.access()));
        List<String> cycle = RoutingGraph.of(space).cycleThrough(subscription);
        if (!cycle.isEmpty()) {
            Finding finding = registry.access()
                    .subscriptionFinding(
                            Finding.Severity.WARNING,
                            subscription.id(),
                            null,
                            "cycle",
                            null,
                            "events may go round: " + String.join(" -> ", cycle),
                            null);
            log.warn("In space '{}': {}", space.space().name(), finding);
            findings.add(finding);
        }
        return findings.isEmpty() ? subscription : registry.access().withFindings(subscription, findings);
    }

    @Override
    public List<Finding> findings() {
        return space.findings.all(registry.access());
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
        Given.required(subscriptionId, "subscriptionId");
        SubscriptionEntry known = space.subscriptions.get(subscriptionId);
        return known == null ? Optional.empty() : Optional.of(known.subscription());
    }

    @Override
    public List<Subscription> list() {
        return list(Map.of());
    }

    @Override
    public List<Subscription> list(Map<String, String> metadata) {
        Given.required(metadata, "metadata");
        return space.subscriptions.values().stream()
                .map(SubscriptionEntry::subscription)
                .filter(subscription -> subscription.metadata().entrySet().containsAll(metadata.entrySet()))
                .sorted(Comparator.comparing(Subscription::id))
                .toList();
    }

    @Override
    public Subscription delete(String subscriptionId) {
        Given.required(subscriptionId, "subscriptionId");
        return registry.change(key(subscriptionId), () -> {
            SubscriptionEntry known = found(subscriptionId);
            space.findings.forget(subscriptionId);
            if (known.version() != SpaceRegistry.LOCAL) {
                registry.delete(key(subscriptionId), known.version());
                space.unsay(key(subscriptionId));
                return known.subscription();
            }
            registry.changes().changeLocal(space, subscriptionId, null);
            String functionId = known.subscription().functionId();
            if (functionId.startsWith(ANONYMOUS) && space.usersOf(functionId).isEmpty()) {
                registry.changes().forgetLocalFunction(space, functionId);
            }
            return known.subscription();
        });
    }
}
