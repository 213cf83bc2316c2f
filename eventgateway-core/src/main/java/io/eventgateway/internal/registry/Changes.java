package io.eventgateway.internal.registry;

import io.eventgateway.EventGatewayException;
import io.eventgateway.EventTypeDefinition;
import io.eventgateway.EventTypePolicy;
import io.eventgateway.FunctionDefinition;
import io.eventgateway.Subscription;
import io.eventgateway.error.InvalidSubscriptionException;
import io.eventgateway.internal.access.FacadeAccess;
import io.eventgateway.internal.delivery.DeliveryEngine;
import io.eventgateway.internal.delivery.Target;
import io.eventgateway.internal.eventtype.EventTypeRule;
import io.eventgateway.internal.invocation.Invocations;
import io.eventgateway.internal.invocation.RegisteredFunction;
import io.eventgateway.internal.registry.SpaceRegistry.FunctionEntry;
import io.eventgateway.spi.Registration;
import io.eventgateway.spi.SubscriptionStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies changes to the registry and the routing, whoever made them. A change comes twice when this gateway made it, once as
 * the store's answer and once by the watch, in either order; its version tells which is news.
 *
 * <p>{@code lock} guards the writing of every {@link SpaceRegistry}. Nothing foreign runs under it.
 */
final class Changes {
    private static final Logger log = LoggerFactory.getLogger(Changes.class);

    /**
     * Puts what this process has for a function (its handler, its checked invoker) into the function that deliveries
     * call.
     */
    @FunctionalInterface
    interface Installation {
        Runnable into(RegisteredFunction callee);
    }

    private record Staged(FunctionDefinition definition, Installation installation) {}

    private final Function<String, SpaceRegistry> spaces;
    private final Invocations invocations;
    private final DeliveryEngine deliveries;
    private final ReentrantLock lock = new ReentrantLock();
    /**
     * The versions at which this gateway deleted keys, and the watch has not confirmed it: older news must not bring
     * them back.
     */
    private final Map<SubscriptionStore.Key, Long> deleted = new HashMap<>();
    /** The values that this gateway is writing or deleting: the watch may tell of them before the store has answered. */
    private final Map<SubscriptionStore.Key, Optional<Registration>> own = new ConcurrentHashMap<>();
    /**
     * The installations of the functions that this gateway is registering, for when their change comes, be it by the
     * watch.
     */
    private final Map<SubscriptionStore.Key, Staged> staged = new ConcurrentHashMap<>();

    private final FormerSubscriptions former = new FormerSubscriptions();
    private final SubscriptionTargets targets;
    private final SubscriptionRouting routing;
    private final EventTypeChanges eventTypes;
    private final FacadeAccess access;

    Changes(
            Function<String, SpaceRegistry> spaces,
            Invocations invocations,
            DeliveryEngine deliveries,
            EventTypeChanges eventTypes,
            FacadeAccess access) {
        this.access = access;
        this.eventTypes = eventTypes;
        this.spaces = spaces;
        this.invocations = invocations;
        this.deliveries = deliveries;
        this.targets = new SubscriptionTargets(deliveries);
        this.routing = new SubscriptionRouting(deliveries, targets, former);
    }

    void stage(SubscriptionStore.Key key, FunctionDefinition definition, Installation installation) {
        staged.put(key, new Staged(definition, installation));
    }

    void unstage(SubscriptionStore.Key key) {
        staged.remove(key);
    }

    /** Takes note that this gateway begins to write a value, or with null to delete it. */
    void begin(SubscriptionStore.Key key, @Nullable Registration value) {
        own.put(key, Optional.ofNullable(value));
    }

    /** Takes note that the store has answered. */
    void end(SubscriptionStore.Key key) {
        own.remove(key);
    }

    private boolean isOwn(SubscriptionStore.Key key, @Nullable Registration value) {
        Optional<Registration> written = own.get(key);
        return written != null && written.equals(Optional.ofNullable(value));
    }

    /** Applies a change that the watch tells. */
    void told(SubscriptionStore.Change change) {
        apply(change.key(), change.value(), change.version(), true, isOwn(change.key(), change.value()));
    }

    /** Applies a change that this gateway has made. */
    void made(SubscriptionStore.Key key, @Nullable Registration value, long version) {
        apply(key, value, version, false, true);
    }

    /** Applies what the store has now, which the watch may not have told yet. What is of this process alone stays. */
    void refreshed(SubscriptionStore.Change latest) {
        boolean isThere = spaces.apply(latest.key().space()).version(latest.key()) != SpaceRegistry.LOCAL;
        if (isThere || latest.value() != null) {
            apply(latest.key(), latest.value(), latest.version(), false, false);
        }
    }

    private void apply(
            SubscriptionStore.Key key, @Nullable Registration value, long version, boolean told, boolean isOwn) {
        // foreign code, so not under the lock; only for functions of other types than java
        Set<String> references = value instanceof FunctionDefinition function ? references(function) : Set.of();
        EventTypeRule rule = value instanceof EventTypeDefinition type ? eventTypes.rule(key.space(), type) : null;
        List<Runnable> afterwards = new ArrayList<>();
        Runnable news = () -> {};
        lock.lock();
        try {
            SpaceRegistry space = spaces.apply(key.space());
            if (isNews(space, key, version, value == null, told)) {
                if (value == null) {
                    space.unsay(key); // whoever deleted it: it may be registered anew
                }
                news = isOwn ? news : newsOf(space, key, value);
                switch (key.kind()) {
                    case FUNCTION ->
                        afterwards.add(applyFunction(space, key, (FunctionDefinition) value, version, references));
                    case SUBSCRIPTION -> {
                        Subscription next = (Subscription) value;
                        routing.replace(space, key.id(), next, target(space, next, told), version);
                    }
                    case EVENT_TYPE -> {
                        eventTypes.replace(space, key, rule, version);
                        afterwards.add(() -> space.findings.recheck(key.id(), access));
                    }
                    case EVENT_TYPE_POLICY -> eventTypes.replacePolicy(space, key, (EventTypePolicy) value, version);
                }
            }
        } finally {
            lock.unlock();
        }
        news.run();
        afterwards.forEach(deliveries::offThisThread);
    }

    private @Nullable Target target(SpaceRegistry space, @Nullable Subscription next, boolean told) {
        if (next == null) {
            return null;
        }
        return told ? targets.ifAny(space, next) : targets.required(space, next);
    }

    /** Says what another gateway does to something that this one has had otherwise. */
    private static Runnable newsOf(SpaceRegistry space, SubscriptionStore.Key key, @Nullable Registration value) {
        Registration before = space.stored(key);
        String what = Character.toUpperCase(key.kind().toString().charAt(0))
                + key.kind().toString().substring(1);
        if (before == null) {
            return () -> {};
        }
        if (value == null) {
            return () -> log.info("{} '{}' of space '{}' was deleted by another gateway", what, key.id(), key.space());
        }
        List<String> differences = Differences.between(before, value);
        return differences.isEmpty()
                ? () -> {}
                : () -> log.info(
                        "{} '{}' of space '{}' was updated by another gateway: {}",
                        what,
                        key.id(),
                        key.space(),
                        String.join("; ", differences));
    }

    private boolean isNews(
            SpaceRegistry space, SubscriptionStore.Key key, long version, boolean deletion, boolean told) {
        Long deletedAt = deleted.get(key);
        if (deletedAt != null) {
            if (told && version >= deletedAt) {
                deleted.remove(key);
            }
            if (version <= deletedAt) {
                return false;
            }
        }
        long known = space.version(key);
        if (deletion && !told && known != SpaceRegistry.LOCAL) {
            deleted.put(key, version);
        }
        return known < version;
    }

    private Runnable applyFunction(
            SpaceRegistry space,
            SubscriptionStore.Key key,
            @Nullable FunctionDefinition definition,
            long version,
            Set<String> references) {
        if (definition == null) {
            return removeFunction(space, key.id());
        }
        space.functions.put(key.id(), new FunctionEntry(definition, version, references));
        RegisteredFunction callee = space.callee(key.id());
        Staged own = staged.get(key);
        if (own != null && own.definition().equals(definition)) {
            return own.installation().into(callee);
        }
        return definition.type().equals(FunctionDefinition.JAVA)
                ? callee.handledByAnotherProcess(definition)
                : callee.invokedBy(invocations.prepare(definition, key.space()));
    }

    private Runnable removeFunction(SpaceRegistry space, String functionId) {
        space.functions.remove(functionId);
        RegisteredFunction callee = space.callees.get(functionId);
        if (callee == null) {
            return () -> {};
        }
        deliveries.targets().functionDeleted(callee);
        Runnable afterwards = callee.remove();
        space.forgetUnusedCallee(functionId);
        return afterwards;
    }

    private Set<String> references(FunctionDefinition function) {
        try {
            return invocations.providers().references(function);
        } catch (EventGatewayException e) {
            log.warn(
                    "Function '{}' was registered by another gateway and can't be called by this one",
                    function.id(),
                    e);
            return Set.of();
        }
    }

    /** Registers a function in this process alone. */
    void addLocal(SpaceRegistry space, FunctionDefinition definition, Installation installation) {
        lock.lock();
        try {
            space.functions.put(definition.id(), new FunctionEntry(definition, SpaceRegistry.LOCAL, Set.of()));
            deliveries.offThisThread(installation.into(space.callee(definition.id())));
        } finally {
            lock.unlock();
        }
    }

    /** Gives a function that the store knows its handler in this process. */
    void attach(SpaceRegistry space, Installation installation, String functionId) {
        lock.lock();
        try {
            deliveries.offThisThread(installation.into(space.callee(functionId)));
        } finally {
            lock.unlock();
        }
    }

    /**
     * Forgets a function of this process alone that nobody can name any more. Its handler stays, so that deliveries
     * which were accepted before can still call it; the callee goes with the last of them.
     */
    void forgetLocalFunction(SpaceRegistry space, String functionId) {
        lock.lock();
        try {
            space.functions.remove(functionId);
            space.callees.remove(functionId);
        } finally {
            lock.unlock();
        }
    }

    void removeLocalFunction(SpaceRegistry space, String functionId) {
        lock.lock();
        try {
            deliveries.offThisThread(removeFunction(space, functionId));
        } finally {
            lock.unlock();
        }
    }

    /** Registers, replaces or removes a subscription in this process alone. */
    void changeLocal(SpaceRegistry space, String id, @Nullable Subscription subscription) {
        lock.lock();
        try {
            routing.replace(space, id, subscription, target(space, subscription, false), SpaceRegistry.LOCAL);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Checks that this gateway can deliver to a subscription, before anything is changed or stored.
     *
     * @throws InvalidSubscriptionException if it can't
     */
    void checkDeliverable(Subscription subscription) {
        targets.check(subscription);
    }

    /** A subscription that was deleted not long ago, as delivery needs it; null when it is not known any more. */
    @Nullable Subscription former(String space, String subscriptionId) {
        return former.get(space, subscriptionId);
    }

    /** Removes every registration; each leased invoker is closed after its last call. */
    void releaseAll(Iterable<SpaceRegistry> all) {
        List<Runnable> afterwards = new ArrayList<>();
        lock.lock();
        try {
            for (SpaceRegistry space : all) {
                space.callees.values().forEach(callee -> afterwards.add(callee.remove()));
            }
        } finally {
            lock.unlock();
        }
        afterwards.forEach(Runnable::run);
    }
}
