package io.eventgateway;

import io.cloudevents.CloudEvent;
import io.eventgateway.annotation.CanIgnoreReturnValue;
import io.eventgateway.error.StoreFailedException;
import java.sql.Connection;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a handler may know about its call. Thread-safe; usable after the handler has returned. */
public interface FunctionContext {
    /** The function that is called. */
    String functionId();

    /** The subscription that the event is delivered for; null when the function was called by {@code invoke}. */
    @Nullable String subscriptionId();

    /** The space of the function. */
    String space();

    /** Which attempt this is; the first is 1. */
    int attempt();

    /**
     * When the gateway stops waiting for the function. A sync subscription's handler runs on the emitter's thread and is not
     * interrupted; for it this is advice.
     */
    Instant deadline();

    /**
     * Notes in the transaction that is open on the connection that this event is being handled for this subscription, and tells
     * whether that is the first time. A function that writes nothing where this is false has its effect in the database exactly
     * once, however often the event is delivered:
     *
     * <pre>{@code
     * connection.setAutoCommit(false);
     * if (context.inbox(connection)) {
     *     reserveStock(connection, order);
     * }
     * connection.commit();
     * }</pre>
     *
     * <p>The note is committed or rolled back with the function's own changes, on a connection to the event store's database with
     * auto-commit off. Of two transactions that note the same event, the second waits for the first. An event is known by its source and
     * id; a replay of it is the same event. Notes are kept for as long as the stores say, which must be longer than an event may be
     * on its way: longer than any retry, dead letter or replay after which it is delivered again.
     *
     * @return true for the first time; false when a committed transaction, or this one, has noted the event before
     * @throws IllegalArgumentException if the connection is in auto-commit
     * @throws IllegalStateException if the function was called without a subscription, or for a batch, of which {@link
     *     #inbox(Connection, Event)} notes each event
     * @throws UnsupportedOperationException if the gateway's stores have no inbox, as those in memory
     * @throws StoreFailedException if the note could not be written; the transaction is then to be rolled back
     */
    boolean inbox(Connection connection);

    /**
     * As {@link #inbox(Connection)}, for one event of a batch.
     *
     * @param event one of the events that the handler was given
     * @throws IllegalArgumentException also if the event is not one of this call
     */
    boolean inbox(Connection connection, Event event);

    /**
     * Emits an event in the function's space whose cause is the event being handled. On the handler's own thread a plain
     * {@code gateway.emit} does the same; from any other thread only this does.
     */
    @CanIgnoreReturnValue
    Emission emit(String type, @Nullable Object data);

    /** As {@link #emit(String, Object)}, for a complete event. */
    @CanIgnoreReturnValue
    Emission emit(CloudEvent event);

    /** As {@link #emit(String, Object)}, with what the options say, as {@link EventGateway#emit(String, Object, EmitOptions)}. */
    @CanIgnoreReturnValue
    Emission emit(String type, @Nullable Object data, EmitOptions options);

    /** As {@link #emit(CloudEvent)}, with what the options say, as {@link EventGateway#emit(CloudEvent, EmitOptions)}. */
    @CanIgnoreReturnValue
    Emission emit(CloudEvent event, EmitOptions options);
}
