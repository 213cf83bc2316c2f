package io.eventgateway.history;

import io.eventgateway.Event;
import io.eventgateway.delivery.DeliveryStatus;
import io.eventgateway.error.GatewayClosedException;
import io.eventgateway.error.StoreFailedException;
import io.eventgateway.error.SubscriptionNotFoundException;
import io.eventgateway.spi.InMemoryStores;
import java.util.List;

/**
 * What has happened in a gateway: the recorded events of a space, and the chains of events of all. Thread-safe.
 *
 * <p>Events are recorded as far as the event store keeps a history; in memory it does so when {@link
 * InMemoryStores.Builder#history} says so.
 */
public interface EventHistory {
    /** The extension that a replayed event has: the name of its {@link Replay}. */
    String REPLAY = "replay";

    /**
     * The chain of events that began with the event of that id ({@link Event#getCorrelationId()}): which led to which, when, and how
     * their deliveries ended, as of now. The events are without their data. Empty when no event of the chain led to another, or the
     * chain is not remembered any more: the newest chains of this process are, as many as fit into 32 MiB.
     */
    EventChain chain(String correlationId);

    /**
     * One page of the recorded events, the earliest first; the next begins {@link EventQuery#after after} the position of the
     * last. Their data is as it was stored. An event that can't be read is among them without its data: {@link
     * RecordedEvent#unreadable} says why.
     *
     * <p>A page ends before the first position whose event may be in a transaction that is still open, so who reads page after page
     * misses no event. Such a transaction, or one that was rolled back, so delays what comes after it: until it is committed, ten
     * seconds at most. An event that is committed later than ten seconds after it was emitted may be missed.
     *
     * @throws IllegalStateException if there is no history
     * @throws StoreFailedException if the store failed
     */
    List<RecordedEvent> events(EventQuery query);

    /** Delivers recorded events again, to every subscription that would get them now. */
    default Replay replay(EventQuery query) {
        return replay(query, ReplayOptions.toAll());
    }

    /**
     * Delivers recorded events again, in their order: those that the query matches, as many as its limit says, and that were recorded
     * before this was called. Each has the extension {@link #REPLAY} in addition, and is not recorded once more. It is delivered
     * like one that is emitted, on the gateway's threads: by each subscription's policy, with retries and dead letters, and in the
     * order of its key.
     *
     * <p>A replay takes room in the backlog as others do, and waits where there is none: it drops nothing, whatever the backlog's
     * policy is. An event that was erased or forgotten meanwhile is not delivered, and one that can't be read is passed over and
     * counted.
     *
     * <p>A named replay goes on after the position that the last one of its name has reached; that position is kept after each
     * page of 100 events and at the end, so that a replay that a crash ends delivers up to 100 events again. The position only goes
     * forward: where replays of one name run at the same time, that of the one that is further is kept, and a running replay leaves a
     * position alone that was set back by {@link #position(String, long)}. What lacks a position below the
     * newest may be in a transaction that is still open: the replay waits for that up to ten seconds, and passes by what is
     * committed later.
     *
     * @throws SubscriptionNotFoundException if the options name a subscription that is not there
     * @throws IllegalStateException if there is no history
     * @throws GatewayClosedException if the gateway is closed
     */
    Replay replay(EventQuery query, ReplayOptions options);

    /**
     * The position that the consumer of that name has reached; 0, before the first event, when it has not begun.
     *
     * @throws IllegalStateException if there is no history
     */
    long position(String consumer);

    /**
     * Has the consumer of that name begin after that position, be it before or behind the one that it has reached; 0 for the
     * beginning.
     *
     * @throws IllegalStateException if there is no history
     */
    void position(String consumer, long position);

    /**
     * Forgets everything that the store has about the events of a subject, for a privacy request: recorded events, pending
     * deliveries and dead letters. What waits in this gateway ends at once as {@link DeliveryStatus#DROPPED}. An attempt that is
     * under way is not stopped, and is the last one. Other gateways on the store find out when they are about to tell it of a
     * delivery. An event of the subject that is emitted meanwhile, or whose transaction is open, may come after the erasure and is
     * then kept whole.
     *
     * @return how many events that were
     */
    long erase(String subject);
}
