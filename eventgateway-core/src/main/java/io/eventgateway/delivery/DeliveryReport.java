package io.eventgateway.delivery;

import io.eventgateway.Emission;
import java.util.List;

/**
 * How the deliveries of one event ended, in the order of {@link Emission#subscriptionIds()}.
 *
 * @param deliveries one result for each matched subscription; empty when the event was unrouted
 */
public record DeliveryReport(List<DeliveryResult> deliveries) {
    private static final DeliveryReport EMPTY = new DeliveryReport(List.of());

    /** Copies the list. */
    public DeliveryReport {
        deliveries = List.copyOf(deliveries);
    }

    /** The report of an event that no subscription wanted. */
    public static DeliveryReport empty() {
        return EMPTY;
    }

    /**
     * Whether every delivery ended {@link DeliveryStatus#DELIVERED}. True when there was none: an event that nobody subscribes to
     * fails nobody. {@link Emission#isRouted()} says whether somebody does.
     */
    public boolean allDelivered() {
        for (DeliveryResult delivery : deliveries) {
            if (delivery.status() != DeliveryStatus.DELIVERED) {
                return false;
            }
        }
        return true;
    }
}
