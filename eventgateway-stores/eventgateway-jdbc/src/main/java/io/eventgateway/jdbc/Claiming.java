package io.eventgateway.jdbc;

import io.eventgateway.Event;
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
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leases free deliveries to whoever can call their functions, the same number of each function while there are more than there is
 * room for, and skips rows that another gateway is about to lease.
 */
final class Claiming {
    private static final Logger log = LoggerFactory.getLogger(Claiming.class);

    static final String FREE = "SELECT " + Found.COLUMNS + " FROM {delivery} d"
            + " WHERE d.holder = '' AND d.space = ? AND d.function_id = ? AND d.due_at < {now_bound} + ?"
            + " ORDER BY d.due_at LIMIT ? FOR UPDATE SKIP LOCKED";
    private static final String LEASE =
            "UPDATE {delivery} SET holder = ?, token = token + 1, held_since = NULL WHERE instance = ? AND number = ?";
    private static final String FREE_AGAIN =
            "UPDATE {delivery} SET holder = '' WHERE instance = ? AND number = ? AND token = ? AND holder = ?";
    private static final String HOLD = "UPDATE {delivery} SET due_at = {now} + " + TimeUnit.MINUTES.toMicros(1)
            + ", held_since = COALESCE(held_since, {now}) WHERE instance = ? AND number = ?";
    private static final String DROP = "DELETE FROM {delivery} WHERE instance = ? AND number = ?";
    private static final String DROP_TURN = "DELETE FROM {turn} WHERE instance = ? AND number = ?";
    /** So often a claim looks behind deliveries that it has to hold, before it says that there is nothing. */
    private static final int LOOKS_BEHIND_HELD = 10;
    /** So many functions share the room of one claim; the next claim begins with the others. */
    private static final int FUNCTIONS_AT_ONCE = 50;

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

    /** Deliveries that were found free, and what is to be done with each. */
    private record Sorted(List<Lease> leases, List<Found> held, List<Found> gone) {
        void clear() {
            leases.clear();
            held.clear();
            gone.clear();
        }
    }

    /** A lease that was written in a transaction of which nobody knows whether it was committed, and that nobody delivers under. */
    private record Doubtful(DeliveryId id, long token, String holder) {}

    private final Database database;
    private final Gateways gateways;
    private final RegistrationRevision revision;
    private final EventPresence presence;
    private final FreeFunctions functions;
    /** What the next claim makes free again. */
    private final Queue<Doubtful> doubtful = new ConcurrentLinkedQueue<>();

    Claiming(Database database, Gateways gateways, RegistrationRevision revision, EventPresence presence) {
        this.database = database;
        this.gateways = gateways;
        this.revision = revision;
        this.presence = presence;
        this.functions = new FreeFunctions(database);
    }

    List<Lease> claim(Claim claim) {
        if (!gateways.isKnown(claim.holder()) && !gateways.renew(claim.holder(), claim.lease())) {
            return List.of();
        }
        Sorted claimed = claimOnce(claim);
        for (int i = 0;
                i < LOOKS_BEHIND_HELD
                        && claimed.leases().isEmpty()
                        && !claimed.held().isEmpty();
                i++) {
            claimed = claimOnce(claim); // what can be read may be behind what can't
        }
        return claimed.leases();
    }

    private Sorted claimOnce(Claim claim) {
        Sorted claimed = new Sorted(new ArrayList<>(), new ArrayList<>(0), new ArrayList<>(0));
        List<Doubtful> freed = List.copyOf(doubtful);
        try {
            database.change("deliveries could not be claimed", connection -> {
                claimed.clear();
                freeAgain(connection, freed);
                gateways.freeThoseOfTheGone(connection, claim.holder());
                revision.lookWhileClaiming(connection);
                if (gateways.holds(connection, claim.holder())) { // else what it claimed would be others' at once
                    take(connection, claim, claimed);
                }
            });
        } catch (RuntimeException e) { // the answer to a commit may be lost, and the leases are written then
            claimed.leases()
                    .forEach(lease -> doubtful.add(new Doubtful(lease.delivery().id(), lease.token(), claim.holder())));
            throw e;
        }
        doubtful.removeAll(freed);
        claimed.gone().forEach(each -> presence.dropped(each.id()));
        if (!claimed.held().isEmpty()) {
            log.warn(
                    "{} deliveries are held, because their events can't be read; the first is {}. They are looked at"
                            + " again in a minute",
                    claimed.held().size(),
                    claimed.held().get(0).id());
        }
        return claimed;
    }

    /** Makes free what an earlier claim has leased, perhaps, without anybody knowing; by its holder, since another may have it now. */
    private void freeAgain(Connection connection, List<Doubtful> leased) throws SQLException {
        List<@Nullable Object[]> updates = new ArrayList<>(leased.size());
        for (Doubtful each : leased) {
            updates.add(new @Nullable Object[] {each.id().instance(), each.id().number(), each.token(), each.holder()});
        }
        Rows.updateAll(connection, database.sql(FREE_AGAIN), updates);
    }

    /** Leases free deliveries: first each function's share of the room, then what is left of it to those that have more. */
    private void take(Connection connection, Claim claim, Sorted claimed) throws SQLException {
        int taken = 0;
        List<FreeFunctions.Place> sharing = functions.next(connection, claim.callable(), FUNCTIONS_AT_ONCE);
        while (!sharing.isEmpty() && taken < claim.atMost()) {
            List<FreeFunctions.Place> haveMore = new ArrayList<>();
            for (int i = 0; i < sharing.size() && taken < claim.atMost(); i++) {
                int functionsLeft = sharing.size() - i;
                int share = (claim.atMost() - taken + functionsLeft - 1) / functionsLeft;
                List<Found> found = find(connection, claim, sharing.get(i), share);
                lease(connection, claim.holder(), found, claimed);
                taken += found.size();
                if (found.size() == share) {
                    haveMore.add(sharing.get(i));
                }
            }
            sharing = haveMore;
        }
    }

    private List<Found> find(Connection connection, Claim claim, FreeFunctions.Place function, int atMost)
            throws SQLException {
        return Rows.query(
                connection,
                database.sql(FREE),
                Found::read,
                function.space(),
                function.function(),
                TimeUnit.NANOSECONDS.toMicros(claim.dueWithin().toNanos()),
                atMost);
    }

    /**
     * Leases what can be delivered. A delivery whose event can't be read is held: it stays free, and is looked at again in a while, by
     * whoever has the key then. One whose event is gone ends.
     */
    private void lease(Connection connection, String holder, List<Found> found, Sorted sorted) throws SQLException {
        if (found.isEmpty()) {
            return;
        }
        List<Found> held = new ArrayList<>(0);
        List<Found> gone = new ArrayList<>(0);
        Map<Long, EventRow> events = events(connection, found);
        long now = database.settings().nowMicros();
        List<@Nullable Object[]> leased = new ArrayList<>(found.size());
        for (Found each : found) {
            EventRow event = events.get(each.position());
            if (event == null) {
                gone.add(each);
                continue;
            }
            try {
                sorted.leases().add(each.lease(event.event(database.settings(), each.replay()), each.token() + 1, now));
                leased.add(new @Nullable Object[] {
                    holder, each.id().instance(), each.id().number()
                });
            } catch (RuntimeException e) { // a delivery that can't be read must not keep the others
                log.debug("Delivery {} is held", each.id(), e);
                held.add(each);
            }
        }
        Rows.updateAll(connection, database.sql(LEASE), leased);
        Rows.updateAll(connection, database.sql(HOLD), ids(held));
        Rows.updateAll(connection, database.sql(DROP_TURN), ids(gone));
        Rows.updateAll(connection, database.sql(DROP), ids(gone));
        sorted.held().addAll(held);
        sorted.gone().addAll(gone);
    }

    private static List<@Nullable Object[]> ids(List<Found> deliveries) {
        List<@Nullable Object[]> ids = new ArrayList<>(deliveries.size());
        for (Found each : deliveries) {
            ids.add(new @Nullable Object[] {each.id().instance(), each.id().number()});
        }
        return ids;
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
}
