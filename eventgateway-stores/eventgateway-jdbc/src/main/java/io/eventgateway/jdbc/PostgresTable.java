package io.eventgateway.jdbc;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The two steps of most deliveries in one statement for a whole group, which takes arrays: so a group costs one round trip and
 * the planning of nothing.
 */
final class PostgresTable extends DeliveryTable {
    /**
     * Settings of a group's transaction, which go with the group's statement, in the same round trip, and end with the transaction. A
     * plan that fits the number of changes in each group is not better than the one for any number, and takes longer to make than to
     * run.
     */
    private static final String PLANNED_ONCE = "SELECT set_config('plan_cache_mode', 'force_generic_plan', true),"
            + " set_config('enable_seqscan', 'off', true); ";

    /** An emitter's transaction is the emitter's own, and plans as it likes. */
    private static final String NO_SETTINGS = "";

    private static final String APPEND_AND_COMPLETE = """
            WITH e AS MATERIALIZED (
              SELECT i.*, CASE WHEN i.replay_of > 0 THEN i.replay_of
                ELSE nextval('{event_position}') END AS position
              FROM unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],
                ?::text[], ?::bytea[], ?::text[], ?::bigint[])
                WITH ORDINALITY AS i(space, event_id, source, type, subject, event_time, correlation_id, content_type,
                  extras, data, key_id, replay_of, ord)
            ), events AS (
              INSERT INTO {event} (position, recorded_at, space, event_id, source, type, subject, event_time,
                correlation_id, content_type, extras, data, key_id)
              SELECT position, {now}, space, event_id, source, type, subject, event_time, correlation_id, content_type,
                extras, data, key_id
              FROM e WHERE replay_of = 0
            ), deliveries AS (
              INSERT INTO {delivery} (instance, number, token, holder, event_position, space, subscription_id,
                function_id, order_key, accepted_at, not_before, expires_at, due_at, replay)
              SELECT d.instance, d.number, 1, d.holder, e.position, e.space, d.subscription_id, d.function_id,
                d.order_key, {now} + d.accepted_in, {now} + d.not_before_in, {now} + d.expires_in,
                {now} + coalesce(d.not_before_in, d.accepted_in), d.replay
              FROM unnest(?::bigint[], ?::text[], ?::bigint[], ?::text[], ?::text[], ?::text[], ?::text[], ?::bigint[],
                ?::bigint[], ?::bigint[], ?::text[])
                AS d(ord, instance, number, holder, subscription_id, function_id, order_key, accepted_in, not_before_in,
                  expires_in, replay)
              JOIN e ON e.ord = d.ord
            ), completed AS (
              DELETE FROM {delivery} WHERE instance = ? AND token = ? AND number = ANY (?::bigint[]) AND holder <> ''
              RETURNING number
            )
            SELECT ord, position FROM e
            UNION ALL SELECT -1, number FROM completed
            """;

    private static final String APPEND_ONE = """
            WITH e AS (
              INSERT INTO {event} (position, recorded_at, space, event_id, source, type, subject, event_time,
                correlation_id, content_type, extras, data, key_id)
              VALUES (nextval('{event_position}'), {now}, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
              RETURNING position
            )
            INSERT INTO {delivery} (instance, number, token, holder, event_position, space, subscription_id, function_id,
              order_key, accepted_at, not_before, expires_at, due_at, replay)
            SELECT ?, ?, 1, ?, e.position, ?, ?, ?, ?, {now} + ?, {now} + ?::bigint, {now} + ?::bigint, {now} + ?, ?
            FROM e
            RETURNING event_position
            """;

    private static final String COMPLETE = """
            DELETE FROM {delivery} WHERE instance = ? AND token = ? AND number = ANY (?::bigint[]) AND holder <> ''
            RETURNING number
            """;

    /** Leases of one gateway under one token, which can be completed together. */
    private record Alike(String instance, long token) {}

    /** Rows, turned into an array for each column. */
    private static final class Columns {
        private final List<List<@Nullable Object>> columns = new ArrayList<>();

        Columns(int number) {
            for (int i = 0; i < number; i++) {
                columns.add(new ArrayList<>());
            }
        }

        void add(@Nullable Object... row) {
            for (int i = 0; i < row.length; i++) {
                columns.get(i).add(row[i]);
            }
        }

        Array array(Connection connection, int column, String type) throws SQLException {
            List<@Nullable Object> values = columns.get(column);
            return connection.createArrayOf(
                    type,
                    switch (type) {
                        case "bytea" -> values.toArray(new byte[0][]);
                        case "bigint" -> values.toArray(new Long[0]);
                        default -> values.toArray(new String[0]);
                    });
        }
    }

    PostgresTable(Database database, Gateways gateways) {
        super(database, gateways);
    }

    @Override
    boolean isOneStatement(List<Write<?>> group) {
        Alike first = null;
        for (Write<?> write : group) {
            if (write instanceof Write.Complete complete && !hasTurn(complete.id())) {
                Alike alike = new Alike(complete.id().instance(), complete.token());
                if (first != null && !first.equals(alike)) {
                    return false;
                }
                first = alike;
            } else if (!(write instanceof Write.Append append)
                    || append.isInDoubt()
                    || append.entries().stream().anyMatch(entry -> entry.replayOf() > 0)) {
                return false; // what is delivered again is locked first
            }
        }
        return true;
    }

    @Override
    void appendAndComplete(Connection connection, List<Write.Append> appends, List<Write.Complete> completes)
            throws SQLException {
        Map<Alike, List<Write.Complete>> groups = new HashMap<>();
        Alike most = new Alike("", 0);
        for (Write.Complete complete : completes) {
            Alike alike = new Alike(complete.id().instance(), complete.token());
            groups.computeIfAbsent(alike, added -> new ArrayList<>()).add(complete);
            most = alike;
        }
        List<Write.Complete> together = groups.getOrDefault(most, List.of());
        if (appends.isEmpty()) {
            complete(connection, most, together);
        } else {
            List<Write.Entry> entries = new ArrayList<>();
            appends.forEach(append -> entries.addAll(append.entries()));
            long[] positions = write(connection, PLANNED_ONCE, entries, most, together);
            int at = 0;
            for (Write.Append append : appends) {
                long[] own = new long[append.entries().size()];
                System.arraycopy(positions, at, own, 0, own.length);
                at += own.length;
                append.result(own);
            }
        }
        groups.remove(most);
        for (Map.Entry<Alike, List<Write.Complete>> group : groups.entrySet()) {
            complete(connection, group.getKey(), group.getValue());
        }
    }

    @Override
    long[] append(Connection connection, List<Write.Entry> entries) throws SQLException {
        Write.Entry first = entries.get(0);
        if (entries.size() == 1 && first.deliveries().size() == 1 && first.replayOf() == 0) {
            return new long[] {
                appendOne(connection, first.event(), first.deliveries().get(0))
            };
        }
        return write(connection, NO_SETTINGS, entries, new Alike("", 0), List.of());
    }

    /**
     * The usual append in an emitter's own transaction, whose connection plans as it likes: so a statement that is
     * quickly planned.
     */
    private long appendOne(Connection connection, EventRow event, Write.DeliveryRow delivery) throws SQLException {
        Long position = Rows.first(
                connection,
                database().sql(APPEND_ONE),
                rows -> rows.getLong(1),
                event.space(),
                event.eventId(),
                event.source(),
                event.type(),
                event.subject(),
                event.time(),
                event.correlationId(),
                event.contentType(),
                event.extras(),
                event.data(),
                event.keyId(),
                delivery.id().instance(),
                delivery.id().number(),
                delivery.holder(),
                event.space(),
                delivery.subscriptionId(),
                delivery.functionId(),
                delivery.orderKey(),
                delivery.acceptedIn(),
                delivery.notBeforeIn(),
                delivery.expiresIn(),
                delivery.dueIn(),
                delivery.replay());
        return Objects.requireNonNull(position);
    }

    private void complete(Connection connection, Alike alike, List<Write.Complete> completes) throws SQLException {
        if (completes.isEmpty()) {
            return;
        }
        try (PreparedStatement statement =
                connection.prepareStatement(PLANNED_ONCE + database().sql(COMPLETE))) {
            statement.setString(1, alike.instance());
            statement.setLong(2, alike.token());
            statement.setArray(3, numbers(connection, completes));
            Map<Long, Write.Complete> byNumber = byNumber(completes);
            try (ResultSet rows = executeWithSettings(statement)) {
                while (rows.next()) {
                    completed(byNumber, rows.getLong(1));
                }
            }
        }
    }

    /** Executes a statement that has {@link #PLANNED_ONCE} before it, and returns the rows of the statement. */
    private static ResultSet executeWithSettings(PreparedStatement both) throws SQLException {
        both.execute();
        both.getMoreResults(); // the first result is that of the settings
        return both.getResultSet();
    }

    private static Array numbers(Connection connection, List<Write.Complete> completes) throws SQLException {
        Long[] numbers = new Long[completes.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = completes.get(i).id().number();
        }
        return connection.createArrayOf("bigint", numbers);
    }

    private static Map<Long, Write.Complete> byNumber(List<Write.Complete> completes) {
        Map<Long, Write.Complete> byNumber = new HashMap<>();
        for (Write.Complete complete : completes) {
            complete.isDone(false);
            byNumber.put(complete.id().number(), complete);
        }
        return byNumber;
    }

    private static void completed(Map<Long, Write.Complete> byNumber, long number) {
        Write.Complete complete = byNumber.get(number);
        if (complete != null) {
            complete.isDone(true);
        }
    }

    private static boolean isGone(Write.Entry entry, Set<Long> present) {
        return entry.replayOf() > 0 && !present.contains(entry.replayOf());
    }

    private long[] write(
            Connection connection,
            String transactionSettings,
            List<Write.Entry> entries,
            Alike alike,
            List<Write.Complete> completes)
            throws SQLException {
        int events = entries.size();
        Columns event = new Columns(12);
        Columns delivery = new Columns(11);
        Set<Long> present = events().keepReplayed(connection, entries);
        for (int i = 0; i < events; i++) {
            Write.Entry entry = entries.get(i);
            EventRow row = entry.event();
            event.add(
                    row.space(),
                    row.eventId(),
                    row.source(),
                    row.type(),
                    row.subject(),
                    row.time(),
                    row.correlationId(),
                    row.contentType(),
                    row.extras(),
                    row.data(),
                    row.keyId(),
                    entry.replayOf());
            if (isGone(entry, present)) {
                continue;
            }
            for (Write.DeliveryRow each : entry.deliveries()) {
                delivery.add(
                        i + 1L,
                        each.id().instance(),
                        each.id().number(),
                        each.holder(),
                        each.subscriptionId(),
                        each.functionId(),
                        each.orderKey(),
                        each.acceptedIn(),
                        each.notBeforeIn(),
                        each.expiresIn(),
                        each.replay());
            }
        }
        try (PreparedStatement statement =
                connection.prepareStatement(transactionSettings + database().sql(APPEND_AND_COMPLETE))) {
            int parameter = 1;
            for (int i = 0; i < 12; i++) {
                statement.setArray(
                        parameter++, event.array(connection, i, i == 9 ? "bytea" : i == 11 ? "bigint" : "text"));
            }
            for (int i = 0; i < 11; i++) {
                boolean number = i == 0 || i == 2 || (i >= 7 && i <= 9);
                statement.setArray(parameter++, delivery.array(connection, i, number ? "bigint" : "text"));
            }
            statement.setString(parameter++, alike.instance());
            statement.setLong(parameter++, alike.token());
            statement.setArray(parameter, numbers(connection, completes));
            Map<Long, Write.Complete> byNumber = byNumber(completes);
            long[] positions = new long[events];
            boolean isPlain = transactionSettings.isEmpty();
            try (ResultSet rows = isPlain ? statement.executeQuery() : executeWithSettings(statement)) {
                while (rows.next()) {
                    int ord = rows.getInt(1);
                    if (ord > 0) {
                        positions[ord - 1] = isGone(entries.get(ord - 1), present) ? 0 : rows.getLong(2);
                    } else {
                        completed(byNumber, rows.getLong(2));
                    }
                }
            }
            return positions;
        }
    }
}
