package io.eventgateway.jdbc;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns that nobody gave back, because the lease that had them was taken over or freed, or the dead letter that held the key is gone.
 * They are worth nothing, and only take room. Not thread-safe.
 */
final class LeftoverTurns {
    private static final String PAGE_OF =
            "SELECT t.space, t.subscription_id, t.turn_key, t.instance, t.number, t.token, t.held,"
                    + " CASE WHEN (t.held = 0 AND NOT EXISTS (SELECT 1 FROM {delivery} d WHERE d.instance = t.instance"
                    + " AND d.number = t.number AND d.token = t.token AND d.holder <> ''))"
                    + " OR (t.held <> 0 AND NOT EXISTS (SELECT 1 FROM {dead_letter} l WHERE l.instance = t.instance"
                    + " AND l.number = t.number)) THEN 1 ELSE 0 END FROM {turn} t"
                    + " WHERE (t.space, t.subscription_id, t.turn_key) > (?, ?, ?)"
                    + " ORDER BY t.space, t.subscription_id, t.turn_key LIMIT 500";
    /** A row as it was seen, since another delivery may have taken the turn over meanwhile. */
    private static final String FORGET = "DELETE FROM {turn} WHERE space = ? AND subscription_id = ? AND turn_key = ?"
            + " AND instance = ? AND number = ? AND token = ? AND held = ?";

    private static final int PAGE = 500;

    private record Row(
            String space,
            String subscriptionId,
            String turnKey,
            String instance,
            long number,
            long token,
            int held,
            boolean isLeftOver) {
        static final Row START = new Row("", "", "", "", 0, 0, 0, false);

        static Row read(ResultSet rows) throws SQLException {
            return new Row(
                    rows.getString(1),
                    rows.getString(2),
                    rows.getString(3),
                    rows.getString(4),
                    rows.getLong(5),
                    rows.getLong(6),
                    rows.getInt(7),
                    rows.getInt(8) != 0);
        }
    }

    private final Database database;
    private Row last = Row.START;

    LeftoverTurns(Database database) {
        this.database = database;
    }

    /** Forgets those of the next few turns; the one after the last is the first again. */
    void forget(Connection connection) throws SQLException {
        List<Row> page = Rows.query(
                connection, database.sql(PAGE_OF), Row::read, last.space(), last.subscriptionId(), last.turnKey());
        last = page.size() < PAGE ? Row.START : page.get(page.size() - 1);
        List<@Nullable Object[]> leftOver = new ArrayList<>();
        for (Row row : page) {
            if (row.isLeftOver()) {
                leftOver.add(new @Nullable Object[] {
                    row.space(),
                    row.subscriptionId(),
                    row.turnKey(),
                    row.instance(),
                    row.number(),
                    row.token(),
                    row.held()
                });
            }
        }
        Rows.updateAll(connection, database.sql(FORGET), leftOver);
    }
}
