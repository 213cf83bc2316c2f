package io.eventgateway.jdbc;

import io.eventgateway.EventGatewayException;
import io.eventgateway.error.StoreFailedException;
import io.eventgateway.history.EventHistory;
import io.eventgateway.spi.DuplicateEventException;
import io.eventgateway.spi.EventStore.Accepted;
import io.eventgateway.spi.EventStore.Delivery;
import io.eventgateway.spi.EventStore.Terms;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The emitters' side of the store: what is accepted becomes rows, is written, and is waited for. Thread-safe. */
final class Appends {
    /** A commit may wait for the database as long as a statement does, and for a connection about as long. */
    private static final int PATIENCE_TIMES = 4;

    private final Database database;
    private final Settings settings;
    private final DeliveryTable table;
    private final SeenEvents seen;
    private final GroupCommit writes;
    private final GroupCommit onceWrites;

    /**
     * Creates the appends of a store.
     *
     * @param writes writes most of them
     * @param onceWrites writes events that must not be there twice
     */
    Appends(Database database, DeliveryTable table, SeenEvents seen, GroupCommit writes, GroupCommit onceWrites) {
        this.database = database;
        this.settings = database.settings();
        this.table = table;
        this.seen = seen;
        this.writes = writes;
        this.onceWrites = onceWrites;
    }

    List<Write.Entry> entries(List<Accepted> events) {
        List<Write.Entry> entries = new ArrayList<>(events.size());
        for (Accepted accepted : events) {
            entries.add(entry(accepted));
        }
        return entries;
    }

    /** Has events written soon. */
    Write.Append submit(List<Accepted> events, List<Write.Entry> entries) {
        Write.Append append = new Write.Append(holder(events), entries);
        (SeenEvents.isIn(append) ? onceWrites : writes).submit(append);
        return append;
    }

    /** Returns the gateway that appends; empty where nothing is to be delivered. */
    private static String holder(List<Accepted> events) {
        for (Accepted accepted : events) {
            for (List<Delivery> deliveries : List.of(accepted.held(), accepted.free())) {
                if (!deliveries.isEmpty()) {
                    return deliveries.get(0).id().instance();
                }
            }
        }
        return "";
    }

    /** Writes events in the transaction of an emitter. */
    long[] in(Connection connection, List<Write.Entry> entries) {
        try {
            List<Integer> duplicates = seen.see(connection, entries);
            if (!duplicates.isEmpty()) {
                throw new DuplicateEventException(duplicates);
            }
            return table.append(connection, entries);
        } catch (SQLException e) {
            throw database.failed("the event was not written in the transaction, which is to be rolled back", e);
        }
    }

    /**
     * Waits for an append. Whoever waits no more takes it back: before it is written, or after that.
     *
     * @throws StoreFailedException if it is not written; nothing of it stays
     */
    long[] await(Write.Append append) {
        long step = settings.timeout().toNanos();
        long until = System.nanoTime() + step * PATIENCE_TIMES;
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return append.future().get(Math.min(step, until - System.nanoTime()), TimeUnit.NANOSECONDS);
                } catch (TimeoutException e) {
                    if (append.isInDoubt() || until - System.nanoTime() <= 0) {
                        return abandon(append, e);
                    }
                } catch (InterruptedException e) {
                    interrupted = true;
                    if (append.cancel()) {
                        throw new StoreFailedException(
                                "the emitter was interrupted before the event was written; nothing was written", e);
                    } // else there are few milliseconds left
                }
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof EventGatewayException ours) {
                throw ours;
            }
            throw new StoreFailedException("the event store failed to write: " + e.getCause(), e.getCause());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private long[] abandon(Write.Append append, TimeoutException late) {
        if (append.cancel() || append.abandon()) {
            throw new StoreFailedException(
                    "the event store has not written the event in its time; if it is written after all, it is taken back",
                    late);
        }
        return append.future().join(); // it has ended just now
    }

    private Write.Entry entry(Accepted accepted) {
        boolean replayed = accepted.replayOf() > 0;
        EventRow event = EventRow.of(accepted.space(), accepted.event(), settings, replayed);
        Object replay = replayed ? accepted.event().getExtension(EventHistory.REPLAY) : null;
        List<Write.DeliveryRow> rows =
                new ArrayList<>(accepted.held().size() + accepted.free().size());
        long now = settings.nowMicros();
        for (Delivery delivery : accepted.held()) {
            rows.add(row(delivery, delivery.id().instance(), now, replay));
        }
        for (Delivery delivery : accepted.free()) {
            rows.add(row(delivery, "", now, replay));
        }
        return new Write.Entry(event, rows, accepted.replayOf(), SeenEvents.Key.of(accepted));
    }

    private static Write.DeliveryRow row(Delivery delivery, String holder, long now, @Nullable Object replay) {
        Terms terms = delivery.terms();
        return new Write.DeliveryRow(
                delivery.id(),
                holder,
                delivery.subscriptionId(),
                delivery.functionId(),
                delivery.orderKey(),
                Settings.micros(terms.acceptedAt()) - now,
                in(terms.notBefore(), now),
                in(terms.expiresAt(), now),
                replay == null ? null : replay.toString());
    }

    private static @Nullable Long in(@Nullable Instant time, long now) {
        return time == null ? null : Settings.micros(time) - now;
    }
}
