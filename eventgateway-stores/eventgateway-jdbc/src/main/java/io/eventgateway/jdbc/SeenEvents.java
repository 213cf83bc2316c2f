package io.eventgateway.jdbc;

import io.eventgateway.Event;
import io.eventgateway.spi.EventStore.Accepted;
import io.eventgateway.spi.EventStore.Once;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The events that must not be accepted twice, until their windows end: a row each, written in the transaction of its event, whose
 * unique key makes a second transaction wait for the first.
 */
final class SeenEvents {
    private static final String SEE = "{seen} (space, event_key, expires_at) VALUES (?, ?, {now} + ?)";
    /** A row whose window has ended, and that nobody has forgotten yet. */
    private static final String SEE_AGAIN =
            "UPDATE {seen} SET expires_at = {now} + ?" + " WHERE space = ? AND event_key = ? AND expires_at <= {now}";

    private static final String FORGET = "DELETE FROM {seen} WHERE space = ? AND event_key = ?";
    private static final String OLD =
            "SELECT space, event_key FROM {seen} WHERE expires_at <= {now} ORDER BY expires_at LIMIT ?";
    private static final String FORGET_OLD = FORGET + " AND expires_at <= {now}";

    /** What an event is known by, and for how many microseconds. */
    record Key(String space, String eventKey, long windowMicros) {
        static @Nullable Key of(Accepted accepted) {
            Once once = accepted.once();
            return once == null
                    ? null
                    : new Key(
                            accepted.space(),
                            EventKey.of(accepted.event(), once.key()),
                            TimeUnit.MILLISECONDS.toMicros(once.window().toMillis()));
        }
    }

    /** A key, and the place of its event in an append. */
    private record Placed(Key key, int place) {}

    private final Database database;

    SeenEvents(Database database) {
        this.database = database;
    }

    /** Returns whether some event of a write must not be there twice. */
    static boolean isIn(Write<?> write) {
        return write instanceof Write.Append append
                && append.entries().stream().anyMatch(entry -> entry.seen() != null);
    }

    /**
     * Sees the events of appends; returns the appends that are to be written, and has the others fail once the transaction is
     * committed.
     */
    List<Write.Append> fresh(Connection connection, List<Write.Append> appends) throws SQLException {
        List<Write.Append> fresh = new ArrayList<>(appends.size());
        for (Write.Append append : appends) {
            List<Integer> duplicates = see(connection, append.entries());
            append.duplicates(duplicates);
            if (duplicates.isEmpty()) {
                fresh.add(append);
            }
        }
        return fresh;
    }

    /**
     * Sees events in the open transaction, all of them or none; returns the places of those that were seen before. Keys are taken in one
     * order, so that two transactions don't wait for each other.
     */
    List<Integer> see(Connection connection, List<Write.Entry> entries) throws SQLException {
        List<Placed> placed = new ArrayList<>(0);
        for (int i = 0; i < entries.size(); i++) {
            Key key = entries.get(i).seen();
            if (key != null) {
                placed.add(new Placed(key, i));
            }
        }
        placed.sort(Comparator.comparing((Placed each) -> each.key().space())
                .thenComparing(each -> each.key().eventKey())
                .thenComparing(Placed::place));
        List<Key> seen = new ArrayList<>(placed.size());
        List<Integer> duplicates = new ArrayList<>(0);
        for (Placed each : placed) {
            if (see(connection, each.key())) {
                seen.add(each.key());
            } else {
                duplicates.add(each.place());
            }
        }
        if (!duplicates.isEmpty()) {
            forget(connection, seen);
        }
        duplicates.sort(null);
        return duplicates;
    }

    private boolean see(Connection connection, Key key) throws SQLException {
        return Rows.insertIfAbsent(
                        connection,
                        database.sql(database.dialect().insertIfAbsent(SEE)),
                        key.space(),
                        key.eventKey(),
                        key.windowMicros())
                || Rows.update(connection, database.sql(SEE_AGAIN), key.windowMicros(), key.space(), key.eventKey())
                        > 0;
    }

    /** Forgets keys in the open transaction, because their events are not accepted after all. */
    void forget(Connection connection, Collection<Key> keys) throws SQLException {
        for (Key key : keys) {
            Rows.update(connection, database.sql(FORGET), key.space(), key.eventKey());
        }
    }

    /** Forgets an event, so that it may be accepted again. */
    void forget(String space, Event event, @Nullable String own) {
        database.change(
                "an event could not be forgotten by de-duplication",
                connection -> Rows.update(connection, database.sql(FORGET), space, EventKey.of(event, own)));
    }

    /** Forgets some of the events whose windows have ended; returns whether there may be more. */
    boolean purge(int atMost) {
        return database.run("what de-duplication has seen could not be purged", connection -> {
            List<@Nullable Object[]> old = Rows.query(
                    connection,
                    database.sql(OLD),
                    rows -> new @Nullable Object[] {rows.getString(1), rows.getString(2)},
                    atMost);
            Rows.updateAll(connection, database.sql(FORGET_OLD), old);
            return old.size() == atMost;
        });
    }
}
