package io.eventgateway.internal.delivery;

import io.eventgateway.Event;
import io.eventgateway.EventGatewayException;
import io.eventgateway.InvocationException;
import io.eventgateway.StoreFailedException;
import io.eventgateway.spi.EventStore;
import io.eventgateway.spi.EventStore.Attempt;
import io.eventgateway.spi.EventStore.DeliveryId;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
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
    private final InstantSource clock;
    private final AtomicLong numbers = new AtomicLong();

    Ledger(EventStore store, String instance, InstantSource clock) {
        this.store = store;
        this.instance = instance;
        this.clock = clock;
    }

    /**
     * Has the deliveries of an event kept.
     *
     * @return the number of the first; the others count up from it
     * @throws StoreFailedException if the store failed; it has kept none of them
     */
    long accept(Event event, Target[] targets) {
        long first = numbers.getAndAdd(targets.length);
        List<EventStore.Delivery> deliveries;
        if (targets.length == 1) {
            deliveries = List.of(delivery(event, targets[0], first));
        } else {
            deliveries = new ArrayList<>(targets.length);
            for (int i = 0; i < targets.length; i++) {
                deliveries.add(delivery(event, targets[i], first + i));
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
        return first;
    }

    private EventStore.Delivery delivery(Event event, Target target, long number) {
        return new EventStore.Delivery(
                new DeliveryId(instance, number),
                target.function().space(),
                event,
                target.subscription().id(),
                target.subscription().functionId());
    }

    void delivered(long number) {
        DeliveryId id = new DeliveryId(instance, number);
        tell(id, "was delivered", () -> store.complete(id, EventStore.FIRST_TOKEN));
    }

    void givenUp(long number, int attempts, Duration duration, @Nullable InvocationException failure) {
        DeliveryId id = new DeliveryId(instance, number);
        String reason = failure == null ? "" : Objects.requireNonNullElse(failure.getMessage(), "");
        Attempt attempt = failure == null || attempts == 0
                ? null
                : new Attempt(
                        attempts,
                        clock.instant().minus(duration),
                        duration,
                        failure.kind(),
                        reason,
                        failure.statusCode().orElse(0));
        tell(id, "was given up", () -> store.deadLetter(id, EventStore.FIRST_TOKEN, reason, attempt));
    }

    /** The gateway closes; who claims it next may deliver it. */
    void leftOver(long number) {
        DeliveryId id = new DeliveryId(instance, number);
        tell(id, "was left over", () -> store.reschedule(id, EventStore.FIRST_TOKEN, clock.instant(), null));
    }

    private static void tell(DeliveryId id, String outcome, Supplier<Boolean> step) {
        try {
            if (!step.get()) {
                log.warn("{} {}, but its lease was taken over; it may be delivered twice", id, outcome);
            }
        } catch (RuntimeException e) {
            log.error("{} {}, but the event store could not be told; it may be delivered again", id, outcome, e);
        }
    }
}
