package io.eventgateway.jdbc;

import io.eventgateway.Event;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The events that functions have handled, noted in the functions' own transactions. */
final class Inbox {
    private static final String NOTE =
            "{inbox} (space, subscription_id, event_key, handled_at) VALUES (?, ?, ?, {now})";
    private static final String OLD = "SELECT space, subscription_id, event_key FROM {inbox}"
            + " WHERE handled_at < {now} - ? ORDER BY handled_at LIMIT ?";
    private static final String FORGET =
            "DELETE FROM {inbox} WHERE space = ? AND subscription_id = ? AND event_key = ?";

    private final Database database;

    Inbox(Database database) {
        this.database = database;
    }

    /** Notes an event in the open transaction; returns whether it was not noted before. */
    boolean note(Connection connection, String space, String subscriptionId, Event event) throws SQLException {
        return Rows.insertIfAbsent(
                connection,
                database.sql(database.dialect().insertIfAbsent(NOTE)),
                space,
                subscriptionId,
                EventKey.of(event));
    }

    /** Forgets some of the notes that are older than the stores keep them; returns whether there may be more. */
    boolean purge(int atMost) {
        long age = TimeUnit.MILLISECONDS.toMicros(database.settings().inbox().toMillis());
        return database.run("the inbox of functions could not be purged", connection -> {
            List<@Nullable Object[]> old = Rows.query(
                    connection,
                    database.sql(OLD),
                    rows -> new @Nullable Object[] {rows.getString(1), rows.getString(2), rows.getString(3)},
                    age,
                    atMost);
            Rows.updateAll(connection, database.sql(FORGET), old);
            return old.size() == atMost;
        });
    }
}
