package io.eventgateway.jdbc;

import io.eventgateway.spi.EventStore.DeliveryId;
import io.eventgateway.spi.EventStore.Lease;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which gateway of this process claimed a delivery; one that it accepted itself is in the delivery's id. As many as this process has
 * claimed and not ended. Thread-safe.
 */
final class ClaimedLeases {
    private final Map<DeliveryId, String> holders = new ConcurrentHashMap<>();

    void claimed(String holder, Collection<Lease> leases) {
        leases.forEach(lease -> holders.put(lease.delivery().id(), holder));
    }

    /** Returns the gateway that holds a delivery as far as this process knows. */
    String holder(DeliveryId id) {
        return holders.isEmpty() ? id.instance() : holders.getOrDefault(id, id.instance());
    }

    void ended(DeliveryId id) {
        if (!holders.isEmpty()) {
            holders.remove(id);
        }
    }

    /** Forgets what a gateway held that holds nothing any more. */
    void lost(String holder) {
        holders.values().removeIf(holder::equals);
    }
}
