package io.eventgateway.jdbc;

import io.eventgateway.Event;
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
    private static final String CONSUMED = "SELECT position FROM {consumer} WHERE space = ? AND name = ?";
    private static final String CONSUME = "UPDATE {consumer} SET position = ? WHERE space = ? AND name = ?";
    private static final String CONSUME_FIRST = "{consumer} (space, name, position) VALUES (?, ?, ?)";
    private static final String FORGET_CONSUMER = "DELETE FROM {consumer} WHERE space = ? AND name = ?";
    private static final String OF_SUBJECT = "(SELECT position FROM {event} WHERE space = ? AND subject = ?)";
    private static final String ERASE_TURNS = "DELETE FROM {turn} WHERE EXISTS (SELECT 1 FROM {delivery} d"
            + " WHERE d.instance = {turn}.instance AND d.number = {turn}.number AND d.event_position IN " + OF_SUBJECT
            + ") OR EXISTS (SELECT 1 FROM {dead_letter} d"
            + " WHERE d.instance = {turn}.instance AND d.number = {turn}.number AND d.event_position IN " + OF_SUBJECT
            + ")";
    private static final String ERASE_DELIVERIES = "DELETE FROM {delivery} WHERE event_position IN " + OF_SUBJECT;
    private static final String ERASE_DEAD_LETTERS = "DELETE FROM {dead_letter} WHERE event_position IN " + OF_SUBJECT;
    private static final String ERASE_EVENTS = "DELETE FROM {event} WHERE space = ? AND subject = ?";
    private static final String FIRST =
            "SELECT position, CASE WHEN recorded_at < {now} - ? OR position <= ? THEN 1 ELSE 0 END"
                    + " FROM {event} WHERE position > ? ORDER BY position LIMIT 1";
    private static final String OLD = "SELECT e.position FROM {event} e WHERE e.position >= ? AND e.position < ?"
            + " AND (e.recorded_at < {now} - ? OR e.position <= ?)"
            + " AND NOT EXISTS (SELECT 1 FROM {delivery} d WHERE d.event_position = e.position)"
            + " AND NOT EXISTS (SELECT 1 FROM {dead_letter} d WHERE d.event_position = e.position)"
            + " ORDER BY e.position";
    private static final String PURGE = "DELETE FROM {event} WHERE position = ?"
            + " AND NOT EXISTS (SELECT 1 FROM {delivery} d WHERE d.event_position = {event}.position)"
            + " AND NOT EXISTS (SELECT 1 FROM {dead_letter} d WHERE d.event_position = {event}.position)";
    /** What is delivered at once needs its event for a moment more. */
    private static final long LEAST_AGE_MICROS = TimeUnit.MINUTES.toMicros(2);

    private final Database database;

    HistoryTable(Database database) {
        this.database = database;
    }

    List<RecordedEvent> events(String space, EventQuery query) {
        return database.run("the history could not be read", connection -> {
            List<RecordedEvent> found = new ArrayList<>();
            EventQuery page = query;
            while (true) {
                List<Recorded> read = page(connection, space, page);
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
        });
    }

    /** The event if the query matches it; what no query asks for need not be readable. */
    private @Nullable RecordedEvent matching(Recorded recorded, EventQuery query) {
        try {
            RecordedEvent event = recorded.with(recorded.row().event(database.settings(), null));
            return query.matches(event) ? event : null;
        } catch (UnreadableEventException e) {
            if (!query.matches(recorded.with(recorded.row().withoutData(null)))) {
                return null;
            }
            throw new UnreadableEventException(
                    e.getMessage() + "; it is at position " + recorded.position() + ", and EventQuery.after("
                            + recorded.position() + ") goes on behind it",
                    e);
        }
    }

    /** A row of the history. */
    private record Recorded(long position, long recordedAt, EventRow row) {
        RecordedEvent with(Event event) {
            return new RecordedEvent(position, Settings.instant(recordedAt), event);
        }
    }

    /** A page of the events that match as far as the database can tell: of a pattern it knows the beginning. */
    private List<Recorded> page(Connection connection, String space, EventQuery query) throws SQLException {
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
            return known > 0
                    ? known
                    : Rows.update(
                            connection,
                            database.sql(database.dialect().insertIfAbsent(CONSUME_FIRST)),
                            space,
                            consumer,
                            position);
        });
    }

    long erase(String space, String subject) {
        return database.run("the events of a subject could not be erased", connection -> {
            Rows.update(connection, database.sql(ERASE_TURNS), space, subject, space, subject);
            Rows.update(connection, database.sql(ERASE_DELIVERIES), space, subject);
            Rows.update(connection, database.sql(ERASE_DEAD_LETTERS), space, subject);
            return (long) Rows.update(connection, database.sql(ERASE_EVENTS), space, subject);
        });
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
            Rows.updateAll(connection, database.sql(PURGE), old);
            return end - 1;
        });
    }
}
