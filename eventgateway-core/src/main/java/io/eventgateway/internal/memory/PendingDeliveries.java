package io.eventgateway.internal.memory;

import io.eventgateway.spi.EventStore;
import io.eventgateway.spi.EventStore.Delivery;
import io.eventgateway.spi.EventStore.DeliveryId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The pending deliveries of a store, by id.
 *
 * <p>Most deliveries are appended and completed by one gateway in one attempt. So a delivery in its first lease is kept
 * as it is, and these two steps are one operation each on a concurrent map. Every other step makes a
 * {@link PendingDelivery} of it.
 *
 * <p>Thread-safe. A step begins with what was {@link Found found}, and fails when another step came in between.
 */
final class PendingDeliveries {
    /** The value is a {@code Delivery} in its first lease, or a {@code PendingDelivery}. */
    private final Map<DeliveryId, Object> byId = new ConcurrentHashMap<>();

    /** A delivery as it was found, from which the next step of it is made. */
    static final class Found {
        private final Object value;
        private final PendingDelivery pending;

        private Found(Object value) {
            this.value = value;
            this.pending = value instanceof PendingDelivery known ? known : PendingDelivery.held((Delivery) value, 0);
        }

        PendingDelivery pending() {
            return pending;
        }

        Delivery delivery() {
            return pending.delivery();
        }
    }

    /** Adds a delivery that is leased to the gateway that accepted its event, and needs no position. */
    void addInFirstLease(Delivery delivery) {
        byId.put(delivery.id(), delivery);
    }

    void add(PendingDelivery pending) {
        byId.put(pending.delivery().id(), pending);
    }

    /** Ends a delivery that was added {@linkplain #addInFirstLease in its first lease} and has made no other step. */
    boolean removeInFirstLease(DeliveryId id, long token) {
        Object value = byId.get(id);
        return value instanceof Delivery && token == EventStore.FIRST_TOKEN && byId.remove(id, value);
    }

    boolean contains(DeliveryId id) {
        return byId.containsKey(id);
    }

    /** Finds a delivery that is leased under a token; null when there is none. */
    @Nullable Found leased(DeliveryId id, long token) {
        Object value = byId.get(id);
        if (value == null) {
            return null;
        }
        Found found = new Found(value);
        return found.pending.isLeasedUnder(token) ? found : null;
    }

    /** All deliveries, in no order, as they are while the stream goes on. */
    Stream<Found> all() {
        return byId.values().stream().map(Found::new);
    }

    boolean remove(Found found) {
        return byId.remove(found.delivery().id(), found.value);
    }

    boolean replace(Found found, PendingDelivery next) {
        return byId.replace(found.delivery().id(), found.value, next);
    }

    /** Keeps a delivery as a {@link PendingDelivery} from now on, so that its end is a step of its own. */
    boolean expand(Found found) {
        return found.value == found.pending || replace(found, found.pending);
    }
}
