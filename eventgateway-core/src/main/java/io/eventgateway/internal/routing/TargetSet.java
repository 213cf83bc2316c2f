package io.eventgateway.internal.routing;

import io.eventgateway.internal.delivery.Target;
import io.eventgateway.internal.filter.Condition;
import io.eventgateway.internal.filter.FilterIndex;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The targets of one event type or pattern: targets that take every event, and targets with filters. Not thread-safe: {@link
 * TypeIndex} guards it; its filter index, once made, is read by any thread.
 */
final class TargetSet {
    private final Map<String, Target> unfiltered = new LinkedHashMap<>();
    private @Nullable FilterIndex<Target> filtered;

    /**
     * Adds a target, or puts it in the place of the one with its id.
     *
     * @param condition that of its filter; null when it takes every event
     * @return whether routes that know this set have to be made anew
     */
    boolean put(Target target, @Nullable Condition condition) {
        String id = target.subscription().id();
        if (condition == null) {
            unfiltered.put(id, target);
            removeFiltered(id);
            return true;
        }
        FilterIndex<Target> index = filtered;
        boolean first = index == null;
        if (index == null) {
            index = new FilterIndex<>();
            filtered = index;
        }
        index.put(id, target, condition);
        return unfiltered.remove(id) != null || first;
    }

    /** Returns whether a target with the id is here that has a filter where the new one has none, or none where the new one has one. */
    boolean isOtherwiseThere(String id, @Nullable Condition condition) {
        FilterIndex<Target> index = filtered;
        return condition == null ? index != null && index.contains(id) : unfiltered.containsKey(id);
    }

    /** Takes a target out; whether routes that know this set have to be made anew. */
    boolean remove(String id) {
        boolean wasUnfiltered = unfiltered.remove(id) != null;
        return removeFiltered(id) || wasUnfiltered;
    }

    private boolean removeFiltered(String id) {
        FilterIndex<Target> index = filtered;
        if (index == null) {
            return false;
        }
        index.remove(id);
        if (index.isEmpty()) {
            filtered = null;
            return true;
        }
        return false;
    }

    boolean isEmpty() {
        return unfiltered.isEmpty() && filtered == null;
    }

    Collection<Target> unfiltered() {
        return unfiltered.values();
    }

    @Nullable FilterIndex<Target> filtered() {
        return filtered;
    }

    long filterErrors(String id) {
        FilterIndex<Target> index = filtered;
        return index == null ? 0 : index.errors(id);
    }
}
