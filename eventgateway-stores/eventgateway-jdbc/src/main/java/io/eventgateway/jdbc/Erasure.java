package io.eventgateway.jdbc;

import io.eventgateway.spi.EventStore.DeliveryId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The erasure of everything about the events of a subject, in one transaction.
 *
 * <p>The events are locked first. From then on nobody adds a delivery or a dead letter to them (see {@link EventPresence}), and all
 * that was added before is seen, because each statement that comes after the lock reads what is committed by then.
 */
final class Erasure {
    private static final String OF_SUBJECT =
            "SELECT position FROM {event} WHERE space = ? AND subject = ? ORDER BY position";
    private static final String LOCK =
            "SELECT position FROM {event} WHERE position IN (%s) ORDER BY position FOR UPDATE";
    private static final String DELIVERIES =
            "SELECT instance, number FROM {delivery} WHERE event_position IN (%s) FOR UPDATE";
    private static final String DEAD_LETTERS =
            "SELECT instance, number FROM {dead_letter} WHERE event_position IN (%s) FOR UPDATE";
    private static final String DELETE_DELIVERIES = "DELETE FROM {delivery} WHERE event_position IN (%s)";
    private static final String DELETE_DEAD_LETTERS = "DELETE FROM {dead_letter} WHERE event_position IN (%s)";
    private static final String DELETE_EVENTS = "DELETE FROM {event} WHERE position IN (%s)";

    private final Database database;
    private final HistoryTable history;
    private final Turns turns;

    Erasure(Database database, HistoryTable history, Turns turns) {
        this.database = database;
        this.history = history;
        this.turns = turns;
    }

    /** Erases, and returns how many events that were. */
    long erase(String space, String subject) {
        return database.run("the events of a subject could not be erased", connection -> {
            List<Long> positions =
                    Rows.query(connection, database.sql(OF_SUBJECT), rows -> rows.getLong(1), space, subject);
            Rows.inBatches(
                    positions,
                    (marks, some) ->
                            Rows.query(connection, database.sql(LOCK).formatted(marks), rows -> rows.getLong(1), some));
            history.willForget(connection, positions);
            long[] erased = {0};
            Rows.inBatches(positions, (marks, some) -> erased[0] += erase(connection, marks, some));
            return erased[0];
        });
    }

    private int erase(Connection connection, String marks, @Nullable Object[] positions) throws SQLException {
        List<DeliveryId> ids = new ArrayList<>(ids(connection, DELIVERIES, marks, positions));
        ids.addAll(ids(connection, DEAD_LETTERS, marks, positions));
        Rows.update(connection, database.sql(DELETE_DELIVERIES).formatted(marks), positions);
        Rows.update(connection, database.sql(DELETE_DEAD_LETTERS).formatted(marks), positions);
        for (DeliveryId id : ids) {
            turns.gone(connection, id);
        }
        return Rows.update(connection, database.sql(DELETE_EVENTS).formatted(marks), positions);
    }

    private List<DeliveryId> ids(Connection connection, String sql, String marks, @Nullable Object[] positions)
            throws SQLException {
        return Rows.query(
                connection,
                database.sql(sql).formatted(marks),
                rows -> new DeliveryId(rows.getString(1), rows.getLong(2)),
                positions);
    }
}
