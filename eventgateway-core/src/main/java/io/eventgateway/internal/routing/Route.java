package io.eventgateway.internal.routing;

import io.eventgateway.Event;
import io.eventgateway.SubscriptionMode;
import io.eventgateway.internal.delivery.Target;
import io.eventgateway.internal.filter.FilterIndex;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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

    private Route(Target[] sync, Target[] async, List<FilterIndex<Target>> filtered, Object patternState) {
        this.sync = sync;
        this.async = async;
        this.filtered = filtered;
        this.patternState = patternState;
        this.unfiltered = filtered.isEmpty() ? this : new Route(sync, async, List.of(), patternState);
    }

    /**
     * The route to the subscriptions of an exact type and those of patterns. A subscription that moves from one to the other is
     * for a moment in both, and is taken once.
     */
    static Route to(Collection<TargetSet> sets, Object patternState) {
        Map<String, Target> byId = new LinkedHashMap<>();
        List<FilterIndex<Target>> filtered = new ArrayList<>();
        for (TargetSet set : sets) {
            set.unfiltered().forEach(target -> byId.put(target.subscription().id(), target));
            FilterIndex<Target> index = set.filtered();
            if (index != null) {
                filtered.add(index);
            }
        }
        return new Route(
                of(SubscriptionMode.SYNC, byId.values()),
                of(SubscriptionMode.ASYNC, byId.values()),
                List.copyOf(filtered),
                patternState);
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
                        patternState);
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
