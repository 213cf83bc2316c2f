package io.eventgateway.internal.registry;

import io.eventgateway.Subscription;
import io.eventgateway.internal.delivery.Target;
import io.eventgateway.internal.registry.SpaceRegistry.FunctionEntry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The functions of a space, and which of them get the events that each says it emits. */
final class RoutingGraph {
    /** A way from the first function to one, by the event types in between. */
    private record Way(
            String functionId,
            @Nullable String eventType,
            @Nullable Way before) {}

    private final SpaceRegistry space;

    private RoutingGraph(SpaceRegistry space) {
        this.space = space;
    }

    static RoutingGraph of(SpaceRegistry space) {
        return new RoutingGraph(space);
    }

    /** The shortest cycle that goes through a subscription: functions and event types by turns; empty when there is none. */
    List<String> cycleThrough(Subscription subscription) {
        Deque<Way> ways = new ArrayDeque<>();
        Set<String> seen = new HashSet<>();
        ways.add(new Way(subscription.functionId(), null, null));
        while (!ways.isEmpty()) {
            Way way = ways.remove();
            FunctionEntry function = space.functions.get(way.functionId);
            for (String type :
                    function == null ? Set.<String>of() : function.definition().emits()) {
                for (Target target : space.space().types().route(type).everyone()) {
                    Way next = new Way(target.functionId(), type, way);
                    if (target.subscription().id().equals(subscription.id())) {
                        return path(next);
                    }
                    if (seen.add(target.functionId())) {
                        ways.add(next);
                    }
                }
            }
        }
        return List.of();
    }

    private static List<String> path(Way end) {
        List<String> path = new ArrayList<>();
        for (Way way = end; way != null; way = way.before) {
            path.add(way.functionId);
            if (way.eventType != null) {
                path.add(way.eventType);
            }
        }
        Collections.reverse(path);
        return path;
    }
}
