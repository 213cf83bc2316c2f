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
 * patterns makes a new {@code PatternState}; a route that was made with another is made again. A subscription that moves between
 * an exact type and a pattern is put before it is removed, so a reader that finds no exact type has seen it among the patterns
 * if their state was the same before and after it looked.
 */
public final class TypeIndex {
    private static final int MAX_CACHED_TYPES = 10_000;

    private static final class ExactType {
        private final Map<String, Target> targets = new LinkedHashMap<>();
        private volatile @Nullable Route route;
    }

    private static final class PatternState {
        /** The route of types that nobody subscribes to; null while there are patterns, which any type may match. */
        private final @Nullable Route nobody;

        PatternState(boolean empty) {
            this.nobody = empty ? Route.to(List.of(), List.of(), this) : null;
        }
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final TypePatterns patterns = new TypePatterns();
    private final Map<String, ExactType> exactTypes = new ConcurrentHashMap<>();
    private final Cache<String, Route> otherTypes = Caffeine.newBuilder()
            .maximumSize(MAX_CACHED_TYPES)
            .executor(Runnable::run)
            .build();

    private volatile PatternState patternState = new PatternState(true);

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
        patternState = new PatternState(patterns.isEmpty());
        otherTypes.invalidateAll();
    }

    /** Where the events of a type go. */
    public Route route(String eventType) {
        PatternState state = patternState;
        ExactType exact = exactTypes.get(eventType);
        if (exact != null) {
            Route known = exact.route;
            return known != null && known.isMadeWith(patternState) ? known : makeRoute(eventType);
        }
        if (state != patternState) {
            return makeRoute(eventType);
        }
        if (state.nobody != null) {
            return state.nobody;
        }
        Route known = otherTypes.getIfPresent(eventType);
        return known != null && known.isMadeWith(state) ? known : makeRoute(eventType);
    }

    private Route makeRoute(String eventType) {
        lock.lock();
        try {
            ExactType exact = exactTypes.get(eventType);
            Route made = Route.to(
                    exact == null ? List.of() : exact.targets.values(), patterns.matching(eventType), patternState);
            if (exact != null) {
                exact.route = made;
            } else {
                otherTypes.put(eventType, made);
            }
            return made;
        } finally {
            lock.unlock();
        }
    }
}
