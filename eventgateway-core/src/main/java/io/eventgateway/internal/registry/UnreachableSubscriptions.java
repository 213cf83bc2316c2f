package io.eventgateway.internal.registry;

import io.eventgateway.Subscription;
import io.eventgateway.error.SubscriptionNotFoundException;
import io.eventgateway.internal.invocation.RegisteredFunction;
import io.eventgateway.internal.registry.SpaceRegistry.SubscriptionEntry;
import io.eventgateway.spi.EventStore;
import io.eventgateway.spi.EventStore.FunctionName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The subscriptions in the store whose functions no gateway can call that is alive, such as those of handlers that were removed from the
 * code. Events are accepted for them, and wait. Thread-safe.
 */
public final class UnreachableSubscriptions {
    private static final Logger log = LoggerFactory.getLogger(UnreachableSubscriptions.class);
    private static final int SHOWN = 10;

    private final EventStore store;
    private final Supplier<Collection<SpaceRegistry>> spaces;
    private final Function<String, SpaceRegistry> space;

    UnreachableSubscriptions(
            EventStore store, Supplier<Collection<SpaceRegistry>> spaces, Function<String, SpaceRegistry> space) {
        this.store = store;
        this.spaces = spaces;
        this.space = space;
    }

    /** Returns those of a space, by id; asks the store only where this gateway itself can't call a function. */
    public Set<Subscription> in(String spaceName) {
        return new HashSet<>(of(space.apply(spaceName)));
    }

    List<Subscription> of(SpaceRegistry among) {
        List<Subscription> candidates = among.subscriptions.values().stream()
                .filter(entry -> entry.version() != SpaceRegistry.LOCAL)
                .map(SubscriptionEntry::subscription)
                .filter(subscription -> !isCallableHere(among, subscription.functionId()))
                .sorted(Comparator.comparing(Subscription::id))
                .toList();
        Set<FunctionName> callable = candidates.isEmpty() ? null : store.callable();
        return callable == null
                ? List.of()
                : candidates.stream()
                        .filter(each -> !callable.contains(
                                new FunctionName(among.space().name(), each.functionId())))
                        .toList();
    }

    private static boolean isCallableHere(SpaceRegistry among, String functionId) {
        RegisteredFunction function = among.registered(functionId);
        return function != null && function.isCallable();
    }

    /** Returns the functions of a space that somebody can call; null when the store does not know. */
    @Nullable Set<String> callableIn(SpaceRegistry among) {
        Set<FunctionName> known = store.callable();
        if (known == null) {
            return null;
        }
        Set<String> callable = new HashSet<>();
        known.stream()
                .filter(each -> each.space().equals(among.space().name()))
                .forEach(each -> callable.add(each.functionId()));
        among.functions.keySet().stream()
                .filter(id -> isCallableHere(among, id))
                .forEach(callable::add);
        return callable;
    }

    /** Says in the log which they are: some of them, where they are many. */
    public void say() {
        for (SpaceRegistry each : spaces.get()) {
            List<Subscription> unreachable = of(each);
            if (!unreachable.isEmpty()) {
                log.warn(
                        "In space '{}', no gateway that is alive can call the functions of {} subscriptions, whose events wait: {}{};"
                                + " register the functions, or remove the subscriptions with subscriptions().prune()",
                        each.space().name(),
                        unreachable.size(),
                        unreachable.stream()
                                .limit(SHOWN)
                                .map(subscription ->
                                        "'" + subscription.id() + "' to '" + subscription.functionId() + "'")
                                .toList(),
                        unreachable.size() > SHOWN ? " and others" : "");
            }
        }
    }

    /**
     * Removes those of a space, one by one.
     *
     * @param delete deletes one by its id
     * @param giveUp makes dead letters of what is pending for functions, of which it is told whether nobody can call them; returns how
     *     many
     */
    List<Subscription> prune(SpaceRegistry among, Function<String, Subscription> delete, GiveUp giveUp) {
        List<Subscription> pruned = new ArrayList<>();
        for (Subscription each : of(among)) {
            try {
                pruned.add(delete.apply(each.id()));
            } catch (SubscriptionNotFoundException e) {
                log.debug("Subscription '{}' was removed by another gateway while it was pruned", each.id(), e);
            }
        }
        Set<String> callable = callableIn(among);
        String name = among.space().name();
        int given = callable == null
                ? 0
                : giveUp.all(
                        (space, function) -> space.equals(name) && !callable.contains(function),
                        "no gateway that is alive can call the function; it was given up when subscriptions were pruned");
        if (!pruned.isEmpty() || given > 0) {
            log.warn(
                    "In space '{}', {} subscriptions were pruned, since no gateway that is alive can call their functions: {}; {}"
                            + " deliveries to such functions are dead letters now",
                    name,
                    pruned.size(),
                    pruned.stream().map(Subscription::id).toList(),
                    given);
        }
        return pruned;
    }

    /** Makes dead letters of deliveries. */
    @FunctionalInterface
    interface GiveUp {
        /** Makes dead letters of what is pending for such functions; returns how many. */
        int all(BiPredicate<String, String> functions, String why);
    }
}
