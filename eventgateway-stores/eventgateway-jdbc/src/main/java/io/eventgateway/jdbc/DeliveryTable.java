package io.eventgateway.jdbc;

import io.eventgateway.spi.EventStore;
import io.eventgateway.spi.EventStore.DeliveryId;
import io.eventgateway.spi.EventStore.Run;
import io.eventgateway.spi.EventStore.State;
import io.eventgateway.spi.EventStore.TurnAnswer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
    private final Gateways gateways;
    private final Turns turns;
    private final EndedDeliveries ended;
    private final AppendedUnits units;
    private final EventPresence events;
    private final SeenEvents seen;
    /** Deliveries that have a turn which their end gives back, as far as this process gave it. */
    private final Map<DeliveryId, Long> turned = new ConcurrentHashMap<>();

    DeliveryTable(Database database, Gateways gateways) {
        this.database = database;
        this.gateways = gateways;
        this.turns = new Turns(database);
        this.ended = new EndedDeliveries(database);
        this.seen = new SeenEvents(database);
        this.units = new AppendedUnits(database, seen);
        this.events = new EventPresence(database);
    }

    EventPresence events() {
        return events;
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
        List<Write<?>> others = new ArrayList<>(0);
        for (Write<?> write : group) {
            if (write instanceof Write.Append append && !append.isInDoubt()) {
                appends.add(append);
            } else if (write instanceof Write.Complete complete) {
                completes.add(complete);
            } else {
                others.add(write);
            }
        }
        appendAndComplete(connection, seen.fresh(connection, appends), completes);
        giveTurnsBack(connection, completes);
        for (Write<?> write : others) {
            writeOther(connection, write);
        }
        settleDoubts(connection, group);
    }

    /**
     * An outcome whose first try may have been committed finds its delivery gone. While its gateway holds its leases, nobody else can
     * have ended it: it was that try.
     */
    private void settleDoubts(Connection connection, List<Write<?>> group) throws SQLException {
        for (Write<?> write : group) {
            if (write.isInDoubt()
                    && write instanceof Write.Outcome outcome
                    && outcome.isNotYours()
                    && gateways.holds(connection, outcome.holder())) {
                outcome.isDone(true);
            }
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
            if (positions[i] == 0) {
                continue; // it is not there any more
            }
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
        Set<Long> present = events.keepReplayed(connection, entries);
        try (PreparedStatement insert =
                connection.prepareStatement(database.sql(INSERT_EVENT), Statement.RETURN_GENERATED_KEYS)) {
            for (int i = 0; i < positions.length; i++) {
                Write.Entry entry = entries.get(i);
                if (entry.replayOf() > 0) {
                    positions[i] = present.contains(entry.replayOf()) ? entry.replayOf() : 0;
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
            completes.get(i).isDone(changed[i] > 0);
        }
    }

    private void giveTurnsBack(Connection connection, List<Write.Complete> completes) throws SQLException {
        if (turned.isEmpty()) {
            return;
        }
        for (Write.Complete complete : completes) {
            if (!complete.isNotYours() && turned.containsKey(complete.id())) {
                turns.ended(connection, complete.id(), complete.token());
            }
        }
    }

    private void writeOther(Connection connection, Write<?> write) throws SQLException {
        if (write instanceof Write.Append append) {
            writeAgain(connection, append);
        } else if (write instanceof Write.Undo undo) {
            units.undo(connection, undo);
            undo.result(true);
        } else if (write instanceof Write.TakeTurn asked) {
            asked.result(takeTurn(connection, asked));
        } else if (write instanceof Write.Outcome outcome) {
            outcome.isDone(end(connection, outcome));
        }
    }

    private void writeAgain(Connection connection, Write.Append append) throws SQLException {
        long[] known = units.find(connection, append);
        if (known != null) {
            append.result(known);
        } else if (!seen.fresh(connection, List.of(append)).isEmpty()) {
            append.result(append(connection, append.entries()));
        }
    }

    private Run takeTurn(Connection connection, Write.TakeTurn asked) throws SQLException {
        Run run = turns.take(connection, asked);
        if (run.answer() == TurnAnswer.GRANTED) {
            long token = run.owner().equals(asked.turn().id()) ? asked.turn().token() : EventStore.FIRST_TOKEN;
            turned.merge(
                    run.owner(), token, Math::max); // before the commit, since the end may be written by another thread
        }
        return run;
    }

    /** Writes the outcome of an attempt; returns false, and changes nothing, when the delivery is not leased under its token. */
    private boolean end(Connection connection, Write.Outcome outcome) throws SQLException {
        if (outcome instanceof Write.Retry retry) {
            return retry(connection, retry);
        }
        if (outcome instanceof Write.Bury bury) {
            return bury(connection, bury);
        }
        if (outcome instanceof Write.Drop) {
            return drop(connection, outcome);
        }
        if (outcome instanceof Write.ReturnPlace) {
            turns.attemptEnded(connection, outcome.id(), outcome.token());
            return turns.isLeased(connection, outcome.id(), outcome.token());
        }
        boolean released = change(connection, RELEASE, outcome);
        if (released && turned.containsKey(outcome.id())) {
            turns.attemptEnded(connection, outcome.id(), outcome.token());
        }
        return released;
    }

    private boolean drop(Connection connection, Write.Outcome drop) throws SQLException {
        if (!change(connection, COMPLETE, drop)) {
            return false;
        }
        ended.note(connection, drop.id(), State.DROPPED);
        turns.ended(connection, drop.id(), drop.token());
        return true;
    }

    private boolean change(Connection connection, String sql, Write.Outcome step) throws SQLException {
        return Rows.update(
                        connection,
                        database.sql(sql),
                        step.id().instance(),
                        step.id().number(),
                        step.token())
                > 0;
    }

    /** The attempts of a delivery that has the token: one element, null for none; empty when it has not. */
    private List<String> attempts(Connection connection, Write.Outcome step) throws SQLException {
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
        String before = orNull(known.get(0));
        boolean retried = Rows.update(
                        connection,
                        database.sql(RETRY),
                        retry.isInDoubt() && Attempts.has(before, retry.attempt())
                                ? before
                                : Attempts.with(before, retry.attempt()),
                        Settings.micros(retry.dueAt()) - database.settings().nowMicros(),
                        retry.id().instance(),
                        retry.id().number(),
                        retry.token())
                > 0;
        if (retried && turned.containsKey(retry.id())) {
            turns.attemptEnded(connection, retry.id(), retry.token());
        }
        return retried;
    }

    private boolean bury(Connection connection, Write.Bury bury) throws SQLException {
        List<String> known = attempts(connection, bury);
        if (known.isEmpty()) {
            return false;
        }
        if (!events.keepOf(connection, bury.id())) {
            if (change(connection, COMPLETE, bury)) {
                turns.ended(connection, bury.id(), bury.token());
                events.dropped(bury.id());
            }
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
            turns.hold(connection, bury.id(), bury.token());
        } else {
            turns.ended(connection, bury.id(), bury.token());
        }
        return true;
    }

    Turns turns() {
        return turns;
    }

    EndedDeliveries ended() {
        return ended;
    }

    boolean hasTurn(DeliveryId id) {
        return !turned.isEmpty() && turned.containsKey(id);
    }

    /** An end has been committed, or refused: what the delivery has under a later token, it keeps. */
    void forgetTurn(DeliveryId id, long token) {
        turned.computeIfPresent(id, (known, latest) -> latest <= token ? null : latest);
    }
}
