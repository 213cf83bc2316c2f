package io.eventgateway.internal.delivery;

import io.eventgateway.Event;
import io.eventgateway.Subscription;
import io.eventgateway.SystemEvent;
import io.eventgateway.delivery.DeadLetter;
import io.eventgateway.internal.invocation.Cause;
import io.eventgateway.internal.invocation.RegisteredFunction;
import io.eventgateway.spi.EventStore;
import io.eventgateway.spi.EventStore.DeliveryId;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done with a dead letter once the store has it: the log, the subscribers of system events and the policy's dead-letter
 * function are told. When that function took the dead letter, it is purged, whichever gateway had it before. Thread-safe.
 */
public final class DeadLetterForwarding {
    private static final Logger log = LoggerFactory.getLogger(DeadLetterForwarding.class);

    /** The extension of an event for a dead-letter function: the id of the dead letter. */
    public static final String DEAD_LETTER_ID = "deadletterid";

    /** The subscription that a delivery to a dead-letter function is for. */
    private static final String SUBSCRIPTION_ID = "gateway.deadLetter";

    private final DeliveryEngine engine;
    /** The gateway's policy, but that what is given up is no dead letter. */
    private final EffectivePolicy policy;

    DeadLetterForwarding(DeliveryEngine engine, EngineSettings.Defaults defaults) {
        this.engine = engine;
        this.policy = EffectivePolicy.ofHandingOn(defaults.policy(), defaults.predicates());
    }

    /** Keeps an event's deliveries as dead letters that nobody attempts. */
    void keepDead(Event event, Target[] targets, DeadLetter.Reason reason, String message) {
        List<DeliveryId> ids = engine.deliveryStore().keepDead(event, engine.now(), targets, reason, message, null, 0);
        for (int i = 0; i < targets.length; i++) {
            deadLettered(targets[i], Cause.of(event), ids == null ? null : ids.get(i), reason, message, 0, null);
        }
    }

    /**
     * Tells of a delivery that was given up.
     *
     * @param cause the event, with its emission
     * @param id of the dead letter; null when the store could not keep it
     * @param failure what the last attempt failed with; null when none was made
     */
    void deadLettered(
            Target target,
            Cause cause,
            EventStore.@Nullable DeliveryId id,
            DeadLetter.Reason reason,
            String message,
            int attempts,
            @Nullable Throwable failure) {
        Event event = cause.emitted();
        engine.failureLog().deadLettered(target, event, reason, attempts, failure);
        SystemEvent.DeliveryDeadLettered told = new SystemEvent.DeliveryDeadLettered(
                target.function().space(),
                target.functionId(),
                target.subscription().id(),
                reason,
                message,
                attempts,
                event);
        target.function().systemEvents().deadLettered(told);
        String receiver = target.policy().deadLetter();
        if (receiver != null) {
            engine.invocations()
                    .emitter()
                    .forward(
                            told.space(),
                            receiver,
                            SystemEvent.DELIVERY_DEAD_LETTERED,
                            told,
                            cause,
                            id == null ? null : id.toString());
        }
    }

    /** Delivers an event about a dead letter to the function that gets it. */
    PendingEmission forward(RegisteredFunction function, Event event) {
        Subscription subscription = Subscription.to(event.getType())
                .id(SUBSCRIPTION_ID)
                .function(function.id())
                .build();
        Target target = target(subscription, function);
        return engine.accept(
                new Routed(
                        function.space(),
                        event,
                        Target.NONE,
                        new Target[] {target},
                        type -> target.count().routed(type, 0, 1),
                        0),
                null,
                true);
    }

    /** Returns whether a subscription is the one that deliveries to dead-letter functions are for. */
    boolean isFor(Subscription subscription) {
        return subscription.id().equals(SUBSCRIPTION_ID);
    }

    Target target(Subscription subscription, RegisteredFunction function) {
        return new Target(
                subscription,
                function,
                policy,
                null,
                engine.counters()
                        .of(function.space())
                        .find(subscription.id(), function.id(), subscription.eventType()));
    }

    /** Purges the dead letter if the delivery that succeeded was that of a dead letter to its function. */
    void delivered(EmittedDelivery delivery) {
        if (!isFor(delivery.target().subscription())) {
            return;
        }
        Object id = delivery.event().getExtension(DEAD_LETTER_ID);
        DeliveryId letter = id == null ? null : DeliveryId.parse(id.toString());
        if (letter == null) {
            return;
        }
        try {
            engine.store().purge(delivery.function().space(), letter);
        } catch (RuntimeException e) {
            log.warn(
                    "Dead letter '{}' is kept, though function '{}' took it: the event store failed",
                    letter,
                    delivery.functionId(),
                    e);
        }
    }
}
