package io.eventgateway.internal.intake;

import io.cloudevents.CloudEvent;
import io.eventgateway.Emission;
import io.eventgateway.Event;
import io.eventgateway.internal.delivery.Deliveries;
import io.eventgateway.internal.invocation.Causes;
import io.eventgateway.internal.invocation.Emitter;
import io.eventgateway.internal.routing.Route;
import io.eventgateway.internal.routing.Space;
import io.eventgateway.spi.EmitInterceptor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where every event comes in: it is completed, intercepted, told of, routed and delivered. Thread-safe. */
public final class Intake implements Emitter {
    private static final Logger log = LoggerFactory.getLogger(Intake.class);

    private final Stamp stamp;
    private final List<EmitInterceptor> interceptors;
    private final Function<String, Space> spaces;
    private final Deliveries deliveries;
    private final Gate gate;

    /** The intake. */
    public Intake(
            Stamp stamp,
            List<EmitInterceptor> interceptors,
            Function<String, Space> spaces,
            Deliveries deliveries,
            Gate gate) {
        this.stamp = stamp;
        this.interceptors = List.copyOf(interceptors);
        this.spaces = spaces;
        this.deliveries = deliveries;
        this.gate = gate;
    }

    /** Emits an event of a type in a space, caused by what this thread handles. */
    public Emission emit(Space space, String type, @Nullable Object data) {
        gate.checkOpen();
        @Nullable Object[] slot = Causes.slot();
        return accept(space, stamp.event(type, data, Causes.in(slot)), slot);
    }

    /** Emits an event in a space, caused by what this thread handles. */
    public Emission emit(Space space, CloudEvent event) {
        gate.checkOpen();
        @Nullable Object[] slot = Causes.slot();
        return accept(space, stamp.event(event, Causes.in(slot)), slot);
    }

    /** Emits events in a space; none of them if one is not valid. */
    public List<Emission> emitAll(Space space, Collection<? extends CloudEvent> events) {
        gate.checkOpen();
        @Nullable Object[] slot = Causes.slot();
        List<Event> complete = new ArrayList<>(events.size());
        for (CloudEvent event : events) {
            complete.add(stamp.event(event, Causes.in(slot)));
        }
        List<Emission> emissions = new ArrayList<>(complete.size());
        for (Event event : complete) {
            emissions.add(accept(space, event, slot));
        }
        return List.copyOf(emissions);
    }

    private Emission accept(Space space, Event event, @Nullable Object[] slot) {
        return interceptors.isEmpty() ? deliver(space, event, slot) : through(0, space, event, slot);
    }

    private Emission through(int index, Space space, Event event, @Nullable Object[] slot) {
        if (index == interceptors.size()) {
            return deliver(space, event, slot);
        }
        return interceptors
                .get(index)
                .intercept(event, passed -> through(index + 1, space, completed(passed, slot), slot));
    }

    /** What an interceptor lets pass in an event's place is completed like it. */
    private Event completed(Event passed, @Nullable Object[] slot) {
        return stamp.event(passed, Causes.in(slot));
    }

    private Emission deliver(Space space, Event event, @Nullable Object[] slot) {
        space.systemEvents().received(event);
        Route route = space.types().route(event.getType());
        return deliveries.deliver(event, route.sync(), route.async(), slot);
    }

    @Override
    public Emission emit(String space, CloudEvent event, Event cause) {
        gate.checkOpen();
        return caused(spaces.apply(space), stamp.event(event, cause), cause);
    }

    @Override
    public Emission emit(String space, String type, @Nullable Object data, Event cause) {
        gate.checkOpen();
        return caused(spaces.apply(space), stamp.event(type, data, cause), cause);
    }

    /** What a handler emits may come on any thread; there too it is what the handler emits, and does not wait for room. */
    private Emission caused(Space space, Event event, Event cause) {
        @Nullable Object[] slot = Causes.slot();
        Object outer = slot[0];
        slot[0] = cause;
        try {
            return accept(space, event, slot);
        } finally {
            slot[0] = outer;
        }
    }

    /** System events pass the interceptors by, and are still emitted while the gateway drains. */
    @Override
    public void emitSystem(String space, String type, Object data, Event cause) {
        @Nullable Object[] slot = Causes.slot();
        Object outer = slot[0];
        slot[0] = cause;
        try {
            Route route = spaces.apply(space).types().route(type);
            if (!route.isEmpty()) {
                deliveries.deliver(stamp.event(type, data, cause), route.sync(), route.async(), slot);
            }
        } catch (RuntimeException e) {
            log.warn("The system event {} about event '{}' was not delivered", type, cause.getId(), e);
        } finally {
            slot[0] = outer;
        }
    }
}
