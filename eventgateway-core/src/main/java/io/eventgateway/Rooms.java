package io.eventgateway;

import io.cloudevents.CloudEvent;
import io.eventgateway.internal.delivery.Deliveries;
import io.eventgateway.internal.intake.Gate;
import io.eventgateway.internal.intake.Intake;
import io.eventgateway.internal.intake.Requests;
import io.eventgateway.internal.intake.WayBack;
import io.eventgateway.internal.invocation.Causes;
import io.eventgateway.internal.invocation.Invocations;
import io.eventgateway.internal.invocation.InvokerProviders;
import io.eventgateway.internal.invocation.RegisteredFunction;
import io.eventgateway.internal.registry.Registry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The rooms of one gateway, put together: the only class that knows them all. */
final class Rooms {
    private final EventStamp stamp;
    private final Gate gate = new Gate();
    private final Deliveries deliveries;
    private final Registry registry;
    private final Intake intake;
    private final Requests requests;
    private final Duration defaultTimeout;
    private final Duration shutdownTimeout;

    private Rooms(GatewayBuilder settings) {
        this.defaultTimeout = settings.defaultDelivery.timeout();
        this.shutdownTimeout = settings.shutdownTimeout;
        this.stamp = new EventStamp(settings.source, settings.clock, settings.jsonMapper);
        InvokerProviders providers = InvokerProviders.of(settings.invokers, settings.discoverInvokers);
        WayBack wayBack = new WayBack();
        Invocations invocations = new Invocations(new Invocations.Setup(
                providers,
                settings.invocationInterceptors,
                settings.jsonMapper,
                settings.clock,
                timer(settings.clock),
                settings.maxPayloadSize,
                wayBack,
                this::function));
        this.deliveries = new Deliveries(
                invocations,
                settings.eventStore,
                TimeOrderedId.at(System.currentTimeMillis()),
                new Deliveries.Limits(
                        settings.backlog, settings.backlogPolicy, settings.backlogWait, settings.workerThreads));
        this.registry = new Registry(
                settings.subscriptionStore,
                gate::checkOpen,
                wayBack,
                providers,
                invocations,
                defaultTimeout,
                deliveries::offThisThread);
        this.intake = new Intake(stamp, settings.emitInterceptors, registry::space, deliveries, gate);
        this.requests = new Requests(stamp, settings.emitInterceptors, deliveries, gate);
        wayBack.leadTo(intake);
    }

    /** The rooms, with what the store knows loaded; nothing stays behind when it can't be. */
    static Rooms of(GatewayBuilder settings) {
        Rooms rooms = new Rooms(settings);
        try {
            rooms.registry.load();
            return rooms;
        } catch (RuntimeException e) {
            rooms.close();
            throw e;
        }
    }

    /** A timer that goes with the clock: with a test's own clock, deadlines come when the test says so. */
    private static LongSupplier timer(InstantSource clock) {
        if (clock == InstantSource.system()) {
            return System::nanoTime;
        }
        return () -> {
            Instant now = clock.instant();
            return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
        };
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

    Gate gate() {
        return gate;
    }

    Deliveries deliveries() {
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
        if (gate.shut()) {
            deliveries.close(shutdownTimeout);
            registry.close();
        }
    }
}
