package io.eventgateway.internal.delivery;

import io.eventgateway.internal.delivery.DeliveryStore.StoredEmission;
import io.eventgateway.spi.EventStore;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a delivery when this gateway takes it up.
 *
 * @param stored the delivery as the store knows it; null while it does not
 * @param position the position of its event in the store; 0 where the store does not order events
 * @param token the store's token for the lease
 * @param earlierAttempts how many attempts were made before
 * @param countedAttempts how many of them count for the policy
 */
public record Origin(
        EventStore.@Nullable Delivery stored, long position, long token, int earlierAttempts, int countedAttempts) {
    static final Origin UNKNOWN_TO_STORE = new Origin(null, 0, EventStore.FIRST_TOKEN, 0, 0);

    /**
     * The origin of a delivery that was accepted just now.
     *
     * @param emission what the store has of its emission
     */
    public static Origin accepted(StoredEmission emission, int index) {
        return new Origin(
                emission.deliveries().isEmpty() ? null : emission.deliveries().get(index),
                emission.position(),
                EventStore.FIRST_TOKEN,
                0,
                0);
    }

    /** The origin of a delivery that the store has leased to this gateway. */
    public static Origin leased(EventStore.Lease lease, int countedAttempts) {
        return new Origin(
                lease.delivery(),
                lease.position(),
                lease.token(),
                lease.attempts().size(),
                countedAttempts);
    }
}
