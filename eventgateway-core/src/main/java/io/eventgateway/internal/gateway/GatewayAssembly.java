package io.eventgateway.internal.gateway;

import io.cloudevents.CloudEvent;
import io.eventgateway.Event;
import io.eventgateway.Explanation;
import io.eventgateway.InvocationException;
import io.eventgateway.Subscription;
import io.eventgateway.Transform;
import io.eventgateway.delivery.DeadLetters;
import io.eventgateway.error.InvalidEventException;
import io.eventgateway.history.EventHistory;
import io.eventgateway.internal.delivery.DefaultDeadLetters;
import io.eventgateway.internal.delivery.DeliveryEngine;
import io.eventgateway.internal.delivery.EffectivePolicy;
import io.eventgateway.internal.delivery.EngineSettings;
import io.eventgateway.internal.delivery.ExitHook;
import io.eventgateway.internal.delivery.StoreSharing;
import io.eventgateway.internal.delivery.Unshared;
import io.eventgateway.internal.delivery.shared.SharedStore;
import io.eventgateway.internal.event.TimeOrderedId;
import io.eventgateway.internal.eventtype.Upcasters;
import io.eventgateway.internal.intake.Admission;
import io.eventgateway.internal.intake.Gate;
import io.eventgateway.internal.intake.History;
import io.eventgateway.internal.intake.Intake;
import io.eventgateway.internal.intake.NestedCalls;
import io.eventgateway.internal.intake.Replays;
import io.eventgateway.internal.intake.ReplyEmitter;
import io.eventgateway.internal.intake.RequestCalls;
import io.eventgateway.internal.intake.Requests;
import io.eventgateway.internal.invocation.Cause;
import io.eventgateway.internal.invocation.Causes;
import io.eventgateway.internal.invocation.Invocations;
import io.eventgateway.internal.invocation.InvokerProviders;
import io.eventgateway.internal.invocation.RegisteredFunction;
import io.eventgateway.internal.invocation.Reshaping;
import io.eventgateway.internal.invocation.SystemEvents;
import io.eventgateway.internal.registry.EventTypeChanges;
import io.eventgateway.internal.registry.Registry;
import io.eventgateway.internal.registry.RoutingFindings;
import io.eventgateway.internal.routing.Space;
import io.eventgateway.internal.time.DrivenClock;
import io.eventgateway.internal.time.GatewayTimer;
import io.eventgateway.internal.transform.Sent;
import io.eventgateway.internal.transform.Shaper;
import io.eventgateway.spi.EventStore;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Puts the parts of one gateway together: the only class that knows all of them. */
final class GatewayAssembly {
    private final EventStamp stamp;
    private final Upcasters upcasters;
    private final Gate gate = new Gate();
    private final ExitHook exitHook = new ExitHook();
    private final DeliveryEngine deliveries;
    private final Registry registry;
    private final Intake intake;
    private final Replays replays;
    private final NestedCalls nestedCalls;
    private final Requests requests;
    private final Duration defaultTimeout;
    private final Duration shutdownTimeout;
    private final RoutingFindings.Said said;

    private GatewayAssembly(GatewayBuilder settings) {
        this.defaultTimeout = EffectivePolicy.of(settings.defaultDelivery).timeout();
        this.shutdownTimeout = settings.shutdownTimeout;
        this.said = new RoutingFindings.Said(
                settings.emits == null ? null : List.copyOf(settings.emits), settings.defaultDelivery.deadLetter());
        this.stamp = new EventStamp(settings.access, settings.source, settings.clock, settings.jsonMapper);
        this.upcasters = new Upcasters(settings.access);
        LongSupplier timer = GatewayTimer.of(settings.clock);
        InvokerProviders providers = InvokerProviders.of(settings.invokers, settings.discoverInvokers);
        ReplyEmitter replyEmitter = new ReplyEmitter();
        boolean shared = settings.isEventStoreShared();
        EventStore store = settings.openEventStore();
        Invocations invocations = new Invocations(new Invocations.Setup(
                providers,
                settings.invocationInterceptors,
                settings.jsonMapper,
                settings.clock,
                timer,
                settings.maxPayloadSize,
                settings.executor == null && DrivenClock.of(settings.clock) == null,
                replyEmitter,
                this::reshaped,
                upcasters,
                new Invocations.Outside(settings.networkPolicy, settings.sourcesOfSecrets()),
                store,
                this::function));
        this.deliveries = new DeliveryEngine(
                invocations,
                new EngineSettings(
                        new EngineSettings.Storage(
                                store,
                                shared,
                                sharing(store, shared, settings.lease()),
                                event -> stamp.event(event, null)),
                        settings.backlog,
                        new EngineSettings.Threads(settings.executor, settings.workerThreads),
                        new EngineSettings.Defaults(
                                settings.defaultDelivery, settings.retryPredicates, settings.circuitBreaker),
                        settings.observer));
        this.registry = new Registry(
                settings.openSubscriptionStore(),
                gate::checkOpen,
                name -> new Space(
                        name,
                        new SystemEvents(name, replyEmitter),
                        settings.access::condition,
                        deliveries.counters().of(name),
                        settings.clock),
                settings.access,
                invocations,
                deliveries,
                settings.webhookVerifiers.keySet(),
                new EventTypeChanges(settings.schemaResolver, upcasters));
        deliveries.streaks().writeTo(registry);
        this.intake = new Intake(
                stamp,
                settings.emitInterceptors,
                new Intake.Destinations(registry::space, this::function, deliveries, upcasters),
                new Intake.ChainRules(settings.chainLimits, timer, settings.backlog.maxWait()),
                gate);
        this.replays = new Replays(intake, deliveries);
        this.nestedCalls = new NestedCalls(settings.chainLimits.maxDepth());
        this.requests = new Requests(
                new RequestCalls(stamp, settings.emitInterceptors, deliveries, gate, nestedCalls, intake::called),
                new Admission(settings.webhookVerifiers, settings.clock, this::function),
                settings.maxPayloadSize);
        replyEmitter.emitTo(intake);
    }

    /** A gateway with what its stores know; when they can't be read, whatever was begun is closed. */
    static GatewayAssembly of(GatewayBuilder settings) {
        GatewayAssembly assembly = new GatewayAssembly(settings);
        try {
            assembly.registry.load();
            assembly.deliveries
                    .sharing()
                    .begin(new StoreSharing.Known(
                            assembly.registry::target,
                            assembly.registry::isCallable,
                            assembly.registry::callable,
                            assembly.registry.unreachable()::say));
            if (settings.closeOnExit && DrivenClock.of(settings.clock) == null) { // whose owner alone lets time pass
                assembly.exitHook.add(assembly::close);
            }
            return assembly;
        } catch (RuntimeException e) {
            assembly.close();
            throw e;
        }
    }

    private static StoreSharing.Factory sharing(EventStore store, boolean shared, Duration lease) {
        Supplier<String> names = () -> TimeOrderedId.at(System.currentTimeMillis());
        return shared
                ? engine -> new SharedStore(engine, store, lease, names)
                : engine -> new Unshared(engine, names.get());
    }

    /** The dead letters of a space. */
    DeadLetters deadLetters(String space) {
        return new DefaultDeadLetters(space, deliveries, registry::target, gate::checkOpen);
    }

    /** The history of a space. */
    EventHistory history(Space space) {
        return new History(space, intake, deliveries, replays, id -> registry.subscriptions(space.name())
                .get(id)
                .isPresent());
    }

    private Reshaping.Reshaped reshaped(Event event, Subscription subscription, String space) {
        Transform transform = Objects.requireNonNull(subscription.transform());
        try {
            Sent sent = stamp.access().apply(transform, event, space, subscription, stamp.mapper());
            return new Reshaping.Reshaped(sent.event(), sent.headers());
        } catch (Shaper.Failed e) {
            throw new InvocationException(
                    InvocationException.Kind.CALL_FAILED,
                    false,
                    EventExplainer.transformFailed(event, subscription, transform, e),
                    e);
        }
    }

    /** Why each subscription of a space would get an event, or would not. */
    Explanation explain(Space space, CloudEvent event) {
        Event complete = lifted(space.name(), stamp.event(event, Causes.in(Causes.slot())));
        return new EventExplainer(
                        stamp.access(),
                        space.name(),
                        (type, id) -> space.types().filterErrors(type, id),
                        stamp.mapper(),
                        stamp.clock().instant(),
                        registry.unreachable().in(space.name())::contains)
                .explain(complete, registry.subscriptions(space.name()).list());
    }

    private Event lifted(String space, Event event) {
        try {
            return upcasters.lift(space, event);
        } catch (Upcasters.Failed e) {
            throw new InvalidEventException(String.valueOf(e.getMessage()), e.getCause());
        }
    }

    private @Nullable RegisteredFunction function(String space, String functionId) {
        return registry.function(space, functionId);
    }

    Event stamped(String type, @Nullable Object data) {
        return stamp.event(type, data, Causes.in(Causes.slot()));
    }

    Event stamped(CloudEvent event) {
        return stamp.event(event, Causes.in(Causes.slot()));
    }

    /**
     * Checks that what this thread asks for is accepted.
     *
     * @return whether a handler asks
     */
    boolean checkAccepted() {
        Cause cause = Causes.in(Causes.slot());
        gate.check(cause);
        return cause != null;
    }

    /** Returns why this thread's handler may not call another function; null when it may. */
    @Nullable String objectionToCall() {
        return nestedCalls.objection(Causes.in(Causes.slot()));
    }

    DeliveryEngine deliveries() {
        return deliveries;
    }

    Registry registry() {
        return registry;
    }

    RoutingFindings.Said said() {
        return said;
    }

    Intake intake() {
        return intake;
    }

    Requests requests() {
        return requests;
    }

    Duration defaultTimeout() {
        return defaultTimeout;
    }

    void close() {
        if (gate.drain()) {
            exitHook.remove();
            deliveries.sharing().stopClaiming();
            try {
                replays.close();
                deliveries.close(shutdownTimeout);
            } finally {
                gate.close(); // until here, what handlers lead to is delivered, or ends as dropped with the rest
                registry.close();
            }
        }
    }
}
