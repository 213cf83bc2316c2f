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
    /** A step on a path from the first function: the function that is reached, by which event type, and the step before. */
    private record Step(
            String functionId,
            @Nullable String eventType,
            @Nullable Step before) {}

    private final SpaceRegistry space;

    private RoutingGraph(SpaceRegistry space) {
        this.space = space;
    }

    static RoutingGraph of(SpaceRegistry space) {
        return new RoutingGraph(space);
    }

    /** The shortest cycle that goes through a subscription: functions and event types by turns; empty when there is none. */
    List<String> cycleThrough(Subscription subscription) {
        Deque<Step> steps = new ArrayDeque<>();
        Set<String> seen = new HashSet<>();
        steps.add(new Step(subscription.functionId(), null, null));
        while (!steps.isEmpty()) {
            Step step = steps.remove();
            FunctionEntry function = space.functions.get(step.functionId);
            for (String type :
                    function == null ? Set.<String>of() : function.definition().emits()) {
                for (Target target : space.space().types().route(type).everyone()) {
                    Step next = new Step(target.functionId(), type, step);
                    if (target.subscription().id().equals(subscription.id())) {
                        return path(next);
                    }
                    if (seen.add(target.functionId())) {
                        steps.add(next);
                    }
                }
            }
        }
        return List.of();
    }

    private static List<String> path(Step end) {
        List<String> path = new ArrayList<>();
        for (Step step = end; step != null; step = step.before) {
            path.add(step.functionId);
            if (step.eventType != null) {
                path.add(step.eventType);
            }
        }
        Collections.reverse(path);
        return path;
    }
}
