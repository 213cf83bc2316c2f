package io.eventgateway.internal.routing;

import io.eventgateway.Event;
import io.eventgateway.Filter;
import io.eventgateway.internal.counters.SpaceCounters;
import io.eventgateway.internal.delivery.Target;
import io.eventgateway.internal.filter.Condition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
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
 *
 * <p>Filters are asked at each event, one index after the other. So that a subscription that moves between them, or from having a
 * filter to having none, is neither missed nor found twice, {@code changes} is odd while anything is moving: a reader that has
 * filters to ask and saw it move looks again.
 */
public final class TypeIndex {
    private static final int MAX_CACHED_TYPES = 10_000;

    private static final int TRIES = 10;

    private static final class ExactType {
        private final TargetSet targets = new TargetSet();
        private volatile @Nullable Route route;
    }

    private static final class PatternState {
        /** The route of types that nobody subscribes to; null while there are patterns, which any type may match. */
        private final @Nullable Route nobody;
        /** The routes of types that only patterns match; null while there are none. Written under the lock. */
        private final @Nullable Map<String, Route> otherTypes;

        PatternState(boolean empty, SpaceCounters counters) {
            this.nobody = empty ? Route.toNobody(this, counters) : null;
            this.otherTypes = empty ? null : new ConcurrentHashMap<>();
        }

        /** Keeps a route. A route is quickly made again, so all make room for the next one when there are too many. */
        static void keep(Map<String, Route> routes, String eventType, Route made) {
            if (routes.size() >= MAX_CACHED_TYPES) {
                routes.clear();
            }
            routes.put(eventType, made);
        }
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final TypePatterns patterns = new TypePatterns();
    private final Map<String, ExactType> exactTypes = new ConcurrentHashMap<>();

    private final Function<Filter, Condition> conditions;

    private final SpaceCounters counters;
    private volatile PatternState patternState;
    /** Odd while a change is being made; written under the lock. */
    private final AtomicLong changes = new AtomicLong();

    TypeIndex(Function<Filter, Condition> conditions, SpaceCounters counters) {
        this.conditions = conditions;
        this.counters = counters;
        this.patternState = new PatternState(true, counters);
    }

    /** Makes several changes that no event falls between. */
    public void atomically(Runnable several) {
        lock.lock();
        try {
            boolean outermost = lock.getHoldCount() == 1;
            changes.addAndGet(outermost ? 1 : 0);
            try {
                several.run();
            } finally {
                changes.addAndGet(outermost ? 1 : 0);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Adds a subscription, or replaces the one of the same id and event type. */
    public void put(Target target) {
        Filter filter = target.subscription().filter();
        Condition condition = filter == null ? null : conditions.apply(filter);
        String eventType = target.subscription().eventType();
        lock.lock();
        try {
            TargetSet known = targets(eventType);
            if (known != null && known.isOtherwiseThere(target.subscription().id(), condition)) {
                atomically(() -> put(eventType, target, condition));
            } else {
                put(eventType, target, condition); // events see it in its one place, or do not see it yet
            }
        } finally {
            lock.unlock();
        }
    }

    private @Nullable TargetSet targets(String eventType) {
        if (TypePatterns.isPattern(eventType)) {
            return patterns.targets(eventType);
        }
        ExactType exact = exactTypes.get(eventType);
        return exact == null ? null : exact.targets;
    }

    private void put(String eventType, Target target, @Nullable Condition condition) {
        if (TypePatterns.isPattern(eventType)) {
            if (patterns.put(eventType, target, condition)) {
                patternsChanged();
            }
        } else {
            ExactType exact = exactTypes.computeIfAbsent(eventType, type -> new ExactType());
            if (exact.targets.put(target, condition)) {
                exact.route = null;
            }
        }
    }

    /** Takes a subscription out. */
    public void remove(String eventType, String subscriptionId) {
        lock.lock();
        try {
            if (TypePatterns.isPattern(eventType)) {
                if (patterns.remove(eventType, subscriptionId)) {
                    patternsChanged();
                }
            } else {
                removeExact(eventType, subscriptionId);
            }
        } finally {
            lock.unlock();
        }
    }

    private void removeExact(String eventType, String subscriptionId) {
        ExactType exact = exactTypes.get(eventType);
        if (exact != null) {
            if (exact.targets.remove(subscriptionId)) {
                exact.route = null;
            }
            if (exact.targets.isEmpty()) {
                exactTypes.remove(eventType);
            }
        }
    }

    /** The number of events for which a subscription's filter could not be evaluated; 0 when it has none. */
    public long filterErrors(String eventType, String subscriptionId) {
        lock.lock();
        try {
            if (TypePatterns.isPattern(eventType)) {
                return patterns.filterErrors(eventType, subscriptionId);
            }
            ExactType exact = exactTypes.get(eventType);
            return exact == null ? 0 : exact.targets.filterErrors(subscriptionId);
        } finally {
            lock.unlock();
        }
    }

    private void patternsChanged() {
        patternState = new PatternState(patterns.isEmpty(), counters);
    }

    /** The route of one event. */
    public Route select(Event event) {
        long before = changes.get();
        Route route = route(event.getType());
        return route.hasFilters() ? selected(event, route, before) : route;
    }

    private Route selected(Event event, Route first, long seen) {
        Route route = first;
        long before = seen;
        for (int i = 0; i < TRIES; i++) {
            if ((before & 1) == 0) {
                Route selected = route.select(event);
                if (before == changes.get()) {
                    return selected;
                }
            }
            before = settled();
            route = route(event.getType());
        }
        lock.lock(); // whoever changes the index all the time has to wait for once
        try {
            return route(event.getType()).select(event);
        } finally {
            lock.unlock();
        }
    }

    private long settled() {
        lock.lock();
        try {
            return changes.get();
        } finally {
            lock.unlock();
        }
    }

    /** The route of the events of a type, with the targets that they reach if they pass filters. */
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
        if (state.otherTypes == null) {
            return Objects.requireNonNull(state.nobody);
        }
        Route known = state.otherTypes.get(eventType);
        return known != null && known.isMadeWith(state) ? known : makeRoute(eventType);
    }

    private Route makeRoute(String eventType) {
        lock.lock();
        try {
            ExactType exact = exactTypes.get(eventType);
            List<TargetSet> sets = new ArrayList<>(patterns.matching(eventType));
            if (exact != null) {
                sets.add(0, exact.targets);
            }
            PatternState state = patternState;
            Route made = Route.to(eventType, sets, state, counters);
            if (exact != null) {
                exact.route = made;
            } else if (state.otherTypes != null) {
                PatternState.keep(state.otherTypes, eventType, made);
            }
            return made;
        } finally {
            lock.unlock();
        }
    }
}
