package io.eventgateway.jdbc;

import io.eventgateway.Event;
import io.eventgateway.delivery.DeadLetter;
import io.eventgateway.delivery.DeadLetterQuery;
import io.eventgateway.error.DeadLetterNotFoundException;
import io.eventgateway.error.StoreFailedException;
import io.eventgateway.error.UnreadableEventException;
import io.eventgateway.spi.EventStore;
import io.eventgateway.spi.EventStore.DeliveryId;
import io.eventgateway.spi.EventStore.Lease;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The deliveries that were given up. */
final class DeadLetterTable {
    private static final Logger log = LoggerFactory.getLogger(DeadLetterTable.class);

    private static final String SELECT = "SELECT l.instance, l.number, l.token, l.event_position, l.subscription_id,"
            + " l.function_id, l.order_key, l.reason, l.message, l.attempts, l.replay, l.given_up_at, "
            + EventRow.COLUMNS + " FROM {dead_letter} l JOIN {event} e ON e.position = l.event_position"
            + " WHERE l.space = ?";
    private static final String SEQUENCE =
            "SELECT sequence FROM {dead_letter} WHERE space = ? AND instance = ? AND number = ?";
    private static final String ONE = " AND l.instance = ? AND l.number = ?";
    private static final String COUNT = "SELECT COUNT(*) FROM {dead_letter} WHERE space = ?";
    private static final String DELETE = "DELETE FROM {dead_letter} WHERE space = ? AND instance = ? AND number = ?";
    private static final String REDRIVE =
            "INSERT INTO {delivery} (instance, number, token, holder, event_position, space,"
                    + " subscription_id, function_id, order_key, accepted_at, due_at, attempts, replay)"
                    + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, {now}, {now}, ?, ?)";
    private static final String LEASED =
            "SELECT 1 FROM {delivery} WHERE instance = ? AND number = ? AND token = ? AND holder = ?";
    private static final String BOUND = "SELECT sequence FROM {dead_letter} ORDER BY sequence DESC LIMIT 1 OFFSET ?";
    private static final String OLDEST =
            "SELECT instance, number, space FROM {dead_letter} WHERE sequence <= ?" + " ORDER BY sequence LIMIT ?";

    private record Row(
            DeliveryId id,
            long token,
            long position,
            String subscriptionId,
            String functionId,
            @Nullable String orderKey,
            DeadLetter.Reason reason,
            String message,
            @Nullable String attempts,
            @Nullable String replay,
            long at,
            EventRow event) {
        static Row read(ResultSet rows) throws SQLException {
            return new Row(
                    new DeliveryId(rows.getString(1), rows.getLong(2)),
                    rows.getLong(3),
                    rows.getLong(4),
                    rows.getString(5),
                    rows.getString(6),
                    rows.getString(7),
                    DeadLetter.Reason.valueOf(rows.getString(8)),
                    rows.getString(9),
                    rows.getString(10),
                    rows.getString(11),
                    rows.getLong(12),
                    EventRow.read(rows, 13));
        }
    }

    private record Old(String space, DeliveryId id) {}

    private final Database database;
    private final Turns turns;
    private final EndedDeliveries ended;
    private final EventPresence events;
    private final Consumer<Write.Outcome> write;

    /** Creates the table; what becomes of a delivery whose lease nobody knows of is to be written. */
    DeadLetterTable(DeliveryTable deliveries, Consumer<Write.Outcome> write) {
        this.database = deliveries.database();
        this.turns = deliveries.turns();
        this.ended = deliveries.ended();
        this.events = deliveries.events();
        this.write = write;
    }

    List<DeadLetter> list(String space, DeadLetterQuery query) {
        return database.run("the dead letters could not be read", connection -> {
            StringBuilder sql = new StringBuilder(SELECT);
            List<@Nullable Object> parameters = new ArrayList<>(List.of(space));
            where(sql, parameters, "e.type = ?", query.eventType());
            where(sql, parameters, "l.subscription_id = ?", query.subscriptionId());
            where(sql, parameters, "l.function_id = ?", query.functionId());
            where(
                    sql,
                    parameters,
                    "l.reason = ?",
                    query.reason() == null ? null : query.reason().name());
            Instant since = query.since();
            Instant until = query.until();
            where(sql, parameters, "l.given_up_at >= ?", since == null ? null : Settings.micros(since));
            where(sql, parameters, "l.given_up_at < ?", until == null ? null : Settings.micros(until));
            if (query.after() != null) {
                where(sql, parameters, "l.sequence < ?", sequence(connection, space, query.after()));
            }
            sql.append(" ORDER BY l.sequence DESC LIMIT ?");
            parameters.add(query.limit() == null ? Integer.MAX_VALUE : query.limit());
            return Rows.query(connection, database.sql(sql.toString()), Row::read, parameters.toArray()).stream()
                    .map(this::letter)
                    .toList();
        });
    }

    private static void where(
            StringBuilder sql, List<@Nullable Object> parameters, String condition, @Nullable Object value) {
        if (value != null) {
            sql.append(" AND ").append(condition);
            parameters.add(value);
        }
    }

    private long sequence(Connection connection, String space, String after) throws SQLException {
        DeliveryId id = DeliveryId.parse(after);
        Long sequence = id == null
                ? null
                : Rows.first(
                        connection, database.sql(SEQUENCE), rows -> rows.getLong(1), space, id.instance(), id.number());
        if (sequence == null) {
            throw new DeadLetterNotFoundException("the page can't begin after dead letter '" + after
                    + "': it is not there any more; begin with the first page");
        }
        return sequence;
    }

    /** The dead letter; without the event's data when that can't be read, so that it can be looked at and purged. */
    private DeadLetter letter(Row row) {
        try {
            return letter(row, row.event().event(database.settings(), row.replay()), row.message());
        } catch (UnreadableEventException e) {
            return letter(
                    row,
                    row.event().withoutData(row.replay()),
                    row.message() + " (without its data here: " + e.getMessage() + ")");
        }
    }

    private static DeadLetter letter(Row row, Event event, String message) {
        return new DeadLetter(
                row.id().toString(),
                event,
                row.subscriptionId(),
                row.functionId(),
                row.reason(),
                message,
                Attempts.read(row.attempts()),
                Settings.instant(row.at()));
    }

    @Nullable DeadLetter get(String space, DeliveryId id) {
        List<Row> found = database.run("the dead letter could not be read", connection -> one(connection, space, id));
        return found.isEmpty() ? null : letter(found.get(0));
    }

    /** The one, or none. */
    private List<Row> one(Connection connection, String space, DeliveryId id) throws SQLException {
        return Rows.query(connection, database.sql(SELECT + ONE), Row::read, space, id.instance(), id.number());
    }

    long count(String space) {
        return database.run(
                "the dead letters could not be counted",
                connection -> Objects.requireNonNull(
                        Rows.first(connection, database.sql(COUNT), rows -> rows.getLong(1), space)));
    }

    /**
     * Makes a delivery of a dead letter. When the commit's answer is lost, it is tried again: a second try that finds the delivery
     * leased to the holder under the next token was made before. When nobody finds out in time, the delivery is for any gateway.
     */
    @Nullable Lease redrive(String space, DeliveryId id, String holder, @Nullable String functionId) {
        String failure = "dead letter '" + id + "' could not be redriven";
        AtomicReference<@Nullable Row> tried = new AtomicReference<>();
        Database.Work<Optional<Lease>> redrive = connection -> {
            List<Row> found = one(connection, space, id);
            if (found.isEmpty()) {
                Row before = tried.get();
                return before != null && isLeased(connection, id, holder, before.token() + 1)
                        ? Optional.of(lease(space, before, functionId))
                        : Optional.empty();
            }
            Row row = found.get(0);
            Lease lease = lease(space, row, functionId); // first, since the event may be unreadable
            if (events.keep(connection, Set.of(row.position())).isEmpty() || !delete(connection, space, id)) {
                return Optional.empty();
            }
            tried.set(row);
            insert(connection, row, lease, holder);
            return Optional.of(lease);
        };
        try {
            return database.runThroughDoubt(failure, redrive).orElse(null);
        } catch (StoreFailedException e) {
            Row row = tried.get();
            if (row != null) { // which may be leased now, and known to nobody
                write.accept(new Write.Release(holder, id, row.token() + 1));
            }
            throw e;
        }
    }

    private boolean isLeased(Connection connection, DeliveryId id, String holder, long token) throws SQLException {
        return Rows.first(connection, database.sql(LEASED), rows -> true, id.instance(), id.number(), token, holder)
                != null;
    }

    private Lease lease(String space, Row row, @Nullable String functionId) {
        Event event = row.event().event(database.settings(), row.replay());
        String function = functionId == null ? row.functionId() : functionId;
        return new Lease(
                new EventStore.Delivery(
                        row.id(),
                        space,
                        event,
                        new EventStore.Terms(
                                Settings.instant(database.settings().nowMicros()), null, null),
                        row.subscriptionId(),
                        function,
                        function.equals(row.functionId()) ? row.orderKey() : null), // elsewhere it is out of its order
                row.position(),
                row.token() + 1,
                Attempts.read(row.attempts()),
                null);
    }

    private void insert(Connection connection, Row row, Lease lease, String holder) throws SQLException {
        EventStore.Delivery delivery = lease.delivery();
        if (delivery.functionId().equals(row.functionId())) {
            turns.redriven(connection, row.id(), lease.token());
        } else {
            turns.gone(connection, row.id());
        }
        Rows.update(
                connection,
                database.sql(REDRIVE),
                row.id().instance(),
                row.id().number(),
                lease.token(),
                holder,
                row.position(),
                delivery.space(),
                row.subscriptionId(),
                delivery.functionId(),
                delivery.orderKey(),
                "[]".equals(row.attempts()) ? null : row.attempts(),
                row.replay());
    }

    private boolean delete(Connection connection, String space, DeliveryId id) throws SQLException {
        return Rows.update(connection, database.sql(DELETE), space, id.instance(), id.number()) > 0;
    }

    boolean purge(String space, DeliveryId id) {
        return database.run("dead letter '" + id + "' could not be purged", connection -> {
            if (!delete(connection, space, id)) {
                return false;
            }
            gone(connection, id);
            return true;
        });
    }

    private void gone(Connection connection, DeliveryId id) throws SQLException {
        turns.gone(connection, id);
        ended.note(connection, id, EventStore.State.DEAD_LETTER);
    }

    /** Forgets the oldest beyond the bound; whether there may be more of them. */
    boolean keepBound(int bound, int atMost) {
        List<Old> discarded = database.run("dead letters could not be discarded", connection -> {
            Long last = Rows.first(connection, database.sql(BOUND), rows -> rows.getLong(1), bound);
            if (last == null) {
                return List.<Old>of();
            }
            List<Old> oldest = Rows.query(
                    connection,
                    database.sql(OLDEST),
                    rows -> new Old(rows.getString(3), new DeliveryId(rows.getString(1), rows.getLong(2))),
                    last,
                    atMost);
            for (Old old : oldest) {
                delete(connection, old.space(), old.id());
                gone(connection, old.id());
            }
            return oldest;
        });
        if (!discarded.isEmpty()) {
            log.warn(
                    "{} dead letters were discarded, because {} are kept at most; the latest was {}",
                    discarded.size(),
                    bound,
                    discarded.get(discarded.size() - 1).id());
        }
        return discarded.size() == atMost;
    }
}
