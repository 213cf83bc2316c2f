package io.eventgateway.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of appends whose commit was lost: an append is one unit, of which either every row is in the tables or none, and its
 * deliveries' ids are its own. So a second try that finds one of them was made before; one that finds none while the first is still
 * being committed waits for that, because the ids are a primary key.
 */
final class AppendedUnits {
    private static final String POSITION = "SELECT event_position FROM {delivery} WHERE instance = ? AND number = ?";
    /** An event without deliveries is known by what identifies an event: CloudEvents 1.0, source and id. */
    private static final String SAME_EVENT = "SELECT e.position FROM {event} e WHERE e.space = ? AND e.type = ?"
            + " AND e.event_id = ? AND e.source = ? AND e.position > (SELECT COALESCE(MAX(n.position), 0) - 100000 FROM {event} n)"
            + " ORDER BY e.position DESC LIMIT 1";

    private static final String FENCE = "{delivery} (instance, number, token, holder, event_position, space,"
            + " subscription_id, function_id, accepted_at, due_at) VALUES (?, ?, 1, ?, 0, '', '', '', 0, 0)";
    private static final String UNDO = "DELETE FROM {delivery} WHERE instance = ? AND number = ? AND token = 1";
    private static final String LOCK_EVENT = "SELECT position FROM {event} WHERE position = ? FOR UPDATE";
    private static final String UNDO_EVENT = "DELETE FROM {event} WHERE position = ?"
            + " AND NOT EXISTS (SELECT 1 FROM {delivery} d WHERE d.event_position = {event}.position)"
            + " AND NOT EXISTS (SELECT 1 FROM {dead_letter} d WHERE d.event_position = {event}.position)";

    private final Database database;
    private final SeenEvents seen;

    AppendedUnits(Database database, SeenEvents seen) {
        this.database = database;
        this.seen = seen;
    }

    /** Returns the positions of an append that was committed; null when it was not, or all that it had for others has ended already. */
    long @Nullable [] find(Connection connection, Write.Append append) throws SQLException {
        long[] positions = new long[append.entries().size()];
        boolean found = false;
        boolean hasDeliveries = false;
        for (int i = 0; i < positions.length; i++) {
            Write.Entry entry = append.entries().get(i);
            hasDeliveries |= !entry.deliveries().isEmpty();
            positions[i] = position(connection, entry);
            found |= positions[i] > 0;
        }
        if (hasDeliveries && !found) {
            return null;
        }
        for (int i = 0; i < positions.length; i++) {
            Write.Entry entry = append.entries().get(i);
            if (entry.replayOf() > 0) {
                positions[i] = entry.replayOf();
            } else if (positions[i] == 0) {
                positions[i] = positionOfEvent(connection, entry.event());
                found |= positions[i] > 0;
            }
        }
        return found ? positions : null;
    }

    /** Returns the position of an entry that has a delivery in the tables; 0 when it has none. */
    private long position(Connection connection, Write.Entry entry) throws SQLException {
        for (Write.DeliveryRow row : entry.deliveries()) {
            Long position = Rows.first(
                    connection,
                    database.sql(POSITION),
                    rows -> rows.getLong(1),
                    row.id().instance(),
                    row.id().number());
            if (position != null && position > 0) { // else it is the fence of an undo
                return position;
            }
        }
        return 0;
    }

    private long positionOfEvent(Connection connection, EventRow event) throws SQLException {
        Long position = Rows.first(
                connection,
                database.sql(SAME_EVENT),
                rows -> rows.getLong(1),
                event.space(),
                event.type(),
                event.eventId(),
                event.source());
        return position == null ? 0 : position;
    }

    /**
     * Takes back what an append wrote, if it did, and nothing else: deliveries that another gateway has claimed meanwhile stay, and so
     * does the event of a replay.
     */
    void undo(Connection connection, Write.Undo undo) throws SQLException {
        for (Write.Entry entry : undo.entries()) {
            for (Write.DeliveryRow row : entry.deliveries()) {
                fence(connection, row);
            }
        }
        for (Write.Entry entry : undo.entries()) {
            long position = position(connection, entry);
            for (Write.DeliveryRow row : entry.deliveries()) {
                Rows.update(
                        connection,
                        database.sql(UNDO),
                        row.id().instance(),
                        row.id().number());
            }
            SeenEvents.Key key = entry.seen();
            if (position > 0 && key != null) {
                seen.forget(connection, List.of(key)); // so that the event may be sent again
            }
            if (position > 0 && entry.replayOf() == 0) {
                Rows.query(
                        connection, database.sql(LOCK_EVENT), rows -> true, position); // so that what was added is seen
                Rows.update(connection, database.sql(UNDO_EVENT), position);
            }
        }
    }

    /** Takes the id of a delivery, unless it is taken: an append that is still being committed has ended after that. */
    private void fence(Connection connection, Write.DeliveryRow row) throws SQLException {
        try {
            Rows.update(
                    connection,
                    database.sql(database.dialect().insertIfAbsent(FENCE)),
                    row.id().instance(),
                    row.id().number(),
                    row.id().instance());
        } catch (SQLException e) {
            if (!Dialect.isDuplicate(e)) {
                throw e;
            }
        }
    }
}
