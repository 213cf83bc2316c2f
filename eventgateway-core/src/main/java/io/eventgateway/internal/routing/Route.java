package io.eventgateway.internal.routing;

import io.eventgateway.Event;
import io.eventgateway.SubscriptionMode;
import io.eventgateway.internal.counters.SpaceCounters;
import io.eventgateway.internal.counters.Tally;
import io.eventgateway.internal.counters.TargetCount;
import io.eventgateway.internal.delivery.Target;
import io.eventgateway.internal.filter.FilterIndex;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The targets of the events of one type: targets that take every event, in arrays for reading, and targets with
 * filters, which each event has to be asked for. Immutable but for the filter indexes, which are shared with those that
 * change them.
 */
public final class Route {
    private final Target[] sync;
    private final Target[] async;
    private final List<FilterIndex<Target>> filtered;
    /** The state of the patterns that this route was made with. */
    private final Object patternState;
    /** The route of the events that pass no filter. */
    private final Route unfiltered;

    private final Tally tally;

    private Route(Target[] sync, Target[] async, List<FilterIndex<Target>> filtered, Object patternState, Tally tally) {
        this.tally = tally;
        this.sync = sync;
        this.async = async;
        this.filtered = filtered;
        this.patternState = patternState;
        this.unfiltered = filtered.isEmpty() ? this : new Route(sync, async, List.of(), patternState, tally);
    }

    /**
     * The route to the subscriptions of an exact type and those of patterns. A subscription that moves from one to the other is
     * for a moment in both, and is taken once.
     */
    static Route to(String eventType, Collection<TargetSet> sets, Object patternState, SpaceCounters counters) {
        Map<String, Target> byId = new LinkedHashMap<>();
        List<FilterIndex<Target>> filtered = new ArrayList<>();
        for (TargetSet set : sets) {
            set.unfiltered().forEach(target -> byId.put(target.subscription().id(), target));
            FilterIndex<Target> index = set.filtered();
            if (index != null) {
                filtered.add(index);
            }
        }
        Target[] sync = of(SubscriptionMode.SYNC, byId.values());
        Target[] async = of(SubscriptionMode.ASYNC, byId.values());
        return new Route(
                sync,
                async,
                List.copyOf(filtered),
                patternState,
                counters.route(eventType, counts(sync), counts(async)));
    }

    /** The route of the events that nobody wants, whatever their type. */
    static Route toNobody(Object patternState, SpaceCounters counters) {
        return new Route(Target.NONE, Target.NONE, List.of(), patternState, counters.nobody());
    }

    private static List<TargetCount> counts(Target[] targets) {
        return Stream.of(targets).map(Target::count).toList();
    }

    private static Target[] of(SubscriptionMode type, Collection<Target> targets) {
        List<Target> found = new ArrayList<>(targets.size());
        for (Target target : targets) {
            if (target.subscription().mode() == type) {
                found.add(target);
            }
        }
        return found.isEmpty() ? Target.NONE : found.toArray(Target.NONE);
    }

    boolean isMadeWith(Object state) {
        return patternState == state;
    }

    boolean hasFilters() {
        return !filtered.isEmpty();
    }

    /** The route of one event: what takes every event, and what the event passes the filter of. */
    Route select(Event event) {
        List<Target> matched = new ArrayList<>(0);
        FilterIndex.match(filtered, event, matched);
        return matched.isEmpty()
                ? unfiltered
                : new Route(
                        with(sync, SubscriptionMode.SYNC, matched),
                        with(async, SubscriptionMode.ASYNC, matched),
                        List.of(),
                        patternState,
                        counting(matched));
    }

    private Tally counting(List<Target> matched) {
        return eventType -> {
            tally.accepted(eventType);
            for (Target target : matched) {
                boolean isSync = target.subscription().mode() == SubscriptionMode.SYNC;
                target.count().routed(eventType, isSync ? 1 : 0, isSync ? 0 : 1);
            }
        };
    }

    /** Counts an event that goes along this route, and its deliveries. */
    public Tally tally() {
        return tally;
    }

    private static Target[] with(Target[] unfiltered, SubscriptionMode type, List<Target> matched) {
        int more = 0;
        for (Target target : matched) {
            more += target.subscription().mode() == type ? 1 : 0;
        }
        if (more == 0) {
            return unfiltered;
        }
        Target[] all = new Target[unfiltered.length + more];
        System.arraycopy(unfiltered, 0, all, 0, unfiltered.length);
        int next = unfiltered.length;
        for (Target target : matched) {
            if (target.subscription().mode() == type) {
                all[next++] = target;
            }
        }
        return all;
    }

    /** The targets that are called on the emitter's thread, whatever the event; of a selected route, all such targets. */
    public Target[] sync() {
        return sync;
    }

    /** The targets that are called on the gateway's threads, whatever the event; of a selected route, all such targets. */
    public Target[] async() {
        return async;
    }

    /** All that an event of the type may go to. */
    public List<Target> everyone() {
        List<Target> all = new ArrayList<>(List.of(sync));
        all.addAll(List.of(async));
        filtered.forEach(index -> all.addAll(index.targets()));
        return all;
    }

    /** Returns whether the events go to nobody, whatever is in them. */
    public boolean isEmpty() {
        return sync.length == 0 && async.length == 0 && filtered.isEmpty();
    }
}
