package io.eventgateway.internal.delivery;

import io.eventgateway.DeadLetter;
import io.eventgateway.DeliveryAttempt;
import io.eventgateway.Event;
import io.eventgateway.EventGatewayException;
import io.eventgateway.StoreFailedException;
import io.eventgateway.spi.EventStore;
import io.eventgateway.spi.EventStore.DeliveryId;
import io.eventgateway.spi.EventStore.Terms;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this gateway has the event store keep of its deliveries. A failing store refuses new events; an outcome that it could
 * not be told is logged, and the delivery stays in the store, which is why delivery is at least once and not exactly once.
 */
final class Ledger {
    private static final Logger log = LoggerFactory.getLogger(Ledger.class);

    private final EventStore store;
    private final String instance;
    private final AtomicLong numbers = new AtomicLong();

    Ledger(EventStore store, String instance) {
        this.store = store;
        this.instance = instance;
    }

    EventStore store() {
        return store;
    }

    /** This gateway, as the store knows it. */
    String instance() {
        return instance;
    }

    /**
     * Has the deliveries of an event kept.
     *
     * @throws StoreFailedException if the store failed; it has kept none of them
     */
    List<EventStore.Delivery> accept(Event event, Terms terms, Target[] targets) {
        long first = numbers.getAndAdd(targets.length);
        List<EventStore.Delivery> deliveries;
        if (targets.length == 1) {
            deliveries = List.of(delivery(event, terms, targets[0], first));
        } else {
            deliveries = new ArrayList<>(targets.length);
            for (int i = 0; i < targets.length; i++) {
                deliveries.add(delivery(event, terms, targets[i], first + i));
            }
        }
        try {
            store.append(deliveries);
        } catch (EventGatewayException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new StoreFailedException(
                    "event '" + event.getId() + "' of type '" + event.getType()
                            + "' was not accepted: the event store failed to keep it (" + e + ")",
                    e);
        }
        return deliveries;
    }

    private EventStore.Delivery delivery(Event event, Terms terms, Target target, long number) {
        return new EventStore.Delivery(
                new DeliveryId(instance, number),
                target.function().space(),
                event,
                terms,
                target.subscription().id(),
                target.functionId());
    }

    void delivered(EmittedDelivery delivery) {
        tell(delivery.id(), "was delivered", () -> store.complete(delivery.id(), delivery.token()));
    }

    /** It was dropped for good. */
    void forgotten(EmittedDelivery delivery) {
        tell(delivery.id(), "was dropped", () -> store.complete(delivery.id(), delivery.token()));
    }

    void retried(EmittedDelivery delivery, Instant at, DeliveryAttempt failed) {
        tell(delivery.id(), "is to be attempted again", () -> store.retry(delivery.id(), delivery.token(), at, failed));
    }

    void givenUp(EmittedDelivery delivery, DeadLetter.Reason reason, String message, @Nullable DeliveryAttempt failed) {
        tell(
                delivery.id(),
                "was given up",
                () -> store.deadLetter(delivery.id(), delivery.token(), reason, message, failed));
    }

    /** Keeps the deliveries of an event that nobody is going to attempt (any more) as dead letters. */
    void keepDead(
            Event event,
            Instant now,
            Target[] targets,
            DeadLetter.Reason reason,
            String message,
            @Nullable DeliveryAttempt failed) {
        try {
            for (EventStore.Delivery delivery : accept(event, new Terms(now, null, null), targets)) {
                store.deadLetter(delivery.id(), EventStore.FIRST_TOKEN, reason, message, failed);
            }
        } catch (RuntimeException e) {
            log.error("Event '{}' is not kept as a dead letter, because the event store failed", event.getId(), e);
        }
    }

    /** The gateway closes; who claims it next may deliver it. */
    void leftOver(EmittedDelivery delivery) {
        tell(delivery.id(), "was left over", () -> store.release(delivery.id(), delivery.token()));
    }

    private static void tell(DeliveryId id, String outcome, BooleanSupplier step) {
        try {
            if (!step.getAsBoolean()) {
                log.warn("{} {}, but its lease was taken over; it may be delivered twice", id, outcome);
            }
        } catch (RuntimeException e) {
            log.error("{} {}, but the event store could not be told; it may be delivered again", id, outcome, e);
        }
    }
}
