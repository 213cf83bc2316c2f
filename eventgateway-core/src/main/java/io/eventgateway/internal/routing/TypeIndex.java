package io.eventgateway.internal.routing;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.eventgateway.internal.delivery.Target;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The async and sync subscriptions of one space, by event type.
 *
 * <p>A type's route is an immutable snapshot, made when its first event comes after a change that may concern it, so a change
 * costs what it changes and an event costs one lookup, however many other types have subscriptions. Types that only patterns
 * match are unbounded in number; their routes are in a bounded cache.
 *
 * <p>{@code lock} guards what routes are made from: the targets of each {@code ExactType} and the patterns. Every change of the
 * patterns makes a new {@code patternState}; a route that was made with another is made again.
 */
public final class TypeIndex {
    private static final int MAX_CACHED_TYPES = 10_000;

    private static final class ExactType {
        private final Map<String, Target> targets = new LinkedHashMap<>();
        private volatile @Nullable Route route;
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final TypePatterns patterns = new TypePatterns();
    private final Map<String, ExactType> exactTypes = new ConcurrentHashMap<>();
    private final Cache<String, Route> otherTypes = Caffeine.newBuilder()
            .maximumSize(MAX_CACHED_TYPES)
            .executor(Runnable::run)
            .build();

    private volatile Object patternState = new Object();
    /** The route to nobody; null while there are patterns, which any type may match. */
    private volatile @Nullable Route unrouted = Route.to(List.of(), List.of(), patternState);

    /** Adds a subscription, or replaces the one of the same id and event type. */
    public void put(Target target) {
        String eventType = target.subscription().eventType();
        lock.lock();
        try {
            if (TypePatterns.isPattern(eventType)) {
                patterns.put(eventType, target);
                patternsChanged();
            } else {
                ExactType exact = exactTypes.computeIfAbsent(eventType, type -> new ExactType());
                exact.targets.put(target.subscription().id(), target);
                exact.route = null;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Takes a subscription out. */
    public void remove(String eventType, String subscriptionId) {
        lock.lock();
        try {
            if (TypePatterns.isPattern(eventType)) {
                patterns.remove(eventType, subscriptionId);
                patternsChanged();
            } else {
                ExactType exact = exactTypes.get(eventType);
                if (exact != null) {
                    exact.targets.remove(subscriptionId);
                    exact.route = null;
                    if (exact.targets.isEmpty()) {
                        exactTypes.remove(eventType);
                    }
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private void patternsChanged() {
        Object state = new Object();
        unrouted = patterns.isEmpty() ? Route.to(List.of(), List.of(), state) : null;
        patternState = state;
        otherTypes.invalidateAll();
    }

    /** Where the events of a type go. */
    public Route route(String eventType) {
        ExactType exact = exactTypes.get(eventType);
        if (exact != null) {
            Route known = exact.route;
            return known != null && known.isMadeWith(patternState) ? known : exactRoute(eventType, exact);
        }
        Route nobody = unrouted;
        if (nobody != null) {
            return nobody;
        }
        Route known = otherTypes.getIfPresent(eventType);
        return known != null && known.isMadeWith(patternState) ? known : otherRoute(eventType);
    }

    private Route exactRoute(String eventType, ExactType exact) {
        lock.lock();
        try {
            Route made = Route.to(exact.targets.values(), patterns.matching(eventType), patternState);
            exact.route = made;
            return made;
        } finally {
            lock.unlock();
        }
    }

    private Route otherRoute(String eventType) {
        lock.lock();
        try {
            Route made = Route.to(List.of(), patterns.matching(eventType), patternState);
            otherTypes.put(eventType, made);
            return made;
        } finally {
            lock.unlock();
        }
    }
}
