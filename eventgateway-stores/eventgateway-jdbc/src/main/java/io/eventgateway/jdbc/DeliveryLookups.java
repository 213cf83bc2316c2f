package io.eventgateway.jdbc;

import io.eventgateway.Event;
import io.eventgateway.error.UnreadableEventException;
import io.eventgateway.spi.EventStore.DeliveryId;
import io.eventgateway.spi.EventStore.Pending;
import io.eventgateway.spi.EventStore.Query;
import io.eventgateway.spi.EventStore.State;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Looks deliveries up in the tables, without a lease: where they are, and which are pending. */
final class DeliveryLookups {
    private static final String READ = "SELECT " + Claiming.Found.COLUMNS + " FROM {delivery} d WHERE d.space = ?";
    private static final String AFTER = " AND (d.instance > ? OR (d.instance = ? AND d.number > ?))";
    private static final String READ_ORDER = " ORDER BY d.instance, d.number LIMIT ?";
    private static final String PENDING = "SELECT number FROM {delivery} WHERE instance = ? AND number IN (%s)";
    private static final String DEAD = "SELECT number FROM {dead_letter} WHERE instance = ? AND number IN (%s)";
    private static final String RECORDED = "SELECT position FROM {event} WHERE position IN (%s)";

    private final Database database;
    private final Settings settings;
    private final Claiming claiming;
    private final EndedDeliveries ended;

    DeliveryLookups(Database database, Claiming claiming, EndedDeliveries ended) {
        this.ended = ended;
        this.database = database;
        this.settings = database.settings();
        this.claiming = claiming;
    }

    /** Tells where deliveries are, by the positions of their events. */
    Map<DeliveryId, State> states(Map<DeliveryId, Long> positions) {
        return database.run("the store could not be asked where deliveries are", connection -> {
            Map<DeliveryId, State> states = new HashMap<>();
            // in this order: what is committed in between is unknown yet, and not already ended
            Set<Long> recorded = new HashSet<>();
            Rows.inBatches(
                    List.copyOf(new HashSet<>(positions.values())),
                    (marks, some) -> recorded.addAll(Rows.query(
                            connection, database.sql(RECORDED).formatted(marks), rows -> rows.getLong(1), some)));
            Set<DeliveryId> ids = new HashSet<>();
            positions.forEach((id, position) -> {
                if (recorded.contains(position)) {
                    ids.add(id);
                }
                states.put(id, recorded.contains(position) ? State.DELIVERED : State.UNKNOWN);
            });
            Set<DeliveryId> pending = known(connection, PENDING, ids);
            pending.forEach(id -> states.put(id, State.PENDING));
            ids.removeAll(pending);
            Set<DeliveryId> dead = known(connection, DEAD, ids);
            dead.forEach(id -> states.put(id, State.DEAD_LETTER));
            ids.removeAll(dead);
            // a dead letter may have been redriven in between
            Set<DeliveryId> redriven = known(connection, PENDING, ids);
            redriven.forEach(id -> states.put(id, State.PENDING));
            ids.removeAll(redriven);
            states.putAll(ended.states(connection, ids));
            return states;
        });
    }

    /** Finds the ids that a table has, among some. */
    private Set<DeliveryId> known(Connection connection, String sql, Set<DeliveryId> ids) throws SQLException {
        Set<DeliveryId> known = new HashSet<>();
        Rows.ofDeliveries(
                ids,
                (instance, marks, parameters) -> known.addAll(Rows.query(
                        connection,
                        database.sql(sql).formatted(marks),
                        rows -> new DeliveryId(instance, rows.getLong(1)),
                        parameters)));
        return known;
    }

    /** Reads a page of the pending deliveries. */
    List<Pending> pending(Query query) {
        DeliveryId after = query.after();
        return database.run("the pending deliveries could not be read", connection -> {
            List<Claiming.Found> found = after == null
                    ? Rows.query(
                            connection,
                            database.sql(READ + READ_ORDER),
                            Claiming.Found::read,
                            query.space(),
                            query.atMost())
                    : Rows.query(
                            connection,
                            database.sql(READ + AFTER + READ_ORDER),
                            Claiming.Found::read,
                            query.space(),
                            after.instance(),
                            after.instance(),
                            after.number(),
                            query.atMost());
            Map<Long, EventRow> events = claiming.events(connection, found);
            long now = settings.nowMicros();
            List<Pending> pending = new ArrayList<>(found.size());
            for (Claiming.Found each : found) {
                EventRow event = events.get(each.position());
                if (event != null) { // else it was erased a moment ago
                    pending.add(new Pending(
                            each.delivery(readable(event, each.replay()), now), Attempts.read(each.attempts())));
                }
            }
            return pending;
        });
    }

    /** The event, without its data if that can't be read. */
    private Event readable(EventRow row, @Nullable String replay) {
        try {
            return row.event(settings, replay);
        } catch (UnreadableEventException e) {
            return row.withoutData(replay);
        }
    }
}
