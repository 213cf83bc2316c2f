package io.eventgateway.history;

import io.eventgateway.error.StoreFailedException;
import io.eventgateway.error.UnreadableEventException;
import java.util.concurrent.CompletableFuture;

/** A replay that goes on until everything that the query asked for was delivered again, or it is cancelled. Thread-safe. */
public interface Replay {
    /**
     * How far a replay has come.
     *
     * @param position of the last event that was handed to its subscriptions; where the replay began, before the first
     * @param events how many were
     * @param finished whether that was everything; false when the replay was cancelled or the gateway closed
     */
    record Progress(long position, long events, boolean finished) {}

    /** The consumer whose position is kept, and what the events' {@code replay} extension says. */
    String name();

    /** How far it has come. */
    Progress progress();

    /**
     * Ends with the last event's being accepted for delivery, or with the cancellation; exceptionally with a {@link
     * StoreFailedException} when the store failed for a minute, and with an {@link UnreadableEventException} at the first event
     * that can't be read, whose message has the position. The events before it were handed over. The deliveries may go on.
     */
    CompletableFuture<Progress> completion();

    /**
     * Hands over no more events and ends the replay at once, whatever its rate; its position is kept. What was handed over is still
     * delivered.
     */
    void cancel();
}
