package io.eventgateway.jdbc;

import io.eventgateway.Event;
import io.eventgateway.delivery.DeadLetter;
import io.eventgateway.error.UnreadableEventException;
import io.eventgateway.spi.EventStore.Claim;
import io.eventgateway.spi.EventStore.Delivery;
import io.eventgateway.spi.EventStore.DeliveryId;
import io.eventgateway.spi.EventStore.Lease;
import io.eventgateway.spi.EventStore.Terms;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leases free deliveries to whoever can call their functions.
 *
 * <p>It goes from function to function by the index, so that its cost depends on how many functions have free deliveries and not
 * on how many deliveries there are, and skips rows that another gateway is about to lease.
 */
final class Claiming {
    private static final Logger log = LoggerFactory.getLogger(Claiming.class);

    private static final String NEXT_FUNCTION = "SELECT function_id FROM {delivery}"
            + " WHERE holder = '' AND space = ? AND function_id > ? ORDER BY function_id LIMIT 1";
    private static final String NEXT_SPACE =
            "SELECT space FROM {delivery} WHERE holder = '' AND space > ? ORDER BY space LIMIT 1";
    private static final String FREE = "SELECT " + Found.COLUMNS + " FROM {delivery} d"
            + " WHERE d.holder = '' AND d.space = ? AND d.function_id = ? AND d.due_at < {now} + ?"
            + " ORDER BY d.due_at LIMIT ? FOR UPDATE SKIP LOCKED";
    private static final String LEASE =
            "UPDATE {delivery} SET holder = ?, token = token + 1 WHERE instance = ? AND number = ?";
    private static final String EVENTS =
            "SELECT e.position, " + EventRow.COLUMNS + " FROM {event} e WHERE e.position IN (%s)";

    /** A delivery's row. Times are as far from now as the database says. */
    record Found(
            DeliveryId id,
            long token,
            long position,
            String space,
            String subscriptionId,
            String functionId,
            @Nullable String orderKey,
            long acceptedIn,
            @Nullable Long notBeforeIn,
            @Nullable Long expiresIn,
            long dueIn,
            @Nullable String attempts,
            @Nullable String replay) {
        static final String COLUMNS = "d.instance, d.number, d.token, d.event_position, d.space, d.subscription_id,"
                + " d.function_id, d.order_key, d.accepted_at - {now}, d.not_before - {now}, d.expires_at - {now},"
                + " d.due_at - {now}, d.attempts, d.replay";

        static Found read(ResultSet rows) throws SQLException {
            return new Found(
                    new DeliveryId(rows.getString(1), rows.getLong(2)),
                    rows.getLong(3),
                    rows.getLong(4),
                    rows.getString(5),
                    rows.getString(6),
                    rows.getString(7),
                    rows.getString(8),
                    rows.getLong(9),
                    Rows.longOrNull(rows, 10),
                    Rows.longOrNull(rows, 11),
                    rows.getLong(12),
                    rows.getString(13),
                    rows.getString(14));
        }

        Delivery delivery(Event event, long now) {
            return new Delivery(
                    id,
                    space,
                    event,
                    new Terms(
                            Settings.instant(now + acceptedIn),
                            notBeforeIn == null ? null : Settings.instant(now + notBeforeIn),
                            expiresIn == null ? null : Settings.instant(now + expiresIn)),
                    subscriptionId,
                    functionId,
                    orderKey);
        }

        Lease lease(Event event, long leaseToken, long now) {
            return new Lease(
                    delivery(event, now),
                    position,
                    leaseToken,
                    Attempts.read(attempts),
                    attempts == null && notBeforeIn == null ? null : Settings.instant(now + dueIn));
        }
    }

    /** A delivery whose event can't be read. */
    private record Unreadable(Found found, String why) {}

    private final Database database;
    private final Gateways gateways;
    private final Consumer<Write.Outcome> write;

    /** Claims deliveries; the outcome of deliveries that can't be read is to be written. */
    Claiming(Database database, Gateways gateways, Consumer<Write.Outcome> write) {
        this.database = database;
        this.gateways = gateways;
        this.write = write;
    }

    List<Lease> claim(Claim claim) {
        if (!gateways.isKnown(claim.holder()) && !gateways.renew(claim.holder(), claim.lease())) {
            return List.of();
        }
        List<Unreadable> unreadable = new ArrayList<>();
        List<Lease> leases = database.run("deliveries could not be claimed", connection -> {
            unreadable.clear();
            gateways.freeThoseOfTheGone(connection, claim.holder());
            if (!gateways.holds(connection, claim.holder())) {
                return List.of(); // what it claimed would be others' at once
            }
            List<Found> found = find(connection, claim);
            return lease(connection, claim.holder(), found, unreadable);
        });
        unreadable.forEach(each -> bury(claim.holder(), each));
        return leases;
    }

    private List<Found> find(Connection connection, Claim claim) throws SQLException {
        List<Found> found = new ArrayList<>();
        String space = next(connection, NEXT_SPACE, "");
        while (space != null && found.size() < claim.atMost()) {
            String function = next(connection, NEXT_FUNCTION, space, "");
            while (function != null && found.size() < claim.atMost()) {
                if (claim.callable().test(space, function)) {
                    found.addAll(Rows.query(
                            connection,
                            database.sql(FREE),
                            Found::read,
                            space,
                            function,
                            TimeUnit.NANOSECONDS.toMicros(claim.dueWithin().toNanos()),
                            claim.atMost() - found.size()));
                }
                function = next(connection, NEXT_FUNCTION, space, function);
            }
            space = next(connection, NEXT_SPACE, space);
        }
        return found;
    }

    private @Nullable String next(Connection connection, String sql, @Nullable Object... after) throws SQLException {
        return Rows.first(connection, database.sql(sql), rows -> rows.getString(1), after);
    }

    private List<Lease> lease(Connection connection, String holder, List<Found> found, List<Unreadable> unreadable)
            throws SQLException {
        if (found.isEmpty()) {
            return List.of();
        }
        List<@Nullable Object[]> updates = new ArrayList<>(found.size());
        for (Found each : found) {
            updates.add(new @Nullable Object[] {
                holder, each.id().instance(), each.id().number()
            });
        }
        Rows.updateAll(connection, database.sql(LEASE), updates);
        Map<Long, EventRow> events = events(connection, found);
        long now = database.settings().nowMicros();
        List<Lease> leases = new ArrayList<>(found.size());
        for (Found each : found) {
            try {
                leases.add(each.lease(event(each, events), each.token() + 1, now));
            } catch (RuntimeException e) { // a delivery that can't be read must not keep the others
                unreadable.add(new Unreadable(each, String.valueOf(e.getMessage())));
            }
        }
        return leases;
    }

    /** The events of deliveries, by position. */
    Map<Long, EventRow> events(Connection connection, List<Found> found) throws SQLException {
        Set<Long> positions = new HashSet<>();
        found.forEach(each -> positions.add(each.position()));
        Map<Long, EventRow> events = new HashMap<>();
        Rows.inBatches(
                List.copyOf(positions),
                (marks, some) -> Rows.query(
                        connection,
                        database.sql(EVENTS).formatted(marks),
                        rows -> {
                            EventRow event = EventRow.read(rows, 2);
                            events.put(rows.getLong(1), event);
                            return event;
                        },
                        some));
        return events;
    }

    Event event(Found found, Map<Long, EventRow> events) {
        EventRow row = events.get(found.position());
        if (row == null) {
            throw new UnreadableEventException("the event at position " + found.position()
                    + " can't be read from the store: it is not there any more");
        }
        return row.event(database.settings(), found.replay());
    }

    private void bury(String holder, Unreadable each) {
        log.error("Delivery {} is a dead letter: {}", each.found().id(), each.why());
        write.accept(new Write.Bury(
                holder,
                each.found().id(),
                each.found().token() + 1,
                DeadLetter.Reason.NOT_RETRYABLE,
                each.why(),
                null,
                false));
    }
}
