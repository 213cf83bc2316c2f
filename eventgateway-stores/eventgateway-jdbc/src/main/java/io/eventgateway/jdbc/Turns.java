package io.eventgateway.jdbc;

import io.eventgateway.spi.EventStore.DeliveryId;
import io.eventgateway.spi.EventStore.Turn;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whose turn it is among the deliveries of all gateways: a row for each key that is being delivered, and for each place under a
 * limit. A row belongs to a delivery, whoever holds that, and is worth nothing when the delivery is not there any more, unless a
 * dead letter holds the key.
 */
final class Turns {
    private static final String KEY = "k:";
    private static final String PLACE = "p:";

    private static final String IS_LEASED =
            "SELECT 1 FROM {delivery} WHERE instance = ? AND number = ? AND token = ? AND holder <> ''";
    private static final String HAS_EARLIER = "SELECT 1 FROM {delivery} WHERE space = ? AND subscription_id = ?"
            + " AND order_key = ? AND event_position < ? AND (not_before IS NULL OR not_before <= {now}) LIMIT 1";
    private static final String TAKE =
            "{turn} (space, subscription_id, turn_key, instance, number, held) VALUES (?, ?, ?, ?, ?, 0)";
    private static final String OWNER =
            "SELECT instance, number, held FROM {turn} WHERE space = ? AND subscription_id = ? AND turn_key = ?";
    private static final String FREE_IF_OVER =
            "DELETE FROM {turn} WHERE space = ? AND subscription_id = ? AND turn_key = ?"
                    + " AND instance = ? AND number = ? AND NOT EXISTS (SELECT 1 FROM {delivery} d"
                    + " WHERE d.instance = ? AND d.number = ?)";
    private static final String PLACES = "SELECT t.turn_key, t.instance, t.number, d.instance FROM {turn} t"
            + " LEFT JOIN {delivery} d ON d.instance = t.instance AND d.number = t.number"
            + " WHERE t.space = ? AND t.subscription_id = ? AND t.turn_key LIKE 'p:%'";
    private static final String ENDED = "DELETE FROM {turn} WHERE instance = ? AND number = ?";
    private static final String ATTEMPT_ENDED =
            "DELETE FROM {turn} WHERE instance = ? AND number = ? AND turn_key LIKE 'p:%'";
    private static final String HOLD =
            "UPDATE {turn} SET held = 1 WHERE instance = ? AND number = ?" + " AND turn_key LIKE 'k:%'";

    private static final String REDRIVEN = "UPDATE {turn} SET held = 0 WHERE instance = ? AND number = ?";

    private record Owner(DeliveryId id, boolean held) {}

    private record Place(String key, DeliveryId id, boolean over) {}

    private final Database database;

    Turns(Database database) {
        this.database = database;
    }

    boolean take(Connection connection, Turn turn) throws SQLException {
        DeliveryId id = turn.id();
        boolean leased =
                Rows.first(connection, database.sql(IS_LEASED), rows -> true, id.instance(), id.number(), turn.token())
                        != null;
        return leased
                && (turn.orderKey() == null || takeKey(connection, turn, turn.orderKey()))
                && (turn.maxConcurrency() == 0 || takePlace(connection, turn));
    }

    private boolean takeKey(Connection connection, Turn turn, String orderKey) throws SQLException {
        boolean isFirst = Rows.first(
                        connection,
                        database.sql(HAS_EARLIER),
                        rows -> true,
                        turn.space(),
                        turn.subscriptionId(),
                        orderKey,
                        turn.position())
                == null;
        return isFirst && take(connection, turn, KEY + orderKey);
    }

    private boolean take(Connection connection, Turn turn, String turnKey) throws SQLException {
        if (insert(connection, turn, turnKey)) {
            return true;
        }
        Owner owner = owner(connection, turn, turnKey);
        if (owner == null) {
            return false; // gone just now; it is asked for again
        }
        DeliveryId id = owner.id();
        if (id.equals(turn.id())) {
            return true;
        }
        return !owner.held()
                && Rows.update(
                                connection,
                                database.sql(FREE_IF_OVER),
                                turn.space(),
                                turn.subscriptionId(),
                                turnKey,
                                id.instance(),
                                id.number(),
                                id.instance(),
                                id.number())
                        > 0
                && insert(connection, turn, turnKey);
    }

    private boolean insert(Connection connection, Turn turn, String turnKey) throws SQLException {
        try {
            return Rows.update(
                            connection,
                            database.sql(database.dialect().insertIfAbsent(TAKE)),
                            turn.space(),
                            turn.subscriptionId(),
                            turnKey,
                            turn.id().instance(),
                            turn.id().number())
                    > 0;
        } catch (SQLException e) {
            if (Dialect.isDuplicate(e)) {
                return false;
            }
            throw e;
        }
    }

    private @Nullable Owner owner(Connection connection, Turn turn, String turnKey) throws SQLException {
        return Rows.first(
                connection,
                database.sql(OWNER),
                rows -> new Owner(new DeliveryId(rows.getString(1), rows.getLong(2)), rows.getInt(3) != 0),
                turn.space(),
                turn.subscriptionId(),
                turnKey);
    }

    private boolean takePlace(Connection connection, Turn turn) throws SQLException {
        List<Place> places = Rows.query(
                connection,
                database.sql(PLACES),
                rows -> new Place(
                        rows.getString(1),
                        new DeliveryId(rows.getString(2), rows.getLong(3)),
                        rows.getString(4) == null),
                turn.space(),
                turn.subscriptionId());
        Set<String> taken = new HashSet<>();
        for (Place place : places) {
            if (place.id().equals(turn.id())) {
                return true;
            }
            if (!place.over()) {
                taken.add(place.key());
            }
        }
        for (int i = 0; i < turn.maxConcurrency(); i++) {
            String key = PLACE + i;
            if (!taken.contains(key)) {
                return take(connection, turn, key);
            }
        }
        return false;
    }

    /** A delivery has ended: all that it has is free. */
    void ended(Connection connection, DeliveryId id) throws SQLException {
        Rows.update(connection, database.sql(ENDED), id.instance(), id.number());
    }

    /** It is to be attempted again, or by another gateway: it keeps its key. */
    void attemptEnded(Connection connection, DeliveryId id) throws SQLException {
        Rows.update(connection, database.sql(ATTEMPT_ENDED), id.instance(), id.number());
    }

    /** A dead letter is to be delivered again, and has its key like any other then. */
    void redriven(Connection connection, DeliveryId id) throws SQLException {
        Rows.update(connection, database.sql(REDRIVEN), id.instance(), id.number());
    }

    /** It is a dead letter, which keeps its key. */
    void hold(Connection connection, DeliveryId id) throws SQLException {
        attemptEnded(connection, id);
        Rows.update(connection, database.sql(HOLD), id.instance(), id.number());
    }
}
