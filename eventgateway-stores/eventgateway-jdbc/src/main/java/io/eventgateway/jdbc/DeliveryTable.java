package io.eventgateway.jdbc;

import io.eventgateway.spi.EventStore.DeliveryId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Writes groups of changes to events and deliveries: in whatever database, with batches of plain statements. */
class DeliveryTable {
    private static final String INSERT_EVENT =
            "INSERT INTO {event} (recorded_at, space, event_id, source, type, subject, event_time, correlation_id,"
                    + " content_type, extras, data, key_id) VALUES ({now}, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    private static final String INSERT_DELIVERY =
            "INSERT INTO {delivery} (instance, number, token, holder, event_position, space, subscription_id, function_id,"
                    + " order_key, accepted_at, not_before, expires_at, due_at, replay)"
                    + " VALUES (?, ?, 1, ?, ?, ?, ?, ?, ?, {now} + ?, {now} + ?, {now} + ?, {now} + ?, ?)";
    private static final String COMPLETE =
            "DELETE FROM {delivery} WHERE instance = ? AND number = ? AND token = ? AND holder <> ''";
    private static final String UNDO_EVENT =
            "DELETE FROM {event} WHERE position IN (SELECT event_position FROM {delivery} WHERE instance = ? AND number = ?)";
    private static final String ATTEMPTS =
            "SELECT attempts FROM {delivery} WHERE instance = ? AND number = ? AND token = ?";
    private static final String RETRY = "UPDATE {delivery} SET attempts = ?, due_at = {now} + ?"
            + " WHERE instance = ? AND number = ? AND token = ? AND holder <> ''";
    private static final String RELEASE = "UPDATE {delivery} SET holder = '',"
            + " due_at = CASE WHEN due_at < {now} THEN {now} ELSE due_at END"
            + " WHERE instance = ? AND number = ? AND token = ? AND holder <> ''";
    private static final String BURY = "INSERT INTO {dead_letter} (instance, number, token, event_position, space,"
            + " subscription_id, function_id, event_type, order_key, reason, message, attempts, replay, given_up_at)"
            + " SELECT d.instance, d.number, d.token, d.event_position, d.space, d.subscription_id, d.function_id,"
            + " e.type, d.order_key, ?, ?, ?, d.replay, {now}"
            + " FROM {delivery} d JOIN {event} e ON e.position = d.event_position"
            + " WHERE d.instance = ? AND d.number = ? AND d.token = ? AND d.holder <> ''";

    private final Database database;
    private final Turns turns;
    private final SeenEvents seen;
    /** Deliveries that have a turn which their end gives back, as far as this process gave it. */
    private final Set<DeliveryId> turned = ConcurrentHashMap.newKeySet();

    DeliveryTable(Database database) {
        this.database = database;
        this.turns = new Turns(database);
        this.seen = new SeenEvents(database);
    }

    Database database() {
        return database;
    }

    /** Returns whether the group is written by one statement. */
    boolean isOneStatement(List<Write<?>> group) {
        return false;
    }

    /** Writes a group in the open transaction, and gives each its result. */
    final void write(Connection connection, List<Write<?>> group) throws SQLException {
        List<Write.Append> appends = new ArrayList<>();
        List<Write.Complete> completes = new ArrayList<>();
        List<Write.Step> others = new ArrayList<>(0);
        for (Write<?> write : group) {
            if (write instanceof Write.Append append) {
                appends.add(append);
            } else if (write instanceof Write.Complete complete) {
                completes.add(complete);
            } else {
                others.add((Write.Step) write);
            }
        }
        appendAndComplete(connection, seen.fresh(connection, appends), completes);
        giveTurnsBack(connection, completes);
        for (Write.Step step : others) {
            step.result(take(connection, step));
        }
    }

    /** The two steps of most deliveries. */
    void appendAndComplete(Connection connection, List<Write.Append> appends, List<Write.Complete> completes)
            throws SQLException {
        for (Write.Append append : appends) {
            append.result(append(connection, append.entries()));
        }
        complete(connection, completes);
    }

    /** Appends events with their deliveries, in whichever transaction that is. */
    long[] append(Connection connection, List<Write.Entry> entries) throws SQLException {
        long[] positions = insertEvents(connection, entries);
        List<@Nullable Object[]> deliveries = new ArrayList<>();
        for (int i = 0; i < positions.length; i++) {
            Write.Entry entry = entries.get(i);
            for (Write.DeliveryRow row : entry.deliveries()) {
                deliveries.add(new @Nullable Object[] {
                    row.id().instance(),
                    row.id().number(),
                    row.holder(),
                    positions[i],
                    entry.event().space(),
                    row.subscriptionId(),
                    row.functionId(),
                    row.orderKey(),
                    row.acceptedIn(),
                    row.notBeforeIn(),
                    row.expiresIn(),
                    row.dueIn(),
                    row.replay()
                });
            }
        }
        Rows.updateAll(connection, database.sql(INSERT_DELIVERY), deliveries);
        return positions;
    }

    private long[] insertEvents(Connection connection, List<Write.Entry> entries) throws SQLException {
        long[] positions = new long[entries.size()];
        List<Integer> inserted = new ArrayList<>();
        try (PreparedStatement insert =
                connection.prepareStatement(database.sql(INSERT_EVENT), Statement.RETURN_GENERATED_KEYS)) {
            for (int i = 0; i < positions.length; i++) {
                Write.Entry entry = entries.get(i);
                if (entry.replayOf() > 0) {
                    positions[i] = entry.replayOf();
                    continue;
                }
                EventRow event = entry.event();
                Rows.set(
                        insert,
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
                        event.keyId());
                insert.addBatch();
                inserted.add(i);
            }
            if (!inserted.isEmpty()) {
                insert.executeBatch();
                try (ResultSet keys = insert.getGeneratedKeys()) {
                    for (int index : inserted) {
                        keys.next();
                        positions[index] = keys.getLong(1);
                    }
                }
            }
        }
        return positions;
    }

    void complete(Connection connection, List<Write.Complete> completes) throws SQLException {
        List<@Nullable Object[]> parameters = new ArrayList<>(completes.size());
        for (Write.Complete complete : completes) {
            parameters.add(new @Nullable Object[] {
                complete.id().instance(), complete.id().number(), complete.token()
            });
        }
        int[] changed = Rows.updateAll(connection, database.sql(COMPLETE), parameters);
        for (int i = 0; i < changed.length; i++) {
            completes.get(i).result(changed[i] > 0);
        }
    }

    private void giveTurnsBack(Connection connection, List<Write.Complete> completes) throws SQLException {
        if (turned.isEmpty()) {
            return;
        }
        for (Write.Complete complete : completes) {
            if (turned.contains(complete.id())) {
                turns.ended(connection, complete.id());
            }
        }
    }

    private boolean take(Connection connection, Write.Step step) throws SQLException {
        if (step instanceof Write.TakeTurn asked) {
            turned.add(step.id()); // first, since the end may be written by another thread
            boolean leased = turns.isLeased(connection, asked.turn());
            asked.granted(leased && turns.take(connection, asked.turn()));
            return leased;
        }
        if (step instanceof Write.Retry retry) {
            return retry(connection, retry);
        }
        if (step instanceof Write.Bury bury) {
            return bury(connection, bury);
        }
        if (step instanceof Write.Release) {
            boolean released = change(connection, RELEASE, step);
            if (released && turned.contains(step.id())) {
                turns.attemptEnded(connection, step.id());
            }
            return released;
        }
        return undo(connection, step);
    }

    private boolean change(Connection connection, String sql, Write.Step step) throws SQLException {
        return Rows.update(
                        connection,
                        database.sql(sql),
                        step.id().instance(),
                        step.id().number(),
                        step.token())
                > 0;
    }

    /** The attempts of a delivery that has the token: one element, null for none; empty when it has not. */
    private List<String> attempts(Connection connection, Write.Step step) throws SQLException {
        return Rows.query(
                connection,
                database.sql(ATTEMPTS),
                rows -> rows.getString(1) == null ? "" : rows.getString(1),
                step.id().instance(),
                step.id().number(),
                step.token());
    }

    private static @Nullable String orNull(String text) {
        return text.isEmpty() ? null : text;
    }

    private boolean retry(Connection connection, Write.Retry retry) throws SQLException {
        List<String> known = attempts(connection, retry);
        if (known.isEmpty()) {
            return false;
        }
        if (turned.contains(retry.id())) {
            turns.attemptEnded(connection, retry.id());
        }
        return Rows.update(
                        connection,
                        database.sql(RETRY),
                        Attempts.with(orNull(known.get(0)), retry.attempt()),
                        Settings.micros(retry.dueAt()) - database.settings().nowMicros(),
                        retry.id().instance(),
                        retry.id().number(),
                        retry.token())
                > 0;
    }

    private boolean bury(Connection connection, Write.Bury bury) throws SQLException {
        List<String> known = attempts(connection, bury);
        if (known.isEmpty()) {
            return false;
        }
        String attempts = Attempts.with(orNull(known.get(0)), bury.attempt());
        int buried = Rows.update(
                connection,
                database.sql(BURY),
                bury.reason().name(),
                Attempts.storable(bury.message()),
                attempts == null ? "[]" : attempts,
                bury.id().instance(),
                bury.id().number(),
                bury.token());
        if (buried == 0 || !change(connection, COMPLETE, bury)) {
            return false;
        }
        if (bury.holdsKey()) {
            turns.hold(connection, bury.id());
        } else {
            turns.ended(connection, bury.id());
        }
        return true;
    }

    private boolean undo(Connection connection, Write.Step step) throws SQLException {
        Rows.update(
                connection,
                database.sql(UNDO_EVENT),
                step.id().instance(),
                step.id().number());
        boolean undone = change(connection, COMPLETE.replace(" AND holder <> ''", ""), step);
        if (undone && step instanceof Write.Undo undo && undo.seen() != null) {
            seen.forget(connection, List.of(undo.seen()));
        }
        return undone;
    }

    Turns turns() {
        return turns;
    }

    /** Returns whether the end of a delivery of this process may have to give a turn back. */
    final boolean hasTurns() {
        return !turned.isEmpty();
    }

    boolean hasTurn(DeliveryId id) {
        return !turned.isEmpty() && turned.contains(id);
    }

    /** Its end has been committed. */
    void forgetTurn(DeliveryId id) {
        turned.remove(id);
    }
}
