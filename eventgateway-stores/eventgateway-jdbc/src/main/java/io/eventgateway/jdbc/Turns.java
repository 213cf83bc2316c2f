package io.eventgateway.jdbc;

import io.eventgateway.spi.EventStore.DeliveryId;
import io.eventgateway.spi.EventStore.Turn;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whose turn it is among the deliveries of all gateways: a row for each key that is being delivered, and for each place under a
 * limit.
 *
 * <p>A row belongs to the lease of a delivery, and is worth nothing once that lease has ended, unless a dead letter holds the
 * key. So the earliest pending delivery of a key gets its turn in the end, whatever comes back before it: a later delivery that
 * had begun keeps the key only as long as its gateway lives, and asks anew when another gateway has taken it over.
 */
final class Turns {
    private static final String KEY = "k:";
    private static final String PLACE = "p:";

    private static final String IS_LEASED =
            "SELECT 1 FROM {delivery} WHERE instance = ? AND number = ? AND token = ? AND holder <> ''";
    private static final String HAS_EARLIER = "SELECT 1 FROM {delivery} WHERE space = ? AND subscription_id = ?"
            + " AND order_key = ? AND event_position < ? AND (not_before IS NULL OR not_before <= {now}) LIMIT 1";
    private static final String TAKE =
            "{turn} (space, subscription_id, turn_key, instance, number, token, held) VALUES (?, ?, ?, ?, ?, ?, 0)";
    /** Rows with whether their leases are over. */
    private static final String OWNERS = "SELECT t.turn_key, t.instance, t.number, t.token, t.held,"
            + " CASE WHEN d.instance IS NULL THEN 1 ELSE 0 END FROM {turn} t"
            + " LEFT JOIN {delivery} d ON d.instance = t.instance AND d.number = t.number AND d.token = t.token"
            + " AND d.holder <> '' WHERE t.space = ? AND t.subscription_id = ? AND t.turn_key ";

    private static final String OWNER = OWNERS + "= ?";
    private static final String PLACES = OWNERS + "LIKE 'p:%'";
    /** A row as it was seen, so that of many who saw its turn over only one takes it. */
    private static final String TAKE_OVER = "UPDATE {turn} SET instance = ?, number = ?, token = ?, held = 0"
            + " WHERE space = ? AND subscription_id = ? AND turn_key = ?"
            + " AND instance = ? AND number = ? AND token = ? AND held = ?";

    private static final String GONE = "DELETE FROM {turn} WHERE instance = ? AND number = ?";
    private static final String ENDED = "DELETE FROM {turn} WHERE instance = ? AND number = ? AND token <= ?";
    private static final String ATTEMPT_ENDED = ENDED + " AND turn_key LIKE 'p:%'";
    private static final String HOLD =
            "UPDATE {turn} SET held = 1 WHERE instance = ? AND number = ? AND token = ? AND turn_key LIKE 'k:%'";

    private static final String REDRIVEN = "UPDATE {turn} SET held = 0, token = ? WHERE instance = ? AND number = ?";

    /** Who has a turn. */
    private record Owner(String turnKey, DeliveryId id, long token, boolean held, boolean leaseIsOver) {
        static Owner read(ResultSet rows) throws SQLException {
            return new Owner(
                    rows.getString(1),
                    new DeliveryId(rows.getString(2), rows.getLong(3)),
                    rows.getLong(4),
                    rows.getInt(5) != 0,
                    rows.getInt(6) != 0);
        }

        boolean is(Turn turn) {
            return id.equals(turn.id()) && token == turn.token() && !held;
        }

        boolean isOver() {
            return leaseIsOver && !held;
        }
    }

    private final Database database;

    Turns(Database database) {
        this.database = database;
    }

    boolean isLeased(Connection connection, Turn turn) throws SQLException {
        DeliveryId id = turn.id();
        return Rows.first(connection, database.sql(IS_LEASED), rows -> true, id.instance(), id.number(), turn.token())
                != null;
    }

    /** Gives a delivery that is leased its turn; returns false when that is not yet. */
    boolean take(Connection connection, Turn turn) throws SQLException {
        return (turn.orderKey() == null || takeKey(connection, turn, turn.orderKey()))
                && (turn.maxConcurrency() == 0 || takePlace(connection, turn));
    }

    private boolean takeKey(Connection connection, Turn turn, String orderKey) throws SQLException {
        boolean hasEarlier = Rows.first(
                        connection,
                        database.sql(HAS_EARLIER),
                        rows -> true,
                        turn.space(),
                        turn.subscriptionId(),
                        orderKey,
                        turn.position())
                != null;
        if (hasEarlier) { // a redriven one may have come back after this one had begun
            Owner owner = owner(connection, turn, KEY + orderKey);
            return owner != null && owner.is(turn);
        }
        return take(connection, turn, KEY + orderKey);
    }

    private boolean take(Connection connection, Turn turn, String turnKey) throws SQLException {
        if (insert(connection, turn, turnKey)) {
            return true;
        }
        Owner owner = owner(connection, turn, turnKey);
        // a turn that is gone just now is asked for again
        return owner != null && (owner.is(turn) || (owner.isOver() && takeOver(connection, turn, owner)));
    }

    private boolean takeOver(Connection connection, Turn turn, Owner before) throws SQLException {
        return Rows.update(
                        connection,
                        database.sql(TAKE_OVER),
                        turn.id().instance(),
                        turn.id().number(),
                        turn.token(),
                        turn.space(),
                        turn.subscriptionId(),
                        before.turnKey(),
                        before.id().instance(),
                        before.id().number(),
                        before.token(),
                        before.held() ? 1 : 0)
                > 0;
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
                            turn.id().number(),
                            turn.token())
                    > 0;
        } catch (SQLException e) {
            if (Dialect.isDuplicate(e)) {
                return false;
            }
            throw e;
        }
    }

    private @Nullable Owner owner(Connection connection, Turn turn, String turnKey) throws SQLException {
        return Rows.first(connection, database.sql(OWNER), Owner::read, turn.space(), turn.subscriptionId(), turnKey);
    }

    private boolean takePlace(Connection connection, Turn turn) throws SQLException {
        Set<String> taken = new HashSet<>();
        for (Owner place :
                Rows.query(connection, database.sql(PLACES), Owner::read, turn.space(), turn.subscriptionId())) {
            if (place.is(turn)) {
                return true;
            }
            if (!place.isOver()) {
                taken.add(place.turnKey());
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

    /** A delivery has ended under a token: all that it had until then is free. */
    void ended(Connection connection, DeliveryId id, long token) throws SQLException {
        Rows.update(connection, database.sql(ENDED), id.instance(), id.number(), token);
    }

    /**
     * An attempt of a delivery has ended under a token: it keeps its key if this gateway tries again, and its key is free if another one
     * does.
     */
    void attemptEnded(Connection connection, DeliveryId id, long token) throws SQLException {
        Rows.update(connection, database.sql(ATTEMPT_ENDED), id.instance(), id.number(), token);
    }

    /** A dead letter is gone, or is delivered out of its order: what it holds is free. */
    void gone(Connection connection, DeliveryId id) throws SQLException {
        Rows.update(connection, database.sql(GONE), id.instance(), id.number());
    }

    /** A dead letter is to be delivered again under a new lease, and has its key like any other then. */
    void redriven(Connection connection, DeliveryId id, long token) throws SQLException {
        Rows.update(connection, database.sql(REDRIVEN), token, id.instance(), id.number());
    }

    /** A delivery has become a dead letter, which keeps its key. */
    void hold(Connection connection, DeliveryId id, long token) throws SQLException {
        attemptEnded(connection, id, token);
        Rows.update(connection, database.sql(HOLD), id.instance(), id.number(), token);
    }
}
