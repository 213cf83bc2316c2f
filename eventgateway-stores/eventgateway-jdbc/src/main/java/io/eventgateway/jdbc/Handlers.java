package io.eventgateway.jdbc;

import io.eventgateway.spi.EventStore.Callable;
import io.eventgateway.spi.EventStore.DeliveryId;
import io.eventgateway.spi.EventStore.FunctionName;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which gateways can call which functions, as they announce it. By that it is known which deliveries nobody can make any more: those to
 * the own functions of gateways that are gone, which are dropped here, and those to functions that nobody has, which wait.
 */
final class Handlers {
    private static final Logger log = LoggerFactory.getLogger(Handlers.class);
    /**
     * How long the own functions of a gateway are left alone whose lease has run out: its process may have been stopped, and announces them
     * under another name when it goes on.
     */
    private static final long GRACE_MICROS = TimeUnit.MINUTES.toMicros(1);

    private static final int FUNCTIONS_AT_ONCE = 20;

    private static final String OF_HOLDER = "SELECT space, function_id, is_own FROM {handler} WHERE holder = ?";
    private static final String ADD = "{handler} (space, function_id, holder, is_own, has_left) VALUES (?, ?, ?, ?, 0)";
    private static final String REMOVE = "DELETE FROM {handler} WHERE space = ? AND function_id = ? AND holder = ?";
    private static final String OWN_HAVE_LEFT = "UPDATE {handler} SET has_left = 1 WHERE holder = ? AND is_own = 1";
    private static final String OTHERS_HAVE_LEFT = "DELETE FROM {handler} WHERE holder = ? AND is_own = 0";
    private static final String CALLABLE = "SELECT DISTINCT h.space, h.function_id FROM {handler} h"
            + " JOIN {gateway} g ON g.id = h.holder WHERE g.gone = 0 AND g.alive_until > {now}";
    /** Own functions of which no row is that of a gateway that is alive, or may come back under another name. */
    private static final String NOBODYS = "SELECT h.space, h.function_id, MAX(CASE WHEN g.id IS NULL THEN 0 ELSE 1 END)"
            + " FROM {handler} h LEFT JOIN {gateway} g ON g.id = h.holder WHERE h.is_own = 1"
            + " GROUP BY h.space, h.function_id HAVING MAX(CASE WHEN g.id IS NULL THEN 0 WHEN g.gone = 0 THEN 1"
            + " WHEN h.has_left = 1 THEN 0 WHEN g.alive_until > {now} - ? THEN 1 ELSE 0 END) = 0 LIMIT ?";

    private static final String FREE = "SELECT instance, number FROM {delivery}"
            + " WHERE holder = '' AND space = ? AND function_id = ? ORDER BY due_at LIMIT ? FOR UPDATE SKIP LOCKED";
    private static final String DROP = "DELETE FROM {delivery} WHERE instance = ? AND number = ? AND holder = ''";
    private static final String GIVE_TURN_BACK = "DELETE FROM {turn} WHERE instance = ? AND number = ?";
    private static final String FORGET = "DELETE FROM {handler} WHERE space = ? AND function_id = ?";
    private static final String FORGET_GONE = "DELETE FROM {handler} WHERE is_own = 0"
            + " AND NOT EXISTS (SELECT 1 FROM {gateway} g WHERE g.id = {handler}.holder AND g.gone = 0)";

    /** An own function that nobody has; its gateways may still be remembered, and then more of its deliveries may become free. */
    private record Orphaned(FunctionName name, boolean isRemembered) {}

    private final Database database;
    private final LongAdder dropped = new LongAdder();

    Handlers(Database database) {
        this.database = database;
    }

    /** Returns how many deliveries this process has dropped, since they were to a function of a gateway that is gone. */
    long dropped() {
        return dropped.sum();
    }

    void announce(String holder, Set<Callable> functions) {
        database.change("the functions of gateway '" + holder + "' could not be announced", connection -> {
            Set<Callable> known = new HashSet<>(Rows.query(
                    connection,
                    database.sql(OF_HOLDER),
                    rows -> new Callable(new FunctionName(rows.getString(1), rows.getString(2)), rows.getInt(3) != 0),
                    holder));
            for (Callable each : known) {
                if (!functions.contains(each)) {
                    FunctionName name = each.name();
                    Rows.update(connection, database.sql(REMOVE), name.space(), name.functionId(), holder);
                }
            }
            for (Callable each : functions) {
                if (!known.contains(each)) {
                    FunctionName name = each.name();
                    Rows.insertIfAbsent(
                            connection,
                            database.sql(database.dialect().insertIfAbsent(ADD)),
                            name.space(),
                            name.functionId(),
                            holder,
                            each.isOwn() ? 1 : 0);
                }
            }
        });
    }

    /** A gateway has left, and does not come back. */
    void left(Connection connection, String holder) throws SQLException {
        Rows.update(connection, database.sql(OWN_HAVE_LEFT), holder);
        Rows.update(connection, database.sql(OTHERS_HAVE_LEFT), holder);
    }

    Set<FunctionName> callable() {
        return new HashSet<>(database.run(
                "it could not be read which functions gateways can call",
                connection -> Rows.query(
                        connection,
                        database.sql(CALLABLE),
                        rows -> new FunctionName(rows.getString(1), rows.getString(2)))));
    }

    /** Drops some of the deliveries that only a gateway that is gone could have made; returns whether there may be more. */
    boolean dropOrphans(int atMost) {
        List<Orphaned> orphaned =
                database.run("own functions of gateways that are gone could not be read", connection -> {
                    Rows.update(connection, database.sql(FORGET_GONE));
                    return Rows.query(
                            connection,
                            database.sql(NOBODYS),
                            rows -> new Orphaned(
                                    new FunctionName(rows.getString(1), rows.getString(2)), rows.getInt(3) != 0),
                            GRACE_MICROS,
                            FUNCTIONS_AT_ONCE);
                });
        boolean more = false;
        for (Orphaned each : orphaned) {
            more |= drop(each, atMost);
        }
        return more;
    }

    private boolean drop(Orphaned function, int atMost) {
        FunctionName name = function.name();
        List<DeliveryId> ids = database.run("deliveries that nobody can make could not be dropped", connection -> {
            List<DeliveryId> free = Rows.query(
                    connection,
                    database.sql(FREE),
                    rows -> new DeliveryId(rows.getString(1), rows.getLong(2)),
                    name.space(),
                    name.functionId(),
                    atMost);
            List<@Nullable Object[]> rows = new ArrayList<>(free.size());
            free.forEach(id -> rows.add(new @Nullable Object[] {id.instance(), id.number()}));
            Rows.updateAll(connection, database.sql(GIVE_TURN_BACK), rows);
            Rows.updateAll(connection, database.sql(DROP), rows);
            if (free.isEmpty() && !function.isRemembered()) {
                Rows.update(connection, database.sql(FORGET), name.space(), name.functionId());
            }
            return free;
        });
        if (!ids.isEmpty()) {
            dropped.add(ids.size());
            log.warn(
                    "{} deliveries to function '{}' of space '{}' are dropped: its handler had no name, and its process is gone;"
                            + " one of them is {}",
                    ids.size(),
                    name.functionId(),
                    name.space(),
                    ids.get(0));
        }
        return ids.size() == atMost;
    }
}
