package io.eventgateway.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The gateways that hold leases, and until when, by the database's clock. A gateway whose time has run out is gone as
 * soon as another looks: it can't renew after that, so what it believes to hold is not its own (Gray and Cheriton,
 * "Leases", 1989).
 */
final class Gateways {
    private static final String RENEW = "UPDATE {gateway} SET alive_until = {now} + ? WHERE id = ? AND gone = 0";
    private static final String REGISTER = "{gateway} (id, alive_until, gone) VALUES (?, {now} + ?, 0)";
    private static final String EXPIRED = "SELECT id FROM {gateway} WHERE gone = 0 AND alive_until <= {now}";
    private static final String END =
            "UPDATE {gateway} SET gone = 1 WHERE id = ? AND gone = 0 AND alive_until <= {now}";
    private static final String LEAVE = "UPDATE {gateway} SET gone = 1, alive_until = {now} WHERE id = ?";
    private static final String HOLDS = "SELECT 1 FROM {gateway} WHERE id = ? AND gone = 0";
    /** A gateway that is gone (1) holds leases that are to be freed, until none are left (2). */
    private static final String GONE = "SELECT id FROM {gateway} WHERE gone = 1";

    private static final String EMPTIED = "UPDATE {gateway} SET gone = 2 WHERE id = ? AND gone = 1";
    /** The deliveries of a gateway in their first lease, by the primary key. */
    static final String HELD_FIRST = "SELECT instance, number FROM {delivery}"
            + " WHERE instance = ? AND holder = ? ORDER BY number LIMIT 500 FOR UPDATE SKIP LOCKED";

    /** The other ones; the order by a range of one holder has PostgreSQL read 500 entries of the index, and not all of that holder. */
    static final String HELD_LATER = "SELECT instance, number FROM {delivery} WHERE holder >= ? AND holder <= ?"
            + " AND holder <> '' AND holder <> instance ORDER BY holder, event_position LIMIT 500 FOR UPDATE SKIP LOCKED";

    static final String HAS_FIRST = "SELECT 1 FROM {delivery} WHERE instance = ? AND holder = ? LIMIT 1";
    static final String HAS_LATER =
            "SELECT 1 FROM {delivery} WHERE holder = ? AND holder <> '' AND holder <> instance LIMIT 1";
    private static final String FREE = "UPDATE {delivery} SET holder = '' WHERE instance = ? AND number = ?";
    private static final String FORGET = "DELETE FROM {gateway} WHERE gone > 0 AND alive_until < {now} - ?"
            + " AND NOT EXISTS (SELECT 1 FROM {delivery} d WHERE d.instance = {gateway}.id)"
            + " AND NOT EXISTS (SELECT 1 FROM {delivery} d WHERE d.holder = {gateway}.id AND d.holder <> ''"
            + " AND d.holder <> d.instance)";
    private static final int EMPTY = 2;
    private static final long REMEMBERED_MICROS = TimeUnit.MINUTES.toMicros(10);

    static final String NEXT_INSTANCE = "SELECT instance FROM {delivery} WHERE instance > ? ORDER BY instance LIMIT 1";
    static final String NEXT_HOLDER = "SELECT holder FROM {delivery} WHERE holder > ? AND holder <> ''"
            + " AND holder <> instance ORDER BY holder LIMIT 1";
    private static final String STATE = "SELECT gone FROM {gateway} WHERE id = ?";
    private static final String GONE_UNKNOWN = "{gateway} (id, alive_until, gone) VALUES (?, {now}, 1)";
    private static final String GONE_AGAIN = "UPDATE {gateway} SET gone = 1 WHERE id = ? AND gone = 2";

    private final Database database;
    /** The gateways that this process has made known: a gateway of these whose row is missing is gone, and not new. */
    private final Set<String> known = ConcurrentHashMap.newKeySet();

    Gateways(Database database) {
        this.database = database;
    }

    /** Returns whether this process has made the gateway known. */
    boolean isKnown(String holder) {
        return known.contains(holder);
    }

    boolean renew(String holder, Duration lease) {
        long micros = TimeUnit.NANOSECONDS.toMicros(lease.toNanos());
        boolean alive = database.run(
                "the leases of gateway '" + holder + "' could not be renewed",
                connection -> Rows.update(connection, database.sql(RENEW), micros, holder) > 0
                        || (!known.contains(holder)
                                && Rows.update(
                                                connection,
                                                database.sql(database.dialect().insertIfAbsent(REGISTER)),
                                                holder,
                                                micros)
                                        > 0));
        if (alive) {
            known.add(holder);
        }
        return alive;
    }

    void leave(String holder) {
        known.remove(holder); // first, so that its outcomes get no other try when the database is away
        database.run(
                "gateway '" + holder + "' could not leave",
                connection -> Rows.update(connection, database.sql(LEAVE), holder));
    }

    /** Returns whether a gateway still holds what it leased: nobody else can have ended any of it. */
    boolean holds(Connection connection, String holder) throws SQLException {
        return Rows.first(connection, database.sql(HOLDS), rows -> true, holder) != null;
    }

    /**
     * Makes deliveries of gateways that are gone free: some of them, if they are many. The one that claims is not gone by its own claim,
     * however late that comes, since it goes on delivering what it holds.
     */
    void freeThoseOfTheGone(Connection connection, String claimer) throws SQLException {
        for (String expired : Rows.query(connection, database.sql(EXPIRED), rows -> rows.getString(1))) {
            if (!expired.equals(claimer)) {
                Rows.update(connection, database.sql(END), expired);
            }
        }
        for (String gone : Rows.query(connection, database.sql(GONE), rows -> rows.getString(1))) {
            free(connection, HELD_FIRST, gone, gone);
            free(connection, HELD_LATER, gone, gone);
            if (!hasLeases(connection, gone)) {
                Rows.update(connection, database.sql(EMPTIED), gone);
            }
        }
    }

    /** Returns whether there are leases of a gateway, including those that another transaction is about to free. */
    private boolean hasLeases(Connection connection, String holder) throws SQLException {
        return Rows.first(connection, database.sql(HAS_FIRST), rows -> true, holder, holder) != null
                || Rows.first(connection, database.sql(HAS_LATER), rows -> true, holder) != null;
    }

    private void free(Connection connection, String held, @Nullable Object... holder) throws SQLException {
        List<@Nullable Object[]> ids = Rows.query(
                connection,
                database.sql(held),
                rows -> new @Nullable Object[] {rows.getString(1), rows.getLong(2)},
                holder);
        Rows.updateAll(connection, database.sql(FREE), ids);
    }

    /**
     * Has claims free what appeared under the name of a gateway after the gateway was gone: a transaction that an event was emitted in
     * may be committed at any time, and be long when everything else of that gateway is forgotten.
     */
    void findLateLeases(Connection connection) throws SQLException {
        Set<String> names = new HashSet<>(all(connection, NEXT_INSTANCE));
        names.addAll(all(connection, NEXT_HOLDER));
        for (String name : names) {
            Integer state = Rows.first(connection, database.sql(STATE), rows -> rows.getInt(1), name);
            boolean isLookedAfter = state != null && state != EMPTY;
            if (!isLookedAfter && hasLeases(connection, name)) {
                Rows.update(
                        connection,
                        database.sql(state == null ? database.dialect().insertIfAbsent(GONE_UNKNOWN) : GONE_AGAIN),
                        name);
            }
        }
    }

    /** All values of a column, from one to the next by an index. */
    private List<String> all(Connection connection, String next) throws SQLException {
        List<String> values = new ArrayList<>();
        String value = "";
        while (value != null) {
            value = Rows.first(connection, database.sql(next), rows -> rows.getString(1), value);
            if (value != null) {
                values.add(value);
            }
        }
        return values;
    }

    void forgetLongGone(Connection connection) throws SQLException {
        Rows.update(connection, database.sql(FORGET), REMEMBERED_MICROS);
    }
}
