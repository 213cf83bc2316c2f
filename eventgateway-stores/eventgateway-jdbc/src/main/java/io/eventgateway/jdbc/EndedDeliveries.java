package io.eventgateway.jdbc;

import io.eventgateway.spi.EventStore.DeliveryId;
import io.eventgateway.spi.EventStore.State;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The deliveries that ended in another way than by being made, for a while: so that a gateway that follows one is not told that it was
 * delivered. Most deliveries are made, and take no row here.
 */
final class EndedDeliveries {
    /** Far longer than a gateway needs that follows a delivery, since it asks several times a second. */
    private static final long REMEMBERED_MICROS = TimeUnit.HOURS.toMicros(1);

    private static final String NOTE = "{ended} (instance, number, state, ended_at) VALUES (?, ?, ?, {now})";
    private static final String FORGET = "DELETE FROM {ended} WHERE instance = ? AND number = ?";
    private static final String STATES = "SELECT number, state FROM {ended} WHERE instance = ? AND number IN (%s)";
    private static final String OLD =
            "SELECT instance, number FROM {ended} WHERE ended_at < {now_bound} - ? ORDER BY ended_at LIMIT ?";

    private final Database database;

    EndedDeliveries(Database database) {
        this.database = database;
    }

    /** Notes how a delivery ended, in the transaction that ends it. */
    void note(Connection connection, DeliveryId id, State state) throws SQLException {
        // a dead letter that was redriven may end in another way than before
        Rows.update(connection, database.sql(FORGET), id.instance(), id.number());
        Rows.update(
                connection,
                database.sql(database.dialect().insertIfAbsent(NOTE)),
                id.instance(),
                id.number(),
                state.name());
    }

    /** Returns how some deliveries ended that are neither pending nor dead letters; without those that were made, or ended long ago. */
    Map<DeliveryId, State> states(Connection connection, Set<DeliveryId> ids) throws SQLException {
        Map<DeliveryId, State> states = new HashMap<>();
        Rows.ofDeliveries(
                ids,
                (instance, marks, parameters) -> Rows.query(
                        connection,
                        database.sql(STATES).formatted(marks),
                        rows -> states.put(new DeliveryId(instance, rows.getLong(1)), State.valueOf(rows.getString(2))),
                        parameters));
        return states;
    }

    /** Forgets some of those that ended long ago; returns whether there may be more. */
    boolean forgetOld(int atMost) {
        return database.run("deliveries that ended long ago could not be forgotten", connection -> {
            var old = Rows.query(
                    connection,
                    database.sql(OLD),
                    rows -> new @Nullable Object[] {rows.getString(1), rows.getLong(2)},
                    REMEMBERED_MICROS,
                    atMost);
            Rows.updateAll(connection, database.sql(FORGET), old);
            return old.size() == atMost;
        });
    }
}
