package io.eventgateway.internal.registry;

import io.eventgateway.EventGatewayException;
import io.eventgateway.EventTypes;
import io.eventgateway.Finding;
import io.eventgateway.GatewayCounters;
import io.eventgateway.GatewayDescription;
import io.eventgateway.Subscription;
import io.eventgateway.delivery.FailingPeriod;
import io.eventgateway.error.StoreFailedException;
import io.eventgateway.internal.access.FacadeAccess;
import io.eventgateway.internal.delivery.DeliveryEngine;
import io.eventgateway.internal.delivery.FailingSubscriptions;
import io.eventgateway.internal.delivery.Target;
import io.eventgateway.internal.invocation.Invocations;
import io.eventgateway.internal.invocation.InvokerProviders;
import io.eventgateway.internal.invocation.RegisteredFunction;
import io.eventgateway.internal.registry.SpaceRegistry.SubscriptionEntry;
import io.eventgateway.internal.routing.Space;
import io.eventgateway.spi.EventStore;
import io.eventgateway.spi.Registration;
import io.eventgateway.spi.StoreConflictException;
import io.eventgateway.spi.SubscriptionStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The functions and subscriptions of a gateway, as its store has them.
 *
 * <p>{@code lock} lets one change of this gateway be made at a time: checked against what is known, written to the store if it
 * is still at the version that was known, applied. Emitting takes no lock. The store may be slow, so a change may wait for
 * another, as long as the store's own time limit.
 */
public final class Registry implements FailingSubscriptions {
    /** How often a change is tried again that other processes were faster with. */
    static final int MAX_TRIES = 5;

    private final SubscriptionStore store;
    private final Runnable openCheck;
    private final Function<String, Space> newSpaces;
    private final FacadeAccess access;
    private final Map<String, SpaceRegistry> spaces = new ConcurrentHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Invocations invocations;
    private final DeliveryEngine deliveries;
    private final Set<String> webhookVerifiers;
    private final EventTypeChanges eventTypes;
    private final Changes changes;
    private final UnreachableSubscriptions unreachable;
    private SubscriptionStore.@Nullable Watch watch;

    /**
     * A registry that knows nothing until it is {@linkplain #load loaded}.
     *
     * @param newSpaces makes what events of a space meet, at its first mention
     * @param webhookVerifiers the names of the verifiers that subscriptions may name
     * @param eventTypes applies what the store tells of event types
     */
    public Registry(
            SubscriptionStore store,
            Runnable openCheck,
            Function<String, Space> newSpaces,
            FacadeAccess access,
            Invocations invocations,
            DeliveryEngine deliveries,
            Set<String> webhookVerifiers,
            EventTypeChanges eventTypes) {
        this.store = store;
        this.openCheck = openCheck;
        this.newSpaces = newSpaces;
        this.access = access;
        this.invocations = invocations;
        this.deliveries = deliveries;
        this.webhookVerifiers = Set.copyOf(webhookVerifiers);
        this.eventTypes = eventTypes;
        this.changes = new Changes(this::of, invocations, deliveries, eventTypes, access);
        this.unreachable = new UnreachableSubscriptions(deliveries.store(), spaces::values, this::of);
    }

    /**
     * Takes over what the store has, and follows it from now on. The watch begins first, so that nothing falls in between.
     *
     * @throws StoreFailedException if the store fails
     */
    public void load() {
        try {
            watch = store.watch(changes::told);
            List<SubscriptionStore.Entry> entries = new ArrayList<>(store.load());
            entries.sort(Comparator.comparingLong(SubscriptionStore.Entry::version));
            for (SubscriptionStore.Entry entry : entries) {
                changes.told(new SubscriptionStore.Change(entry.key(), entry.value(), entry.version()));
            }
        } catch (RuntimeException e) {
            close();
            throw e instanceof EventGatewayException ours
                    ? ours
                    : new StoreFailedException("the subscription store could not be read: " + e, e);
        }
    }

    Set<String> webhookVerifiers() {
        return webhookVerifiers;
    }

    /** The routing of a space, which is made at its first mention. */
    public Space space(String name) {
        return of(name).space();
    }

    /** A function; null when it is not registered. */
    public @Nullable RegisteredFunction function(String space, String functionId) {
        return of(space).registered(functionId);
    }

    /**
     * The target of a delivery that was accepted before: by its subscription as it is now; as it was, if it was deleted
     * not long ago; else by the gateway's policy. Null when its function is not registered.
     *
     * @param callable whether the function has to be one that this gateway can call
     */
    public @Nullable Target target(EventStore.Delivery delivery, boolean callable) {
        SpaceRegistry space = of(delivery.space());
        RegisteredFunction function = space.registered(delivery.functionId());
        if (function == null || (callable && !function.isCallable())) {
            return null;
        }
        SubscriptionEntry known = space.subscriptions.get(delivery.subscriptionId());
        Subscription subscription =
                known != null ? known.subscription() : changes.former(delivery.space(), delivery.subscriptionId());
        if (subscription == null) {
            subscription = Subscription.to(delivery.event().getType())
                    .id(delivery.subscriptionId())
                    .function(delivery.functionId())
                    .build();
        }
        return deliveries.targets().find(subscription, function);
    }

    /** Returns whether this gateway can call a function. */
    public boolean isCallable(String space, String functionId) {
        RegisteredFunction function = of(space).registered(functionId);
        return function != null && function.isCallable();
    }

    /** The functions that this gateway can call. */
    public Set<EventStore.Callable> callable() {
        Set<EventStore.Callable> callable = new HashSet<>();
        spaces.forEach((name, space) -> space.functions.forEach((id, entry) -> {
            if (isCallable(name, id)) {
                boolean own = entry.version() == SpaceRegistry.LOCAL;
                callable.add(new EventStore.Callable(new EventStore.FunctionName(name, id), own));
            }
        }));
        return callable;
    }

    /** The subscriptions whose functions no gateway can call. */
    public UnreachableSubscriptions unreachable() {
        return unreachable;
    }

    /** The functions of a space, to administer. */
    public FunctionRegistry functions(String space) {
        return new FunctionRegistry(this, of(space));
    }

    /** The subscriptions of a space, to administer. */
    public SubscriptionRegistry subscriptions(String space) {
        return new SubscriptionRegistry(this, of(space));
    }

    /** The event types of a space, to administer. */
    public EventTypes eventTypes(String space) {
        return new EventTypeRegistry(this, of(space));
    }

    /** The description of a space as it is now. */
    public GatewayDescription describe(String space) {
        return SpaceDescription.of(of(space));
    }

    /** What was counted in a space up to now. */
    public GatewayCounters counters(String space) {
        SpaceRegistry of = of(space);
        return of.space().counters().snapshot(Set.copyOf(of.functions.keySet()));
    }

    /**
     * What looks wrong in a space.
     *
     * @param said what the application says beside what it registers
     */
    public List<Finding> check(String space, RoutingFindings.Said said) {
        List<Finding> findings = new ArrayList<>(RoutingFindings.of(access, describe(space), said, now()));
        findings.addAll(subscriptions(space).findings());
        return List.copyOf(findings);
    }

    EventTypeChanges eventTypeChanges() {
        return eventTypes;
    }

    @Override
    public void failing(String space, String subscriptionId, @Nullable FailingPeriod period) {
        subscriptions(space).failing(subscriptionId, period);
    }

    @Override
    public boolean pauseFailing(String space, String subscriptionId, FailingPeriod period) {
        return subscriptions(space).pauseFailing(subscriptionId, period);
    }

    private SpaceRegistry of(String name) {
        SpaceRegistry known = spaces.get(name);
        return known != null ? known : spaces.computeIfAbsent(name, key -> new SpaceRegistry(newSpaces.apply(key)));
    }

    /** The time by the gateway's clock. */
    Instant now() {
        return invocations.clock().instant();
    }

    FacadeAccess access() {
        return access;
    }

    DeliveryEngine deliveries() {
        return deliveries;
    }

    Changes changes() {
        return changes;
    }

    InvokerProviders providers() {
        return invocations.providers();
    }

    Invocations invocations() {
        return invocations;
    }

    /** Makes one change at a time, none when the gateway is closed. */
    <T> T change(Supplier<T> change) {
        lock.lock();
        try {
            openCheck.run();
            return change.get();
        } finally {
            lock.unlock();
        }
    }

    /** Makes a change of one entry by what the store has of it: again, where other gateways were faster. */
    <T> T change(SubscriptionStore.Key key, Supplier<T> change) {
        return change(() -> {
            for (int tries = 1; ; tries++) {
                try {
                    return change.get();
                } catch (StoreConflictException e) {
                    if (tries == MAX_TRIES) {
                        throw e;
                    }
                    refresh(key);
                }
            }
        });
    }

    /**
     * Writes to the store and applies what was written.
     *
     * @throws StoreConflictException if another gateway was faster
     * @throws StoreFailedException if the store failed
     */
    void put(SubscriptionStore.Key key, Registration value, long expectedVersion) {
        changes.begin(key, value);
        try {
            SubscriptionStore.Entry entry = stored(key, "written", () -> store.put(key, value, expectedVersion));
            changes.made(key, value, entry.version());
        } finally {
            changes.end(key);
        }
    }

    /** Takes over what the store has of a key now, without waiting for the watch to tell. */
    void refresh(SubscriptionStore.Key key) {
        changes.refreshed(stored(key, "read", () -> store.latest(key)));
    }

    /** Takes over all that the store has of a space now. */
    void refresh(SpaceRegistry space, SubscriptionStore.Key why) {
        Set<SubscriptionStore.Key> known = space.storedKeys();
        for (SubscriptionStore.Entry entry : stored(why, "read", store::load)) {
            if (entry.key().space().equals(why.space())) {
                changes.refreshed(new SubscriptionStore.Change(entry.key(), entry.value(), entry.version()));
                known.remove(entry.key());
            }
        }
        known.forEach(this::refresh);
    }

    /** Deletes from the store and applies that. */
    void delete(SubscriptionStore.Key key, long expectedVersion) {
        changes.begin(key, null);
        try {
            long version = stored(key, "deleted", () -> store.delete(key, expectedVersion));
            changes.made(key, null, version);
        } finally {
            changes.end(key);
        }
    }

    private static <T> T stored(SubscriptionStore.Key key, String done, Supplier<T> step) {
        try {
            return step.get();
        } catch (EventGatewayException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new StoreFailedException(
                    key.kind() + " '" + key.id() + "' of space '" + key.space() + "' was not " + done
                            + ": the subscription store failed (" + e + ")",
                    e);
        }
    }

    /** Stops following the store and lets go of every function. */
    public void close() {
        SubscriptionStore.Watch followed = watch;
        if (followed != null) {
            followed.close();
        }
        changes.releaseAll(spaces.values());
    }
}
