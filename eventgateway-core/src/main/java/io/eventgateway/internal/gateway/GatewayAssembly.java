package io.eventgateway.internal.gateway;

import io.cloudevents.CloudEvent;
import io.eventgateway.Event;
import io.eventgateway.Explanation;
import io.eventgateway.InvocationException;
import io.eventgateway.Subscription;
import io.eventgateway.Transform;
import io.eventgateway.delivery.DeadLetters;
import io.eventgateway.history.EventHistory;
import io.eventgateway.internal.delivery.ClaimPoller;
import io.eventgateway.internal.delivery.DefaultDeadLetters;
import io.eventgateway.internal.delivery.DeliveryEngine;
import io.eventgateway.internal.delivery.EffectivePolicy;
import io.eventgateway.internal.delivery.ExitHook;
import io.eventgateway.internal.event.TimeOrderedId;
import io.eventgateway.internal.intake.Gate;
import io.eventgateway.internal.intake.History;
import io.eventgateway.internal.intake.Intake;
import io.eventgateway.internal.intake.Replays;
import io.eventgateway.internal.intake.ReplyEmitter;
import io.eventgateway.internal.intake.Requests;
import io.eventgateway.internal.invocation.Cause;
import io.eventgateway.internal.invocation.Causes;
import io.eventgateway.internal.invocation.Invocations;
import io.eventgateway.internal.invocation.InvokerProviders;
import io.eventgateway.internal.invocation.RegisteredFunction;
import io.eventgateway.internal.invocation.Reshaping;
import io.eventgateway.internal.invocation.SystemEvents;
import io.eventgateway.internal.registry.Registry;
import io.eventgateway.internal.routing.Space;
import io.eventgateway.internal.time.DrivenClock;
import io.eventgateway.internal.time.GatewayTimer;
import io.eventgateway.internal.transform.Sent;
import io.eventgateway.internal.transform.Shaper;
import io.eventgateway.spi.EventStore;
import java.time.Duration;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The rooms of one gateway, put together: the only class that knows them all. */
final class GatewayAssembly {
    private final EventStamp stamp;
    private final Gate gate = new Gate();
    private final ExitHook exitHook = new ExitHook();
    private final DeliveryEngine deliveries;
    private final Registry registry;
    private final Intake intake;
    private final Replays replays;
    private final Requests requests;
    private final @Nullable ClaimPoller claims;
    private final Duration defaultTimeout;
    private final Duration shutdownTimeout;

    private GatewayAssembly(GatewayBuilder settings) {
        this.defaultTimeout = EffectivePolicy.of(settings.defaultDelivery).timeout();
        this.shutdownTimeout = settings.shutdownTimeout;
        this.stamp = new EventStamp(settings.access, settings.source, settings.clock, settings.jsonMapper);
        LongSupplier timer = GatewayTimer.of(settings.clock);
        InvokerProviders providers = InvokerProviders.of(settings.invokers, settings.discoverInvokers);
        ReplyEmitter wayBack = new ReplyEmitter();
        Invocations invocations = new Invocations(new Invocations.Setup(
                providers,
                settings.invocationInterceptors,
                settings.jsonMapper,
                settings.clock,
                timer,
                settings.maxPayloadSize,
                settings.executor == null && DrivenClock.of(settings.clock) == null,
                wayBack,
                this::reshaped,
                this::function));
        boolean shared = settings.isEventStoreShared();
        EventStore store = settings.openEventStore();
        this.deliveries = new DeliveryEngine(
                invocations,
                new DeliveryEngine.Storage(
                        store,
                        shared,
                        settings.lease(),
                        () -> TimeOrderedId.at(System.currentTimeMillis()),
                        event -> stamp.event(event, null)),
                new DeliveryEngine.Limits(
                        settings.backlog, new DeliveryEngine.Threads(settings.executor, settings.workerThreads)),
                new DeliveryEngine.Defaults(
                        settings.defaultDelivery, settings.retryPredicates, settings.circuitBreaker),
                settings.observer);
        this.registry = new Registry(
                settings.openSubscriptionStore(),
                gate::checkOpen,
                name -> new Space(name, new SystemEvents(name, wayBack), settings.access::condition),
                settings.access,
                providers,
                invocations,
                deliveries);
        this.intake = new Intake(
                stamp,
                settings.emitInterceptors,
                new Intake.Ways(registry::space, this::function, deliveries),
                new Intake.ChainRules(settings.chainLimits, timer, settings.backlog.maxWait()),
                gate);
        this.replays = new Replays(intake, deliveries);
        this.claims = !shared ? null : new ClaimPoller(deliveries, registry::target, registry::isCallable);
        this.requests = new Requests(
                stamp, settings.emitInterceptors, deliveries, gate, settings.maxPayloadSize, intake::called);
        wayBack.leadTo(intake);
    }

    /** The rooms, with what the store knows loaded; nothing stays behind when it can't be. */
    static GatewayAssembly of(GatewayBuilder settings) {
        GatewayAssembly rooms = new GatewayAssembly(settings);
        try {
            rooms.registry.load();
            if (rooms.claims != null) {
                rooms.claims.begin();
            }
            if (settings.closeOnExit && DrivenClock.of(settings.clock) == null) { // whose owner alone lets time pass
                rooms.exitHook.add(rooms::close);
            }
            return rooms;
        } catch (RuntimeException e) {
            rooms.close();
            throw e;
        }
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
        Event complete = stamp.event(event, Causes.in(Causes.slot()));
        return new EventExplainer(
                        stamp.access(),
                        space.name(),
                        (type, id) -> space.types().filterErrors(type, id),
                        stamp.mapper(),
                        stamp.clock().instant())
                .explain(complete, registry.subscriptions(space.name()).list());
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

    DeliveryEngine deliveries() {
        return deliveries;
    }

    Registry registry() {
        return registry;
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
            if (claims != null) {
                claims.close();
            }
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
