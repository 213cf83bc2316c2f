package io.eventgateway.internal.counters;

import io.eventgateway.GatewayCounters;
import io.eventgateway.GatewayCounters.Counts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What is counted in one space.
 *
 * <p>Bounded: types beyond {@value #MAX_TYPES} share their counts; the counts of subscriptions that are gone, which still belong to
 * their functions and types, are kept for the last {@value #MAX_GONE} of them, and are added up after that. Thread-safe: {@code gone} is
 * guarded by itself.
 */
public final class SpaceCounters {
    static final int MAX_TYPES = 1_000;
    static final int MAX_GONE = 1_000;

    private final Instant since;
    private final Map<String, TypeCount> types = new ConcurrentHashMap<>();
    private final TypeCount otherTypes = new TypeCount();
    /** The counts of subscriptions, by id; one for each function and type that it had. */
    private final Map<String, List<TargetCount>> subscriptions = new ConcurrentHashMap<>();
    /** The counts of calls that no subscription is for, by function. */
    private final Map<String, TargetCount> calls = new ConcurrentHashMap<>();
    /** The counts of subscriptions that are gone, or were never configured here, by id. */
    private final Map<String, List<TargetCount>> gone = new LinkedHashMap<>();
    /** What was counted for functions and types by those that are forgotten; guarded by {@code gone}. */
    private final Map<String, CountSum> formerOfFunctions = new TreeMap<>();

    private final Map<String, CountSum> formerOfTypes = new TreeMap<>();

    SpaceCounters(Instant since) {
        this.since = since;
    }

    /** The counts of a type, or those of all types beyond the bound. */
    public TypeCount type(String eventType) {
        TypeCount known = types.get(eventType);
        if (known != null) {
            return known;
        }
        return types.size() >= MAX_TYPES ? otherTypes : types.computeIfAbsent(eventType, key -> new TypeCount());
    }

    /** The counts of a subscription that is configured. */
    public TargetCount subscription(String subscriptionId, String functionId, String eventType) {
        synchronized (gone) {
            List<TargetCount> before = gone.remove(subscriptionId);
            if (before != null) {
                subscriptions.put(subscriptionId, before);
            }
            return in(subscriptions, subscriptionId, functionId, eventType);
        }
    }

    /** The counts of a subscription that may be gone. */
    public TargetCount find(String subscriptionId, String functionId, String eventType) {
        List<TargetCount> known = subscriptions.get(subscriptionId);
        if (known != null) {
            for (TargetCount each : known) {
                if (each.isFor(functionId, eventType)) {
                    return each;
                }
            }
        }
        synchronized (gone) {
            boolean isThere = subscriptions.containsKey(subscriptionId);
            TargetCount found = in(isThere ? subscriptions : gone, subscriptionId, functionId, eventType);
            forgetOldest();
            return found;
        }
    }

    private TargetCount in(
            Map<String, List<TargetCount>> map, String subscriptionId, String functionId, String eventType) {
        List<TargetCount> known = map.getOrDefault(subscriptionId, List.of());
        for (TargetCount each : known) {
            if (each.isFor(functionId, eventType)) {
                return each;
            }
        }
        TargetCount made = new TargetCount(this, functionId, eventType);
        List<TargetCount> more = new ArrayList<>(known);
        more.add(made);
        map.put(subscriptionId, List.copyOf(more));
        return made;
    }

    /** The counts of the calls of a function that no subscription is for. */
    public TargetCount calls(String functionId) {
        return calls.computeIfAbsent(functionId, id -> new TargetCount(this, id, ""));
    }

    /** A function was deleted. */
    public void functionDeleted(String functionId) {
        calls.remove(functionId);
        synchronized (gone) {
            formerOfFunctions.remove(functionId);
        }
    }

    /** A subscription was deleted. */
    public void deleted(String subscriptionId) {
        synchronized (gone) {
            List<TargetCount> counts = subscriptions.remove(subscriptionId);
            if (counts != null) {
                gone.put(subscriptionId, counts);
                forgetOldest();
            }
        }
    }

    private void forgetOldest() {
        while (gone.size() > MAX_GONE) {
            String oldest = gone.keySet().iterator().next();
            for (TargetCount count : gone.remove(oldest)) {
                addTo(formerOfFunctions, formerOfTypes, count);
            }
            bound(formerOfFunctions);
            bound(formerOfTypes);
        }
    }

    private static void bound(Map<String, CountSum> sums) {
        if (sums.size() > MAX_GONE) {
            sums.remove(sums.keySet().iterator().next());
        }
    }

    private static void addTo(Map<String, CountSum> functions, Map<String, CountSum> types, TargetCount count) {
        CountSum sum = new CountSum();
        count.addTo(sum);
        functions.computeIfAbsent(count.functionId(), key -> new CountSum()).add(sum);
        String type = count.exactType();
        if (type != null) {
            types.computeIfAbsent(type, key -> new CountSum()).add(sum);
        }
    }

    /** The counting of what goes along a route: to all events of a type. */
    public RouteTally route(String eventType, List<TargetCount> sync, List<TargetCount> async) {
        TypeCount type = type(eventType);
        RouteCount together = type == otherTypes ? null : type.begin(eventType, sync, async);
        return new RouteTally(this, together, sync, async);
    }

    /** The counting of events of types that nobody wants. */
    public Tally nobody() {
        return new RouteTally(this, null, List.of(), List.of());
    }

    /** What was counted up to now. */
    public GatewayCounters snapshot(Collection<String> functionIds) {
        types.values().forEach(TypeCount::fold);
        Map<String, CountSum> ofTypes = new TreeMap<>();
        Map<String, CountSum> ofFunctions = new TreeMap<>();
        Map<String, Counts> ofSubscriptions = new TreeMap<>();
        synchronized (gone) {
            formerOfFunctions.forEach((id, sum) ->
                    ofFunctions.computeIfAbsent(id, key -> new CountSum()).add(sum));
            formerOfTypes.forEach((type, sum) ->
                    ofTypes.computeIfAbsent(type, key -> new CountSum()).add(sum));
            gone.values().forEach(counts -> counts.forEach(count -> addTo(ofFunctions, ofTypes, count)));
            subscriptions.forEach((id, counts) -> {
                CountSum own = new CountSum();
                for (TargetCount count : counts) {
                    count.addTo(own);
                    addTo(ofFunctions, ofTypes, count);
                }
                ofSubscriptions.put(id, own.counts());
            });
        }
        calls.values().forEach(count -> addTo(ofFunctions, new TreeMap<>(), count));
        CountSum others = new CountSum();
        otherTypes.addTo(others);
        Map<String, Counts> rows = new TreeMap<>();
        types.forEach((name, count) -> {
            CountSum sum = new CountSum();
            count.addTo(sum);
            CountSum exact = ofTypes.remove(name);
            if (exact != null) {
                sum.add(exact);
            }
            if (!sum.isEmpty()) {
                rows.put(name, sum.counts());
            }
        });
        ofTypes.values().forEach(others::add);
        Map<String, Counts> functions = new TreeMap<>();
        functionIds.forEach(id ->
                functions.put(id, ofFunctions.getOrDefault(id, new CountSum()).counts()));
        return new GatewayCounters(since, rows, others.counts(), ofSubscriptions, functions);
    }
}
