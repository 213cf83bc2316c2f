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
 * What this gateway has the event store keep of its deliveries.
 *
 * <p>A store that the gateway was given has each delivery before {@code emit} returns. One that is the gateway's own, in memory,
 * is lost with the gateway, so it is not told of a delivery before there is something to remember: a failed attempt, a dead
 * letter. Most deliveries then cost it nothing.
 *
 * <p>A failing store refuses new events; an outcome that it could
 * not be told is logged, and the delivery stays in the store, which is why delivery is at least once and not exactly once.
 */
final class Ledger {
    private static final Logger log = LoggerFactory.getLogger(Ledger.class);

    private final EventStore store;
    private final String instance;
    private final boolean shared;
    private final AtomicLong numbers = new AtomicLong();

    /**
     * A ledger.
     *
     * @param shared whether others may look into the store
     */
    Ledger(EventStore store, String instance, boolean shared) {
        this.store = store;
        this.instance = instance;
        this.shared = shared;
    }

    EventStore store() {
        return store;
    }

    /** This gateway, as the store knows it. */
    String instance() {
        return instance;
    }

    /**
     * Has the deliveries of an event kept, in a store that others may look into.
     *
     * @return null when the store need not know of them yet
     * @throws StoreFailedException if the store failed; it has kept none of them
     */
    @Nullable List<EventStore.Delivery> accept(Event event, Terms terms, Target[] targets) {
        return shared ? append(event, terms, targets) : null;
    }

    private List<EventStore.Delivery> append(Event event, Terms terms, Target[] targets) {
        List<EventStore.Delivery> deliveries;
        if (targets.length == 1) {
            deliveries = List.of(delivery(event, terms, targets[0]));
        } else {
            deliveries = new ArrayList<>(targets.length);
            for (Target target : targets) {
                deliveries.add(delivery(event, terms, target));
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

    /** A delivery as the store knows it, with a new id. */
    EventStore.Delivery delivery(Event event, Terms terms, Target target) {
        return new EventStore.Delivery(
                new DeliveryId(instance, numbers.getAndIncrement()),
                target.function().space(),
                event,
                terms,
                target.subscription().id(),
                target.functionId());
    }

    void delivered(EmittedDelivery delivery) {
        if (delivery.isKept()) {
            tell(delivery.id(), "was delivered", () -> store.complete(delivery.id(), delivery.token()));
        }
    }

    /** It was dropped for good. */
    void forgotten(EmittedDelivery delivery) {
        if (delivery.isKept()) {
            tell(delivery.id(), "was dropped", () -> store.complete(delivery.id(), delivery.token()));
        }
    }

    void retried(EmittedDelivery delivery, Instant at, DeliveryAttempt failed) {
        tell(delivery.id(), "is to be attempted again", () -> {
            keep(delivery);
            return store.retry(delivery.id(), delivery.token(), at, failed);
        });
    }

    void givenUp(EmittedDelivery delivery, DeadLetter.Reason reason, String message, @Nullable DeliveryAttempt failed) {
        tell(delivery.id(), "was given up", () -> {
            keep(delivery);
            return store.deadLetter(delivery.id(), delivery.token(), reason, message, failed);
        });
    }

    private void keep(EmittedDelivery delivery) {
        if (!delivery.isKept()) {
            store.append(List.of(delivery.stored()));
            delivery.kept();
        }
    }

    /**
     * Keeps the delivery of an event that nobody is going to attempt (any more) as a dead letter.
     *
     * @return null when the store failed
     */
    @Nullable DeliveryId keepDead(
            Event event,
            Instant now,
            Target target,
            DeadLetter.Reason reason,
            String message,
            @Nullable DeliveryAttempt failed) {
        try {
            DeliveryId id = append(event, new Terms(now, null, null), new Target[] {target})
                    .get(0)
                    .id();
            store.deadLetter(id, EventStore.FIRST_TOKEN, reason, message, failed);
            return id;
        } catch (RuntimeException e) {
            log.error("Event '{}' is not kept as a dead letter, because the event store failed", event.getId(), e);
            return null;
        }
    }

    /** The gateway closes; who claims it next may deliver it. */
    void leftOver(EmittedDelivery delivery) {
        if (!shared) {
            return; // the store goes with the gateway
        }
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
