package io.eventgateway.internal.intake;

import io.eventgateway.Event;
import io.eventgateway.internal.delivery.DeadLetterForwarding;
import io.eventgateway.internal.delivery.DeliveryEngine;
import io.eventgateway.internal.delivery.PendingEmission;
import io.eventgateway.internal.delivery.Routed;
import io.eventgateway.internal.delivery.Target;
import io.eventgateway.internal.invocation.Cause;
import io.eventgateway.internal.invocation.Causes;
import io.eventgateway.internal.invocation.RegisteredFunction;
import io.eventgateway.internal.routing.Route;
import io.eventgateway.internal.routing.TypeIndex;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Emits what the gateway itself tells: system events to their listeners, and dead letters to the functions that get them.
 *
 * <p>System events pass the interceptors and the guard by, and are still emitted while the gateway drains. Nobody is
 * told of an event that a system event led to: a listener that emits, calls or fails would never come to an end.
 *
 * <p>Thread-safe.
 */
final class SystemEmissions {
    private static final Logger log = LoggerFactory.getLogger(SystemEmissions.class);

    private final Stamp stamp;
    private final Intake.Destinations destinations;
    private final DeliveryEngine deliveries;
    private final Chains chains;
    private final SystemEventLimit limit;

    SystemEmissions(Stamp stamp, Intake.Destinations destinations, Chains chains) {
        this.stamp = stamp;
        this.destinations = destinations;
        this.deliveries = destinations.deliveries();
        this.chains = chains;
        this.limit = new SystemEventLimit(deliveries::now);
    }

    /** Emits a system event; never throws, since the work that it tells of goes on without it. */
    void emit(String space, String type, Object data, Event cause) {
        if (stamp.isAfterSystemEvent(cause)) {
            return;
        }
        @Nullable Object[] slot = Causes.slot();
        Object outer = slot[0];
        Cause about = Cause.of(cause);
        slot[0] = about;
        try {
            TypeIndex types = destinations.spaces().apply(space).types();
            if (types.route(type).isEmpty()) {
                return;
            }
            Event event = stamp.event(type, data, about);
            Route route = types.select(event);
            if (!route.isEmpty()) {
                PendingEmission emission = accept(space, event, route, cause);
                deliveries.callSync(emission, route.sync(), slot);
            }
        } catch (RuntimeException e) {
            log.warn("The system event {} about event '{}' was not delivered", type, cause.getId(), e);
        } finally {
            slot[0] = outer;
        }
    }

    /** Accepts a system event for its listeners: for the async ones only up to the limit, for the sync ones always. */
    private PendingEmission accept(String space, Event event, Route route, Event cause) {
        String type = event.getType();
        int async = route.async().length;
        if (async > 0 && limit.take(type, async)) {
            try {
                PendingEmission emission = deliveries.acceptSystem(
                        new Routed(space, event, route.sync(), route.async(), route.tally(), 0));
                emission.completion().whenComplete((report, failure) -> limit.giveBack(type, async));
                return emission;
            } catch (RuntimeException | Error e) {
                limit.giveBack(type, async);
                throw e;
            }
        }
        if (async > 0) {
            limit.lost(space, type, cause.getId());
        }
        return deliveries.acceptSystem(new Routed(
                space,
                event,
                route.sync(),
                Target.NONE,
                async == 0 ? route.tally() : counted -> countSync(counted, route.sync()),
                0));
    }

    private static void countSync(String eventType, Target[] sync) {
        for (Target target : sync) {
            target.count().routed(eventType, 1, 0);
        }
    }

    /** Delivers a dead letter to the function that gets dead letters, as {@link Intake#forward} says. */
    void forward(
            String space, String functionId, String type, Object data, Cause cause, @Nullable String deadLetterId) {
        Event dead = cause.emitted();
        if (stamp.isAfterSystemEvent(dead)) { // the function may have emitted what failed, and would again
            return;
        }
        RegisteredFunction function = destinations.functions().apply(space, functionId);
        if (function == null) {
            log.warn(
                    "The dead letter of event '{}' is kept: function '{}', which should get it, is not registered in space '{}'",
                    dead.getId(),
                    functionId,
                    space);
            return;
        }
        try {
            Event event = stamp.event(type, data, cause);
            chains.add(
                    cause,
                    deliveries.forward(
                            function,
                            deadLetterId == null
                                    ? event
                                    : stamp.event(
                                            event, Map.of(DeadLetterForwarding.DEAD_LETTER_ID, deadLetterId), cause)));
        } catch (RuntimeException e) {
            log.warn("The dead letter of event '{}' was not handed to function '{}'", dead.getId(), functionId, e);
        }
    }
}
