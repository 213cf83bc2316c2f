package io.eventgateway;

import io.eventgateway.delivery.DeliveryReport;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/**
 * What {@link EventGateway#emit emit} returns at once: the event as accepted, whom it goes to, and a future of how that ended.
 *
 * <p>Thread-safe.
 */
public interface Emission {
    /** The event as it was accepted: with id, source, time and the extensions {@code correlationid} and {@code causationid}. */
    Event event();

    /** The ids of the subscriptions that the event goes to, sync ones first; empty when it was unrouted. */
    List<String> subscriptionIds();

    /**
     * Whether an event like it was accepted before, by {@link EmitOptions#deduplicationWindow()}, so that this one was not.
     * The other parts are then those of the event that was accepted.
     */
    default boolean duplicate() {
        return false;
    }

    /**
     * Ends when every delivery of this event has ended. It never ends exceptionally because a function failed: the report
     * says so. Already complete when all matched subscriptions are sync.
     *
     * <p>What is chained to it without an executor runs on the thread that ended the last delivery, so it should be brief.
     */
    CompletableFuture<DeliveryReport> completion();

    /** How the deliveries that have ended so far ended; one that succeeded and returned nothing may show up late. */
    default DeliveryReport soFar() {
        return completion().getNow(DeliveryReport.empty());
    }

    /** An emission that goes to nobody: what an interceptor answers to swallow an event. */
    static Emission none(Event event) {
        Objects.requireNonNull(event, "event");
        return new Emission() {
            @Override
            public Event event() {
                return event;
            }

            @Override
            public List<String> subscriptionIds() {
                return List.of();
            }

            @Override
            public CompletableFuture<DeliveryReport> completion() {
                return CompletableFuture.completedFuture(DeliveryReport.empty());
            }
        };
    }
}
