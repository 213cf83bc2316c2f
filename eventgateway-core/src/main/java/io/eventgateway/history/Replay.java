package io.eventgateway.history;

import io.eventgateway.error.BacklogFullException;
import io.eventgateway.error.StoreFailedException;
import java.util.concurrent.CompletableFuture;

/** A replay that goes on until everything that the query asked for was delivered again, or it is cancelled. Thread-safe. */
public interface Replay {
    /**
     * How far a replay has come.
     *
     * @param position of the last event that was handed to its subscriptions or passed over; where the replay began, before the
     *     first
     * @param events how many were handed over
     * @param unreadable how many were passed over because they can't be read ({@link RecordedEvent#unreadable})
     * @param finished whether that was everything; false when the replay was cancelled or the gateway closed
     */
    record Progress(long position, long events, long unreadable, boolean finished) {}

    /** The consumer whose position is kept, and what the events' {@code replay} extension says. */
    String name();

    /** How far it has come. */
    Progress progress();

    /**
     * Ends with the last event's being accepted for delivery, or with the cancellation. An event that the gateway has no room for, or
     * that the store fails to keep, is tried again until it is accepted, and those after it wait. The completion is exceptional with a
     * {@link StoreFailedException} when the store has failed for a minute, and with a {@link BacklogFullException} when there was no
     * room for ten minutes. The replay has then come as far as {@link #progress} says, and a named one goes on there. The deliveries
     * may go on.
     */
    CompletableFuture<Progress> completion();

    /**
     * Hands over no more events and ends the replay at once, whatever its rate; its position is kept. What was handed over is still
     * delivered.
     */
    void cancel();
}
