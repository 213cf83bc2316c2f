package io.eventgateway.internal.registry;

import io.eventgateway.FunctionDefinition;
import io.eventgateway.Subscription;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.internal.http.PathPattern;
import io.eventgateway.internal.invocation.RegisteredFunction;
import io.eventgateway.internal.routing.Space;
import io.eventgateway.spi.Registration;
import io.eventgateway.spi.SubscriptionStore;
import io.eventgateway.spi.SubscriptionStore.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The functions and subscriptions of one space. The maps may be read by anyone; only {@link Changes} writes them, under
 * its lock.
 */
final class SpaceRegistry {
    /**
     * A function as it is registered.
     *
     * @param version that of the store's entry; {@link #LOCAL} when the store does not have it
     * @param references the functions that it calls
     */
    record FunctionEntry(FunctionDefinition definition, long version, Set<String> references) {}

    /** An event type, or the policy of event types, as the store has it. */
    record StoredEntry(Registration value, long version) {}

    /** A subscription as it is registered. */
    record SubscriptionEntry(Subscription subscription, long version) {}

    /** The version of what is registered in this process alone. */
    static final long LOCAL = 0;

    private final Space space;
    final Map<String, FunctionEntry> functions = new ConcurrentHashMap<>();
    final Map<String, SubscriptionEntry> subscriptions = new ConcurrentHashMap<>();
    /** The event types and the policy of event types, by key. */
    final Map<SubscriptionStore.Key, StoredEntry> eventTypes = new ConcurrentHashMap<>();
    /** What was found of the subscriptions. */
    final SubscriptionFindings findings = new SubscriptionFindings(this);
    /** The functions as deliveries call them, which stay while a subscription holds on to them. */
    final Map<String, RegisteredFunction> callees = new ConcurrentHashMap<>();
    /**
     * The http subscriptions, by method and shape of path. Of several that gateways created at the same time, the first has the
     * path: the same one in every gateway that knows them all.
     */
    final Map<String, List<SubscriptionEntry>> paths = new ConcurrentHashMap<>();

    /**
     * The subscriptions of this process alone come first, which others can't know of, and then all by id: an update
     * changes the version.
     */
    static final Comparator<SubscriptionEntry> FIRST_TO_HAVE_A_PATH = Comparator.comparing(
                    (SubscriptionEntry entry) -> entry.version() != LOCAL)
            .thenComparing(entry -> entry.subscription().id());

    /** The keys that this process has registered itself, be it that the store had them already. */
    private final Set<SubscriptionStore.Key> said = ConcurrentHashMap.newKeySet();

    SpaceRegistry(Space space) {
        this.space = space;
    }

    /** Takes note that this process has registered a key; returns false when it had before. */
    boolean say(SubscriptionStore.Key key) {
        return said.add(key);
    }

    /** Forgets that this process has registered a key, since it was deleted and may be registered anew. */
    void unsay(SubscriptionStore.Key key) {
        said.remove(key);
    }

    Space space() {
        return space;
    }

    RegisteredFunction callee(String functionId) {
        return callees.computeIfAbsent(
                functionId, id -> new RegisteredFunction(space.name(), id, space.systemEvents()));
    }

    /** The function, if it is registered. */
    @Nullable RegisteredFunction registered(String functionId) {
        RegisteredFunction callee = callees.get(functionId);
        return callee != null && callee.isPresent() ? callee : null;
    }

    /** Forgets a callee that is not registered and that no subscription holds on to. */
    void forgetUnusedCallee(String functionId) {
        RegisteredFunction callee = callees.get(functionId);
        if (callee != null && !callee.isPresent() && !isBound(functionId)) {
            callees.remove(functionId);
        }
    }

    private boolean isBound(String functionId) {
        return subscriptions.values().stream()
                .anyMatch(entry -> entry.subscription().functionId().equals(functionId));
    }

    /** The subscriptions and other functions that name a function, for a message. */
    List<String> usersOf(String functionId) {
        List<String> users = new ArrayList<>();
        for (SubscriptionEntry entry : subscriptions.values()) {
            Subscription subscription = entry.subscription();
            if (subscription.functionId().equals(functionId)) {
                users.add("subscription '" + subscription.id() + "'");
            } else if (functionId.equals(deadLetterFunction(subscription))) {
                users.add("subscription '" + subscription.id() + "' (for its dead letters)");
            } else if (functionId.equals(subscription.authorizer())) {
                users.add("subscription '" + subscription.id() + "' (as its authorizer)");
            }
        }
        for (FunctionEntry entry : functions.values()) {
            if (entry.references().contains(functionId)) {
                users.add("function '" + entry.definition().id() + "'");
            }
        }
        return users;
    }

    /** The function that a subscription's own policy names for its dead letters; null for none. */
    static @Nullable String deadLetterFunction(Subscription subscription) {
        DeliveryPolicy policy = subscription.delivery();
        return policy == null ? null : policy.deadLetter();
    }

    /** The http subscription that has the path of another, or that one itself; null for none. */
    @Nullable Subscription ownerOfPath(Subscription http) {
        List<SubscriptionEntry> all = paths.get(pathKey(http));
        return all == null ? null : all.get(0).subscription();
    }

    /** The registration that the store has for a key, as far as it is known here; null for none. */
    @Nullable Registration stored(SubscriptionStore.Key key) {
        return switch (key.kind()) {
            case FUNCTION -> {
                FunctionEntry entry = functions.get(key.id());
                yield entry == null || entry.version() == LOCAL ? null : entry.definition();
            }
            case SUBSCRIPTION -> {
                SubscriptionEntry entry = subscriptions.get(key.id());
                yield entry == null || entry.version() == LOCAL ? null : entry.subscription();
            }
            case EVENT_TYPE, EVENT_TYPE_POLICY -> {
                StoredEntry entry = eventTypes.get(key);
                yield entry == null ? null : entry.value();
            }
        };
    }

    /** The version at which a key is known here; {@link #LOCAL} when it is not, or is of this process alone. */
    long version(SubscriptionStore.Key key) {
        return switch (key.kind()) {
            case FUNCTION -> {
                FunctionEntry entry = functions.get(key.id());
                yield entry == null ? LOCAL : entry.version();
            }
            case SUBSCRIPTION -> {
                SubscriptionEntry entry = subscriptions.get(key.id());
                yield entry == null ? LOCAL : entry.version();
            }
            case EVENT_TYPE, EVENT_TYPE_POLICY -> {
                StoredEntry entry = eventTypes.get(key);
                yield entry == null ? LOCAL : entry.version();
            }
        };
    }

    /** The keys that the store has of this space, as far as they are known here. */
    Set<SubscriptionStore.Key> storedKeys() {
        Set<SubscriptionStore.Key> keys = new HashSet<>();
        functions.forEach((id, entry) -> {
            if (entry.version() != LOCAL) {
                keys.add(new SubscriptionStore.Key(Kind.FUNCTION, space.name(), id));
            }
        });
        subscriptions.forEach((id, entry) -> {
            if (entry.version() != LOCAL) {
                keys.add(new SubscriptionStore.Key(Kind.SUBSCRIPTION, space.name(), id));
            }
        });
        keys.addAll(eventTypes.keySet());
        return keys;
    }

    static String pathKey(Subscription subscription) {
        return subscription.method() + " "
                + PathPattern.parse(subscription.path()).shape();
    }
}
