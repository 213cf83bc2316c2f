package io.eventgateway.internal.memory;

import io.eventgateway.delivery.DeliveryAttempt;
import io.eventgateway.spi.EventStore;
import io.eventgateway.spi.EventStore.Delivery;
import io.eventgateway.spi.EventStore.Lease;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A pending delivery with its lease and the attempts that were made. Immutable: each step of a delivery makes a new
 * one. Compared by identity, as are deliveries.
 */
final class PendingDelivery {
    private final Delivery delivery;
    private final long position;
    private final @Nullable String holder;
    private final long token;
    private final List<DeliveryAttempt> attempts;
    private final @Nullable Instant dueAt;

    private PendingDelivery(
            Delivery delivery,
            long position,
            @Nullable String holder,
            long token,
            List<DeliveryAttempt> attempts,
            @Nullable Instant dueAt) {
        this.delivery = delivery;
        this.position = position;
        this.holder = holder;
        this.token = token;
        this.attempts = attempts;
        this.dueAt = dueAt;
    }

    /** A delivery in its first lease, of the gateway that accepted its event. */
    static PendingDelivery held(Delivery delivery, long position) {
        return begun(delivery, position, delivery.id().instance());
    }

    /** A delivery that any gateway may claim. */
    static PendingDelivery free(Delivery delivery, long position) {
        return begun(delivery, position, null);
    }

    private static PendingDelivery begun(Delivery delivery, long position, @Nullable String holder) {
        return new PendingDelivery(
                delivery,
                position,
                holder,
                EventStore.FIRST_TOKEN,
                List.of(),
                delivery.terms().notBefore());
    }

    /** The delivery under a new lease, which makes the token of the one before stale. */
    PendingDelivery leasedTo(String claimer) {
        return new PendingDelivery(delivery, position, claimer, token + 1, attempts, dueAt);
    }

    /** The delivery under the same lease after a failed attempt, until the next one is due. */
    PendingDelivery retriedAt(Instant next, DeliveryAttempt failed) {
        return new PendingDelivery(delivery, position, holder, token, attemptsWith(failed), next);
    }

    /** The delivery for any gateway to claim, after what has been due for longer. */
    PendingDelivery releasedAt(Instant now) {
        return new PendingDelivery(
                delivery, position, null, token, attempts, claimOrder().isAfter(now) ? dueAt : now);
    }

    /** The delivery of a dead letter that is delivered again, leased to the holder. */
    PendingDelivery redriven(Delivery again, String redriver, List<DeliveryAttempt> made) {
        return new PendingDelivery(again, position, redriver, token + 1, made, null);
    }

    Delivery delivery() {
        return delivery;
    }

    /** The position of the delivery's event. */
    long position() {
        return position;
    }

    /** The gateway that holds the lease; null when any may claim the delivery. */
    @Nullable String holder() {
        return holder;
    }

    List<DeliveryAttempt> attempts() {
        return attempts;
    }

    /** The attempts that were made, and then a failed attempt; null for none. */
    List<DeliveryAttempt> attemptsWith(@Nullable DeliveryAttempt failed) {
        if (failed == null) {
            return attempts;
        }
        List<DeliveryAttempt> all = new ArrayList<>(attempts);
        all.add(failed);
        return List.copyOf(all);
    }

    boolean isLeasedUnder(long leaseToken) {
        return holder != null && token == leaseToken;
    }

    Lease lease() {
        return new Lease(delivery, position, token, attempts, dueAt);
    }

    /** When the delivery is due, or was accepted: deliveries are claimed in this order. */
    Instant claimOrder() {
        return dueAt == null ? delivery.terms().acceptedAt() : dueAt;
    }

    boolean isDue(Instant before) {
        return dueAt == null || dueAt.isBefore(before);
    }
}
