package io.eventgateway.internal.delivery;

import io.eventgateway.spi.EventStore.DeliveryId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The keys that dead letters hold, by the dead letter's id. A dead letter that disappears, on whatever way, is told of here, and
 * only here: its key is free then. Thread-safe.
 */
final class HeldKeys {
    private final Map<DeliveryId, KeyOrder.Permit> permits = new ConcurrentHashMap<>();

    /** A delivery becomes a dead letter that holds its key; said before the store has the dead letter. */
    void hold(DeliveryId id, KeyOrder.Permit permit) {
        permits.put(id, permit);
    }

    boolean has(DeliveryId id) {
        return permits.containsKey(id);
    }

    /** The dead letter is a delivery again, which goes on with the key; null when it held none. */
    KeyOrder.@Nullable Permit take(DeliveryId id) {
        return permits.remove(id);
    }

    /** The dead letter is no more. */
    void gone(DeliveryId id) {
        KeyOrder.Permit permit = permits.remove(id);
        if (permit != null) {
            permit.giveBackHeld();
        }
    }

    /** Returns how many dead letters hold a key. */
    int size() {
        return permits.size();
    }
}
