package io.eventgateway;

import io.eventgateway.delivery.DeliveryReport;
import io.eventgateway.error.DeliveryPendingException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

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
     * Whether any subscription matched. An event that goes to nobody has no delivery that could fail, so {@link
     * DeliveryReport#allDelivered()} is true for it; who needs a receiver asks here.
     */
    default boolean isRouted() {
        return !subscriptionIds().isEmpty();
    }

    /**
     * Whether an event like it was accepted before, by {@link EmitOptions#deduplicationWindow()}, so that this one was not.
     * The other parts are then those of the event that was accepted.
     */
    default boolean duplicate() {
        return false;
    }

    /**
     * Ends when every delivery of this event has ended. It never ends exceptionally because a function failed: the report
     * says so. Already complete when all matched subscriptions are sync. Each call gives a future of the caller's own: completing,
     * cancelling or timing it out changes nothing for others.
     *
     * <p>What is chained to it without an executor runs on the thread that ended the last delivery, so it should be brief.
     */
    CompletableFuture<DeliveryReport> completion();

    /**
     * Waits until every delivery of this event has ended.
     *
     * @return the report of all of them; never a partial one, which could pass for the whole
     * @throws DeliveryPendingException if that takes longer, or the thread is interrupted, whose flag is then set again; the
     *     exception has what ended until then. The deliveries go on
     */
    default DeliveryReport await(Duration atMost) {
        try {
            return completion().get(TimeUnit.NANOSECONDS.convert(atMost), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new DeliveryPendingException(
                    event() + " was not delivered to all of " + subscriptionIds() + " within " + atMost, soFar(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DeliveryPendingException(
                    "the thread was interrupted while it waited for the deliveries of " + event(), soFar(), e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof EventGatewayException refusal
                    ? refusal
                    : new CompletionException(e.getCause());
        }
    }

    /** How the deliveries that have ended so far ended, in the order of {@link #subscriptionIds()}. */
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
