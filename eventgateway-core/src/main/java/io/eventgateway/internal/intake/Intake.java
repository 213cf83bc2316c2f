package io.eventgateway.internal.intake;

import io.cloudevents.CloudEvent;
import io.eventgateway.Emission;
import io.eventgateway.EmitOptions;
import io.eventgateway.Event;
import io.eventgateway.delivery.DeadLetter;
import io.eventgateway.error.BacklogFullException;
import io.eventgateway.error.EventRejectedException;
import io.eventgateway.error.StoreFailedException;
import io.eventgateway.history.ChainLimits;
import io.eventgateway.history.EventChain;
import io.eventgateway.history.EventHistory;
import io.eventgateway.history.RecordedEvent;
import io.eventgateway.internal.delivery.DeliveryEngine;
import io.eventgateway.internal.delivery.EmitSettings;
import io.eventgateway.internal.delivery.PendingEmission;
import io.eventgateway.internal.delivery.Routed;
import io.eventgateway.internal.delivery.Target;
import io.eventgateway.internal.eventtype.Upcasters;
import io.eventgateway.internal.invocation.Cause;
import io.eventgateway.internal.invocation.Causes;
import io.eventgateway.internal.invocation.Emitter;
import io.eventgateway.internal.invocation.RegisteredFunction;
import io.eventgateway.internal.routing.Route;
import io.eventgateway.internal.routing.Space;
import io.eventgateway.spi.DuplicateEventException;
import io.eventgateway.spi.EmitInterceptor;
import io.eventgateway.spi.EventStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of every event into the gateway: it is completed, intercepted, guarded, told of, routed and delivered.
 * Thread-safe.
 */
public final class Intake implements Emitter {
    private static final Logger log = LoggerFactory.getLogger(Intake.class);

    /** The spaces, functions and deliveries that events go to from here. */
    public record Destinations(
            Function<String, Space> spaces,
            BiFunction<String, String, @Nullable RegisteredFunction> functions,
            DeliveryEngine deliveries,
            Upcasters upcasters) {}

    private final Stamp stamp;
    private final List<EmitInterceptor> interceptors;
    private final Destinations destinations;
    private final DeliveryEngine deliveries;
    private final ChainGuard guard;
    private final Deduplication deduplication;
    private final Chains chains;
    private final Gate gate;
    private final SystemEmissions systemEmissions;

    /** The intake. */
    public Intake(
            Stamp stamp, List<EmitInterceptor> interceptors, Destinations destinations, ChainRules rules, Gate gate) {
        this.stamp = stamp;
        this.interceptors = List.copyOf(interceptors);
        this.destinations = destinations;
        this.deliveries = destinations.deliveries();
        this.guard = new ChainGuard(rules.limits(), stamp, rules.timer());
        this.deduplication = new Deduplication(
                rules.patience(),
                rules.timer(),
                deliveries.deliveryStore().deduplicates() ? deliveries.store()::forget : null);
        this.chains = new Chains(deliveries::now, rules.timer());
        this.gate = gate;
        this.systemEmissions = new SystemEmissions(stamp, destinations, chains);
    }

    /**
     * The rules for events that come after others.
     *
     * @param patience how long the acceptance of an event may take
     */
    public record ChainRules(ChainLimits limits, LongSupplier timer, Duration patience) {}

    EventChain chain(String correlationId) {
        return chains.chain(correlationId);
    }

    void checkOpen() {
        gate.checkOpen();
    }

    /** Emits an event of a type in a space, caused by what this thread handles. */
    public Emission emit(Space space, String type, @Nullable Object data) {
        @Nullable Object[] slot = Causes.slot();
        Cause cause = Causes.in(slot);
        gate.check(cause);
        return accept(space, stamp.event(type, data, cause), null, slot);
    }

    /** Emits an event in a space, caused by what this thread handles. */
    public Emission emit(Space space, CloudEvent event, @Nullable EmitOptions options) {
        @Nullable Object[] slot = Causes.slot();
        Cause cause = Causes.in(slot);
        gate.check(cause);
        Event complete = options == null ? stamp.event(event, cause) : stamp.event(event, options.extensions(), cause);
        return accept(space, complete, options, slot);
    }

    /** Emits an event of a type in a space, caused by what this thread handles, with what the options say. */
    public Emission emit(Space space, String type, @Nullable Object data, EmitOptions options) {
        @Nullable Object[] slot = Causes.slot();
        Cause cause = Causes.in(slot);
        gate.check(cause);
        return accept(space, made(type, data, options, cause), options, slot);
    }

    private Event made(String type, @Nullable Object data, EmitOptions options, @Nullable Cause cause) {
        Event event = stamp.event(type, data, cause);
        return options.extensions().isEmpty() ? event : stamp.event(event, options.extensions(), cause);
    }

    /** Takes note that the call which an event was given to, by {@code invoke} or {@code handle}, has ended. */
    public void called(Event event) {
        chains.ended(event);
    }

    /** Emits events in a space: all of them, or none. */
    public List<Emission> emitAll(Space space, Collection<? extends CloudEvent> events, @Nullable EmitOptions options) {
        @Nullable Object[] slot = Causes.slot();
        Cause cause = Causes.in(slot);
        gate.check(cause);
        if (options != null && options.deduplicationKey() != null) {
            throw new IllegalArgumentException(
                    "emitAll can't take the de-duplication key '" + options.deduplicationKey()
                            + "', by which every event but the first would be a duplicate; leave the key out, or emit one by one");
        }
        Map<String, Object> extensions = options == null ? Map.of() : options.extensions();
        List<Event> complete = new ArrayList<>(events.size());
        for (CloudEvent event : events) {
            complete.add(stamp.event(event, extensions, cause));
        }
        return together(space, complete, Collections.nCopies(complete.size(), cause), options, slot);
    }

    /** Emits complete events, each with its cause: all of them, or none. */
    private List<Emission> together(
            Space space,
            List<Event> complete,
            List<? extends @Nullable Cause> causes,
            @Nullable EmitOptions options,
            @Nullable Object[] slot) {
        EmitSettings settings = settings(options);
        EmissionBatch batch = new EmissionBatch();
        boolean caused = !causes.isEmpty() && causes.get(0) != null;
        Object outer = slot[0];
        try {
            List<Emission> emissions = new ArrayList<>(complete.size());
            for (int i = 0; i < complete.size(); i++) {
                Cause cause = causes.get(i);
                slot[0] = cause;
                emissions.add(through(0, complete.get(i), cause, passed -> {
                    Event event = admissible(space, passed);
                    return batch.plan(event, cause, () -> routed(space, event, settings, cause));
                }));
            }
            batch.end();
            List<PlannedEmission> fresh = options == null || options.deduplicationWindow() == null
                    ? batch.planned()
                    : deduplication.reserve(space.name(), batch.planned(), options);
            acceptTogether(space, fresh, settings, caused, slot);
            return emissions.stream().map(EmissionBatch::outcome).toList();
        } catch (Throwable e) {
            batch.refuse(e); // nothing was accepted, and whoever holds a planned emission sees that
            if (caused) {
                batch.planned().forEach(planned -> guard.takeBack(planned.event()));
            }
            throw e;
        } finally {
            slot[0] = outer;
        }
    }

    /** Accepts events together, without those that the store finds to be duplicates. */
    private void acceptTogether(
            Space space,
            List<PlannedEmission> planned,
            @Nullable EmitSettings settings,
            boolean caused,
            @Nullable Object[] slot) {
        if (planned.isEmpty()) {
            return;
        }
        List<PendingEmission> accepted;
        try {
            accepted = deliveries.acceptAll(
                    planned.stream().map(PlannedEmission::routed).toList(), settings, caused);
        } catch (DuplicateEventException e) {
            acceptTogether(space, withoutDuplicates(planned, e, caused), settings, caused, slot);
            return;
        }
        for (int i = 0; i < planned.size(); i++) {
            planned.get(i).became(accepted.get(i));
        }
        for (int i = 0; i < planned.size(); i++) {
            Routed routed = planned.get(i).routed();
            slot[0] = planned.get(i).cause();
            tell(space, routed);
            delivered(accepted.get(i), routed.sync(), slot);
            planned.get(i).settle();
        }
    }

    private List<PlannedEmission> withoutDuplicates(
            List<PlannedEmission> planned, DuplicateEventException e, boolean caused) {
        List<PlannedEmission> rest = new ArrayList<>(planned);
        int[] places = e.duplicates();
        for (int i = places.length - 1; i >= 0; i--) {
            PlannedEmission duplicate = rest.remove(places[i]);
            duplicate.became(Deduplication.acceptedElsewhere(duplicate.event()));
            duplicate.settle();
            if (caused) {
                guard.takeBack(duplicate.event());
            }
        }
        return rest;
    }

    @Override
    public void emitReplies(String space, List<Reply> replies) {
        gate.checkOpen();
        List<Event> complete = new ArrayList<>(replies.size());
        for (Reply reply : replies) {
            complete.add(stamp.event(reply.event(), reply.cause()));
        }
        together(
                destinations.spaces().apply(space),
                complete,
                replies.stream().map(Reply::cause).toList(),
                null,
                Causes.slot());
    }

    /**
     * Delivers a recorded event again, to the wanted ones of the targets that would get it now. Returns false when the event was erased
     * or forgotten since it was read, and is delivered to nobody.
     *
     * @throws BacklogFullException if the backlog has no room; nothing was delivered
     * @throws StoreFailedException if the store failed to keep the deliveries
     */
    boolean replay(Space space, RecordedEvent recorded, String name, Predicate<Target> wanted) {
        gate.checkOpen();
        Event event = lifted(space, stamp.event(recorded.event(), Map.of(EventHistory.REPLAY, name), null));
        Route route = space.types().select(event);
        Target[] targets = Stream.concat(Stream.of(route.sync()), Stream.of(route.async()))
                .filter(wanted)
                .toArray(Target[]::new);
        PendingEmission emission = deliveries.accept(
                new Routed(
                        space.name(),
                        event,
                        Target.NONE,
                        targets,
                        type -> countEach(type, targets),
                        stamp.bytes(event)),
                EmitSettings.replayOf(recorded.position()),
                false);
        return emission.position() > 0;
    }

    /** A recorded event in the version that this gateway's code knows; as it is where it can't be lifted, which its delivery says. */
    private Event lifted(Space space, Event event) {
        try {
            return destinations.upcasters().lift(space.name(), event);
        } catch (Upcasters.Failed e) {
            return event;
        }
    }

    private Emission accept(Space space, Event event, @Nullable EmitOptions options, @Nullable Object[] slot) {
        if (interceptors.isEmpty()) {
            return admit(space, event, options, slot);
        }
        Cause cause = Causes.in(slot);
        return through(0, event, cause, passed -> admitted(space, passed, options, cause));
    }

    /** Hands an event to the interceptors from one on; what each lets pass in its place is completed like it. */
    private Emission through(int index, Event event, @Nullable Cause cause, EmitInterceptor.Chain end) {
        if (index == interceptors.size()) {
            return end.proceed(event);
        }
        EmitInterceptor interceptor = interceptors.get(index);
        Emission answered =
                interceptor.intercept(event, passed -> through(index + 1, stamp.event(passed, cause), cause, end));
        return Interception.required(answered, interceptor);
    }

    /** Admits what the interceptors let pass, be it later and on another thread than the emitter's. */
    private Emission admitted(Space space, Event event, @Nullable EmitOptions options, @Nullable Cause cause) {
        gate.check(cause);
        @Nullable Object[] slot = Causes.slot();
        Object outer = slot[0];
        slot[0] = cause;
        try {
            return admit(space, event, options, slot);
        } finally {
            slot[0] = outer;
        }
    }

    /**
     * The event in the version that this gateway's code knows, which the rules of its type accept.
     *
     * @throws EventRejectedException if it can't be lifted, or the rules refuse it
     */
    private Event admissible(Space space, Event event) {
        try {
            return space.eventTypes().admit(destinations.upcasters().lift(space.name(), event));
        } catch (Upcasters.Failed e) {
            throw new EventRejectedException(String.valueOf(e.getMessage()), e.getCause());
        }
    }

    private Emission admit(Space space, Event passed, @Nullable EmitOptions options, @Nullable Object[] slot) {
        Event event = admissible(space, passed);
        if (options == null || options.deduplicationWindow() == null) {
            return deliver(space, event, options, slot);
        }
        return deduplication.once(space.name(), event, options, () -> deliver(space, event, options, slot));
    }

    private Emission deliver(Space space, Event event, @Nullable EmitOptions options, @Nullable Object[] slot) {
        Cause cause = Causes.in(slot);
        EmitSettings settings = settings(options);
        Routed routed = routed(space, event, settings, cause);
        PendingEmission emission = accepted(routed, settings, cause);
        tell(space, routed);
        return delivered(emission, routed.sync(), slot);
    }

    private PendingEmission accepted(Routed routed, @Nullable EmitSettings settings, @Nullable Cause cause) {
        try {
            return deliveries.accept(routed, settings, cause != null);
        } catch (Throwable e) { // whatever it is, the event does not count for its chain
            if (cause != null) {
                guard.takeBack(routed.event());
            }
            throw e;
        }
    }

    /** Guards an event, and finds whom it goes to. */
    private Routed routed(Space space, Event event, @Nullable EmitSettings settings, @Nullable Cause cause) {
        Route route = space.types().select(event);
        if (cause != null || event.getChainDepth() > 0) {
            guard(space, event, route, cause);
        }
        Target[] sync = route.sync();
        Target[] async = route.async();
        if (settings != null && settings.isForLater() && sync.length > 0) {
            // what is delivered later has no emitter's thread to run on
            async = Stream.concat(Stream.of(sync), Stream.of(async)).toArray(Target[]::new);
            Target[] all = async;
            return new Routed(
                    space.name(),
                    event,
                    Target.NONE,
                    all,
                    type -> {
                        space.counters().type(type).emitted(1);
                        countEach(type, all);
                    },
                    stamp.bytes(event));
        }
        return new Routed(space.name(), event, sync, async, route.tally(), async.length == 0 ? 0 : stamp.bytes(event));
    }

    private static void countEach(String eventType, Target[] async) {
        for (Target target : async) {
            target.count().routed(eventType, 0, 1);
        }
    }

    private static void tell(Space space, Routed routed) {
        space.systemEvents().received(routed.event());
        if (routed.sync().length + routed.async().length == 0) {
            space.systemEvents().unrouted(routed.event());
        }
    }

    private PendingEmission delivered(PendingEmission emission, Target[] sync, @Nullable Object[] slot) {
        Cause cause = Causes.in(slot);
        if (cause != null) {
            chains.add(cause, emission);
        }
        if (sync.length > 0) {
            deliveries.callSync(emission, sync, slot);
        }
        return emission;
    }

    private @Nullable EmitSettings settings(@Nullable EmitOptions options) {
        if (options == null) {
            return null;
        }
        Instant notBefore = DueTime.of(options, deliveries.now());
        EventStore.Once once = options.deduplicationWindow() == null
                        || !deliveries.deliveryStore().deduplicates()
                ? null
                : new EventStore.Once(options.deduplicationKey(), options.deduplicationWindow());
        return notBefore == null && options.expiry() == null && options.transaction() == null && once == null
                ? null
                : new EmitSettings(notBefore, options.expiry(), options.transaction(), options.afterCommit(), once, 0);
    }

    private void guard(Space space, Event event, Route route, @Nullable Cause cause) {
        String objection = guard.objection(event, route, cause);
        if (objection == null) {
            return;
        }
        String message = "event '" + event.getId() + "' of type '" + event.getType() + "' was stopped: " + objection
                + "; its path is " + stamp.path(event);
        log.warn("In space '{}', {}", space.name(), message);
        if (cause != null) {
            chains.addStopped(cause, event, message);
        }
        Target[] all =
                Stream.concat(Stream.of(route.sync()), Stream.of(route.async())).toArray(Target[]::new);
        if (all.length > 0) {
            deliveries.keepDead(event, all, DeadLetter.Reason.CHAIN_STOPPED, message);
        }
        throw new EventRejectedException(message);
    }

    @Override
    public Emission emit(String space, CloudEvent event, @Nullable EmitOptions options, Cause cause) {
        gate.check(cause);
        Event complete = options == null ? stamp.event(event, cause) : stamp.event(event, options.extensions(), cause);
        return caused(destinations.spaces().apply(space), complete, options, cause);
    }

    @Override
    public Emission emit(String space, String type, @Nullable Object data, @Nullable EmitOptions options, Cause cause) {
        gate.check(cause);
        Event event = options == null ? stamp.event(type, data, cause) : made(type, data, options, cause);
        return caused(destinations.spaces().apply(space), event, options, cause);
    }

    /**
     * Accepts an event that a handler emits, on any thread; its cause is the handler's event, and it does not wait for
     * room.
     */
    private Emission caused(Space space, Event event, @Nullable EmitOptions options, Cause cause) {
        @Nullable Object[] slot = Causes.slot();
        Object outer = slot[0];
        slot[0] = cause;
        try {
            return accept(space, event, options, slot);
        } finally {
            slot[0] = outer;
        }
    }

    @Override
    public void emitSystem(String space, String type, Object data, Event cause) {
        systemEmissions.emit(space, type, data, cause);
    }

    @Override
    public void forward(
            String space, String functionId, String type, Object data, Cause cause, @Nullable String deadLetterId) {
        systemEmissions.forward(space, functionId, type, data, cause, deadLetterId);
    }

    @Override
    public void redriven(Emission emission) {
        chains.redriven(emission);
    }
}
