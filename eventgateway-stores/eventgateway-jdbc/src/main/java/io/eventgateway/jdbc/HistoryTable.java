package io.eventgateway.jdbc;

import io.eventgateway.error.UnreadableEventException;
import io.eventgateway.history.EventQuery;
import io.eventgateway.history.RecordedEvent;
import io.eventgateway.history.Retention;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The recorded events, as far as they are kept, and the consumers that have read them. */
final class HistoryTable {
    private static final String SELECT =
            "SELECT e.position, e.recorded_at, " + EventRow.COLUMNS + " FROM {event} e WHERE e.space = ?";
    private static final String LAST = "SELECT MAX(position) FROM {event}";
    private static final String FORGET = "UPDATE {revision} SET version = ? WHERE name = 'forgotten' AND version < ?";
    private static final String CONSUMED = "SELECT position FROM {consumer} WHERE space = ? AND name = ?";
    private static final String CONSUME = "UPDATE {consumer} SET position = ? WHERE space = ? AND name = ?";
    private static final String CONSUME_FIRST = "{consumer} (space, name, position) VALUES (?, ?, ?)";
    private static final String FORGET_CONSUMER = "DELETE FROM {consumer} WHERE space = ? AND name = ?";
    private static final String ADVANCE =
            "UPDATE {consumer} SET position = ? WHERE space = ? AND name = ? AND position = ?";
    private static final String FIRST =
            "SELECT position, CASE WHEN recorded_at < {now} - ? OR position <= ? THEN 1 ELSE 0 END"
                    + " FROM {event} WHERE position > ? ORDER BY position LIMIT 1";
    private static final String OLD = "SELECT e.position FROM {event} e WHERE e.position >= ? AND e.position < ?"
            + " AND (e.recorded_at < {now} - ? OR e.position <= ?)"
            + " AND NOT EXISTS (SELECT 1 FROM {delivery} d WHERE d.event_position = e.position)"
            + " AND NOT EXISTS (SELECT 1 FROM {dead_letter} d WHERE d.event_position = e.position)"
            + " ORDER BY e.position FOR UPDATE SKIP LOCKED";
    private static final String PURGE = "DELETE FROM {event} WHERE position = ?"
            + " AND NOT EXISTS (SELECT 1 FROM {delivery} d WHERE d.event_position = {event}.position)"
            + " AND NOT EXISTS (SELECT 1 FROM {dead_letter} d WHERE d.event_position = {event}.position)";
    /** What is delivered at once needs its event for a moment more. */
    private static final long LEAST_AGE_MICROS = TimeUnit.MINUTES.toMicros(2);

    private final Database database;
    private final HistoryExtent extent;

    HistoryTable(Database database, HistoryExtent extent) {
        this.database = database;
        this.extent = extent;
    }

    List<RecordedEvent> events(String space, EventQuery query) {
        return database.run("the history could not be read", connection -> {
            long known = extent.knownSettled();
            if (query.after() < known) {
                List<RecordedEvent> found = find(connection, space, query, Long.MAX_VALUE);
                if (found.isEmpty() || found.get(found.size() - 1).position() <= known) {
                    return found;
                }
            }
            long settled = extent.read(connection).settled(); // first, so that all up to there is in what is read then
            return find(connection, space, query, settled);
        });
    }

    private List<RecordedEvent> find(Connection connection, String space, EventQuery query, long upTo)
            throws SQLException {
        List<RecordedEvent> found = new ArrayList<>();
        EventQuery page = query;
        while (true) {
            List<Recorded> read = page(connection, space, page, upTo);
            for (Recorded each : read) {
                RecordedEvent event = found.size() == query.pageSize() ? null : matching(each, query);
                if (event != null) {
                    found.add(event);
                }
            }
            if (read.size() < page.pageSize() || found.size() == query.pageSize()) {
                return found;
            }
            page = page.after(read.get(read.size() - 1).position());
        }
    }

    /** The event if the query matches it, without its data if it can't be read. */
    private @Nullable RecordedEvent matching(Recorded recorded, EventQuery query) {
        RecordedEvent event = recorded.event(database.settings());
        return query.matches(event) ? event : null;
    }

    /** A row of the history. */
    private record Recorded(long position, long recordedAt, EventRow row) {
        RecordedEvent event(Settings settings) {
            Instant at = Settings.instant(recordedAt);
            try {
                return new RecordedEvent(position, at, row.event(settings, null));
            } catch (UnreadableEventException e) {
                return new RecordedEvent(position, at, row.withoutData(null), String.valueOf(e.getMessage()));
            }
        }
    }

    /** A page of the events that match as far as the database can tell: of a pattern it knows the beginning. */
    private List<Recorded> page(Connection connection, String space, EventQuery query, long upTo) throws SQLException {
        StringBuilder sql = new StringBuilder(SELECT);
        List<@Nullable Object> parameters = new ArrayList<>(List.of(space));
        String type = query.type();
        int wildcard = type == null ? -1 : type.indexOf('*');
        if (wildcard < 0) {
            where(sql, parameters, "e.type = ?", type);
        } else if (wildcard > 1) {
            String literal =
                    Objects.requireNonNull(type).substring(0, wildcard - 1); // without the dot: ** may be nothing
            where(sql, parameters, "e.type >= ?", literal);
            where(sql, parameters, "e.type < ?", literal + Character.MAX_VALUE);
        }
        where(sql, parameters, "e.source = ?", query.source());
        where(sql, parameters, "e.subject = ?", query.subject());
        where(sql, parameters, "e.correlation_id = ?", query.correlationId());
        Instant since = query.since();
        Instant until = query.until();
        where(sql, parameters, "e.recorded_at >= ?", since == null ? null : Settings.micros(since));
        where(sql, parameters, "e.recorded_at < ?", until == null ? null : Settings.micros(until));
        where(sql, parameters, "e.position > ?", query.after());
        where(sql, parameters, "e.position <= ?", upTo);
        sql.append(" ORDER BY e.position LIMIT ?");
        parameters.add(query.pageSize());
        return Rows.query(
                connection,
                database.sql(sql.toString()),
                rows -> new Recorded(rows.getLong(1), rows.getLong(2), EventRow.read(rows, 3)),
                parameters.toArray());
    }

    private static void where(
            StringBuilder sql, List<@Nullable Object> parameters, String condition, @Nullable Object value) {
        if (value != null) {
            sql.append(" AND ").append(condition);
            parameters.add(value);
        }
    }

    long consumed(String space, String consumer) {
        return database.run("the position of consumer '" + consumer + "' could not be read", connection -> {
            Long position = Rows.first(connection, database.sql(CONSUMED), rows -> rows.getLong(1), space, consumer);
            return position == null ? 0L : position;
        });
    }

    void consumed(String space, String consumer, long position) {
        database.run("the position of consumer '" + consumer + "' could not be kept", connection -> {
            if (position == 0) {
                return Rows.update(connection, database.sql(FORGET_CONSUMER), space, consumer);
            }
            int known = Rows.update(connection, database.sql(CONSUME), position, space, consumer);
            return known > 0 || insertFirst(connection, space, consumer, position)
                    ? 1
                    : Rows.update(connection, database.sql(CONSUME), position, space, consumer);
        });
    }

    /** Moves the position of a consumer if it is the expected one; returns the one that it has then. */
    long advance(String space, String consumer, long expected, long position) {
        return database.run("the position of consumer '" + consumer + "' could not be kept", connection -> {
            if (Rows.update(connection, database.sql(ADVANCE), position, space, consumer, expected) > 0
                    || (expected == 0 && insertFirst(connection, space, consumer, position))) {
                return position;
            }
            return current(connection, space, consumer);
        });
    }

    /** Gives a consumer its first position; returns false when it has one. */
    private boolean insertFirst(Connection connection, String space, String consumer, long position)
            throws SQLException {
        try {
            return Rows.update(
                            connection,
                            database.sql(database.dialect().insertIfAbsent(CONSUME_FIRST)),
                            space,
                            consumer,
                            position)
                    > 0;
        } catch (SQLException e) {
            if (Dialect.isDuplicate(e)) {
                return false; // where an insert can't say that it is to do nothing then, it leaves the transaction as
                // it was
            }
            throw e;
        }
    }

    private long current(Connection connection, String space, String consumer) throws SQLException {
        Long position = Rows.first(
                connection, database.sql(CONSUMED + " FOR UPDATE"), rows -> rows.getLong(1), space, consumer);
        return position == null ? 0L : position;
    }

    /** An event's place, and whether it is old enough to be forgotten. */
    private record First(long position, boolean old) {}

    /**
     * Forgets events of a few positions that are not to be kept any more. What it looks at is bounded, however many old events
     * are still needed.
     *
     * @param after where the last purge ended
     * @return where this one ended; 0 when there is nothing older
     */
    long purge(long after, int positions) {
        Retention retention = database.settings().history();
        long age = retention.isNone()
                ? LEAST_AGE_MICROS
                : Math.max(
                        LEAST_AGE_MICROS,
                        TimeUnit.SECONDS.toMicros(retention.age().toSeconds()));
        return database.run("old events could not be forgotten", connection -> {
            Long last = Rows.first(connection, database.sql(LAST), rows -> rows.getLong(1));
            long bound = retention.isNone() || last == null ? 0 : Math.max(0, last - retention.events());
            First first = Rows.first(
                    connection,
                    database.sql(FIRST),
                    rows -> new First(rows.getLong(1), rows.getInt(2) != 0),
                    age,
                    bound,
                    after);
            if (first == null || !first.old()) {
                return 0L;
            }
            long end = first.position() + positions;
            List<@Nullable Object[]> old = Rows.query(
                    connection,
                    database.sql(OLD),
                    rows -> new @Nullable Object[] {rows.getLong(1)},
                    first.position(),
                    end,
                    age,
                    bound);
            forget(connection, old);
            return end - 1;
        });
    }

    /**
     * Takes note that events are about to be deleted, as far as nothing is missing below them that may still appear: so their positions
     * are not taken for those of open transactions.
     */
    void willForget(Connection connection, List<Long> positions) throws SQLException {
        if (!positions.isEmpty()) {
            long last = Math.min(extent.read(connection).settled(), positions.get(positions.size() - 1));
            Rows.update(connection, database.sql(FORGET), last, last);
        }
    }

    /** Deletes events that are locked, unless a delivery or a dead letter came before the lock. */
    private void forget(Connection connection, List<@Nullable Object[]> old) throws SQLException {
        if (old.isEmpty()) {
            return;
        }
        Rows.updateAll(connection, database.sql(PURGE), old);
        Object last = old.get(old.size() - 1)[0];
        Rows.update(connection, database.sql(FORGET), last, last);
    }
}
