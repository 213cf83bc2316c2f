package io.eventgateway.internal.memory;

import io.eventgateway.spi.EventStore.DeliveryId;
import io.eventgateway.spi.EventStore.State;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The newest deliveries that the store keeps no more, though they were not delivered: dead letters that were discarded or purged,
 * and what was erased. A gateway that follows a delivery asks within seconds, so few are remembered. The store's lock guards this.
 */
final class NewestGone {
    private static final int MOST = 10_000;

    @SuppressWarnings("serial") // never serialized
    private final Map<DeliveryId, State> states = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<DeliveryId, State> eldest) {
            return size() > MOST;
        }
    };

    /** Notes a dead letter that is not kept any more. */
    void givenUp(DeliveryId id) {
        states.put(id, State.DEAD_LETTER);
    }

    /** Notes a pending delivery that was given up, and of which no dead letter is kept. */
    void dropped(DeliveryId id) {
        states.put(id, State.DROPPED);
    }

    /** Notes a pending delivery that was erased. */
    void erased(DeliveryId id) {
        states.put(id, State.UNKNOWN);
    }

    /** Returns what became of a delivery that the store does not keep; {@code otherwise} for one that is not among these. */
    State state(DeliveryId id, State otherwise) {
        return states.getOrDefault(id, otherwise);
    }
}
