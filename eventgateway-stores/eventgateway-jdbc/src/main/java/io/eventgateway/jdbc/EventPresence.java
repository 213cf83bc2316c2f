package io.eventgateway.jdbc;

import io.eventgateway.spi.EventStore.DeliveryId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rule that no delivery and no dead letter stays without its event: whoever adds one to an event that is recorded already locks
 * that event first, shared with others who do so, and adds none where the event is gone. Whoever deletes events locks them alone,
 * and sees all that was added before. Thread-safe.
 */
final class EventPresence {
    private static final Logger log = LoggerFactory.getLogger(EventPresence.class);

    private static final String PRESENT = "SELECT position FROM {event} WHERE position IN (%s) ORDER BY position";
    private static final String PRESENT_OF = "SELECT position FROM {event} WHERE position ="
            + " (SELECT d.event_position FROM {delivery} d WHERE d.instance = ? AND d.number = ?)";

    private final Database database;
    private final LongAdder dropped = new LongAdder();

    EventPresence(Database database) {
        this.database = database;
    }

    /** Keeps events where they are until the transaction ends; returns the positions of those that are there. */
    Set<Long> keep(Connection connection, Set<Long> positions) throws SQLException {
        Set<Long> present = new HashSet<>();
        Rows.inBatches(
                List.copyOf(positions),
                (marks, some) -> present.addAll(Rows.query(
                        connection,
                        database.sql(PRESENT).formatted(marks)
                                + database.dialect().sharedLock(),
                        rows -> rows.getLong(1),
                        some)));
        return present;
    }

    /** Keeps the events that entries deliver again, as {@link #keep} does. */
    Set<Long> keepReplayed(Connection connection, List<Write.Entry> entries) throws SQLException {
        Set<Long> replayed = new HashSet<>();
        for (Write.Entry entry : entries) {
            if (entry.replayOf() > 0) {
                replayed.add(entry.replayOf());
            }
        }
        return replayed.isEmpty() ? Set.of() : keep(connection, replayed);
    }

    /** Keeps the event of a pending delivery where it is until the transaction ends; returns false when it is gone. */
    boolean keepOf(Connection connection, DeliveryId id) throws SQLException {
        return Rows.first(
                        connection,
                        database.sql(PRESENT_OF) + database.dialect().sharedLock(),
                        rows -> rows.getLong(1),
                        id.instance(),
                        id.number())
                != null;
    }

    /** Takes note of a delivery that has ended because its event is gone. */
    void dropped(DeliveryId id) {
        dropped.increment();
        log.warn("Delivery {} is dropped, because its event was erased or forgotten", id);
    }

    /** Returns how many deliveries of this process have ended because their event was gone. */
    long droppedDeliveries() {
        return dropped.sum();
    }
}
