package io.eventgateway.jdbc;

import io.eventgateway.spi.EventStore;
import io.eventgateway.spi.EventStore.DeliveryId;
import io.eventgateway.spi.EventStore.Run;
import io.eventgateway.spi.EventStore.Turn;
import io.eventgateway.spi.EventStore.TurnAnswer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whose turn it is among the deliveries of all gateways: a row for each key that is being delivered, and for each place under a
 * limit.
 *
 * <p>A row belongs to the lease of a delivery, and is worth nothing once that lease has ended, unless a dead letter holds the
 * key. So the earliest pending delivery of a key gets its turn in the end, whatever comes back before it: a later delivery that
 * had begun keeps the key only as long as its gateway lives, and asks anew when another gateway has taken it over.
 *
 * <p>A delivery in its first lease gets its turn together with those that follow it at the same gateway, up to the first one that is
 * another's. The row of such a run is the last one's: while the others are pending, they keep later ones of other gateways back by
 * their positions.
 */
final class Turns {
    private static final String KEY = "k:";
    private static final String PLACE = "p:";

    private static final String IS_LEASED =
            "SELECT 1 FROM {delivery} WHERE instance = ? AND number = ? AND token = ? AND holder <> ''";
    private static final long NOT_LATE = 0;
    /** The earliest pending delivery of a key before a position, and how long before the one that asks it is claimed, if it is free. */
    static final String EARLIEST =
            "SELECT CASE WHEN e.holder = '' AND e.due_at >= d.due_at THEN d.due_at ELSE " + NOT_LATE + " END"
                    + " FROM {delivery} e JOIN {delivery} d ON d.instance = ? AND d.number = ? WHERE e.space = ?"
                    + " AND e.subscription_id = ? AND e.order_key = ? AND e.event_position < ?"
                    + " AND (e.not_before IS NULL OR e.not_before <= {now}) ORDER BY e.event_position LIMIT 1";

    private static final String FREE_EARLIER = "SELECT instance, number FROM {delivery} WHERE space = ?"
            + " AND subscription_id = ? AND order_key = ? AND event_position < ? AND holder = '' AND due_at >= ?"
            + " AND due_at <= {now_bound} ORDER BY event_position LIMIT 100 FOR UPDATE SKIP LOCKED";
    private static final String CLAIM_FIRST =
            "UPDATE {delivery} SET due_at = ? WHERE instance = ? AND number = ? AND holder = ''";
    private static final int LONGEST_RUN = 100;
    /** The pending deliveries of a key from one on. */
    static final String QUEUE = "SELECT instance, number, token, holder, event_position FROM {delivery}"
            + " WHERE space = ? AND subscription_id = ? AND order_key = ? AND event_position >= ?"
            + " ORDER BY event_position LIMIT " + LONGEST_RUN;

    private static final String TAKE =
            "{turn} (space, subscription_id, turn_key, instance, number, token, held) VALUES (?, ?, ?, ?, ?, ?, ?)";
    /** Rows with whether their leases are over. */
    private static final String OWNERS = "SELECT t.turn_key, t.instance, t.number, t.token, t.held,"
            + " CASE WHEN d.instance IS NULL THEN 1 ELSE 0 END FROM {turn} t"
            + " LEFT JOIN {delivery} d ON d.instance = t.instance AND d.number = t.number AND d.token = t.token"
            + " AND d.holder <> '' WHERE t.space = ? AND t.subscription_id = ? AND t.turn_key ";

    private static final String OWNER = OWNERS + "= ?";
    private static final String PLACES = OWNERS + "LIKE 'p:%'";
    /** A row as it was seen, so that of many who saw its turn over only one takes it. */
    private static final String TAKE_OVER = "UPDATE {turn} SET instance = ?, number = ?, token = ?, held = 0"
            + " WHERE space = ? AND subscription_id = ? AND turn_key = ?"
            + " AND instance = ? AND number = ? AND token = ? AND held = ?";

    private static final String GIVE_BACK =
            "DELETE FROM {turn} WHERE space = ? AND subscription_id = ? AND turn_key = ?"
                    + " AND instance = ? AND number = ? AND token = ? AND held = 0";
    private static final String GONE = "DELETE FROM {turn} WHERE instance = ? AND number = ?";
    private static final String ENDED = "DELETE FROM {turn} WHERE instance = ? AND number = ? AND token <= ?";
    private static final String ATTEMPT_ENDED = ENDED + " AND turn_key LIKE 'p:%'";
    private static final String KEY_OF_LETTER = "SELECT space, subscription_id, order_key FROM {dead_letter}"
            + " WHERE instance = ? AND number = ? AND order_key IS NOT NULL";
    /** The row is the dead letter's own, or that of its run. */
    private static final String HOLD = "UPDATE {turn} SET instance = ?, number = ?, token = ?, held = 1"
            + " WHERE space = ? AND subscription_id = ? AND turn_key = ? AND held = 0"
            + " AND instance = ? AND (number = ? OR token = " + EventStore.FIRST_TOKEN + ")";

    private static final String REDRIVEN = "UPDATE {turn} SET held = 0, token = ? WHERE instance = ? AND number = ?";

    /** Who has a turn. */
    private record Owner(String turnKey, DeliveryId id, long token, boolean held, boolean leaseIsOver) {
        static Owner read(ResultSet rows) throws SQLException {
            return new Owner(
                    rows.getString(1),
                    new DeliveryId(rows.getString(2), rows.getLong(3)),
                    rows.getLong(4),
                    rows.getInt(5) != 0,
                    rows.getInt(6) != 0);
        }

        /** Returns whether the turn is a delivery's, as it holds it under a token. */
        boolean is(DeliveryId of, long under) {
            return id.equals(of) && token == under && !held;
        }

        boolean isOver() {
            return leaseIsOver && !held;
        }
    }

    private final Database database;

    Turns(Database database) {
        this.database = database;
    }

    boolean isLeased(Connection connection, DeliveryId id, long token) throws SQLException {
        return Rows.first(connection, database.sql(IS_LEASED), rows -> true, id.instance(), id.number(), token) != null;
    }

    /** Gives a delivery its turn if it is leased and nobody has the turn; with a key those that follow it, too. */
    Run take(Connection connection, Write.TakeTurn asked) throws SQLException {
        Turn turn = asked.turn();
        if (!isLeased(connection, turn.id(), turn.token())) {
            return new Run(TurnAnswer.NOT_YOURS, turn.id(), turn.position());
        }
        Run run = turn.orderKey() == null
                ? new Run(TurnAnswer.GRANTED, turn.id(), turn.position())
                : takeKey(connection, asked, turn.orderKey());
        boolean granted =
                run.answer() == TurnAnswer.GRANTED && (turn.maxConcurrency() == 0 || takePlace(connection, turn));
        return granted ? run : new Run(TurnAnswer.NOT_YET, turn.id(), turn.position());
    }

    private Run takeKey(Connection connection, Write.TakeTurn asked, String orderKey) throws SQLException {
        Turn turn = asked.turn();
        Long earliest = Rows.first(
                connection,
                database.sql(EARLIEST),
                rows -> rows.getLong(1),
                turn.id().instance(),
                turn.id().number(),
                turn.space(),
                turn.subscriptionId(),
                orderKey,
                turn.position());
        Run alone = new Run(TurnAnswer.GRANTED, turn.id(), turn.position());
        String turnKey = KEY + orderKey;
        if (earliest != null) {
            Owner owner = owner(connection, turn, turnKey);
            if (owner != null && owner.is(turn.id(), turn.token())) {
                return alone; // a redriven one has come back after this one had begun
            }
            giveBack(connection, asked, owner);
            if (earliest != NOT_LATE) {
                claimEarlierFirst(connection, turn, orderKey, earliest);
            }
            return notYet(turn);
        }
        Run run = turn.token() == EventStore.FIRST_TOKEN && !asked.followers().isEmpty()
                ? run(connection, asked, orderKey)
                : alone;
        return takeRun(connection, asked, run, turnKey) ? run : notYet(turn);
    }

    /**
     * Has the earlier deliveries that nobody holds claimed before others, by their positions: they were put off for longer, replayed or
     * given back, and a gateway whose room is taken by later ones would come to them last.
     *
     * @param before when the one that asks was due
     */
    private void claimEarlierFirst(Connection connection, Turn turn, String orderKey, long before) throws SQLException {
        List<DeliveryId> free = Rows.query(
                connection,
                database.sql(FREE_EARLIER),
                rows -> new DeliveryId(rows.getString(1), rows.getLong(2)),
                turn.space(),
                turn.subscriptionId(),
                orderKey,
                turn.position(),
                before);
        List<@Nullable Object[]> updates = new ArrayList<>(free.size());
        for (DeliveryId id : free) {
            updates.add(new @Nullable Object[] {before - free.size() + updates.size(), id.instance(), id.number()});
        }
        Rows.updateAll(connection, database.sql(CLAIM_FIRST), updates);
    }

    /** Gives back what the gateway has of its run before: or the earlier delivery and this one would wait for each other. */
    private void giveBack(Connection connection, Write.TakeTurn asked, @Nullable Owner owner) throws SQLException {
        if (owner != null && isOf(owner, asked)) {
            Rows.update(
                    connection,
                    database.sql(GIVE_BACK),
                    asked.turn().space(),
                    asked.turn().subscriptionId(),
                    owner.turnKey(),
                    owner.id().instance(),
                    owner.id().number(),
                    owner.token());
        }
    }

    private static Run notYet(Turn turn) {
        return new Run(TurnAnswer.NOT_YET, turn.id(), turn.position());
    }

    /** A pending delivery of a key. */
    private record Queued(DeliveryId id, long token, String holder, long position) {
        static Queued read(ResultSet rows) throws SQLException {
            return new Queued(
                    new DeliveryId(rows.getString(1), rows.getLong(2)),
                    rows.getLong(3),
                    rows.getString(4),
                    rows.getLong(5));
        }

        boolean isInFirstLeaseOf(String instance) {
            return token == EventStore.FIRST_TOKEN
                    && holder.equals(instance)
                    && id.instance().equals(instance);
        }
    }

    /** Returns the run that begins with a delivery in its first lease: itself, and those that follow it with nothing in between. */
    private Run run(Connection connection, Write.TakeTurn asked, String orderKey) throws SQLException {
        Turn turn = asked.turn();
        DeliveryId owner = turn.id();
        long last = turn.position();
        List<Queued> queue = Rows.query(
                connection,
                database.sql(QUEUE),
                Queued::read,
                turn.space(),
                turn.subscriptionId(),
                orderKey,
                turn.position());
        Iterator<DeliveryId> expected = asked.followers().iterator();
        DeliveryId next = turn.id();
        for (Queued each : queue) {
            if (next == null
                    || !each.id().equals(next)
                    || !each.isInFirstLeaseOf(turn.id().instance())) {
                break;
            }
            owner = next;
            last = each.position();
            next = expected.hasNext() ? expected.next() : null;
        }
        return new Run(TurnAnswer.GRANTED, owner, last);
    }

    /** Returns whether a turn is of the gateway that asks, and none of the deliveries that it was for is being made. */
    private static boolean isOf(Owner owner, Write.TakeTurn asked) {
        return !owner.held()
                && (owner.id().equals(asked.before()) || asked.followers().contains(owner.id()));
    }

    /** Takes the row of a turn for the owner of a run: from nobody, from this gateway's run before, or from a lease that is over. */
    private boolean takeRun(Connection connection, Write.TakeTurn asked, Run run, String turnKey) throws SQLException {
        Turn turn = asked.turn();
        long token = run.owner().equals(turn.id()) ? turn.token() : EventStore.FIRST_TOKEN;
        if (insert(connection, new Row(turn.space(), turn.subscriptionId(), turnKey, run.owner(), token, false))) {
            return true;
        }
        Owner owner = owner(connection, turn, turnKey);
        if (owner == null) {
            return false; // a turn that is gone just now is asked for again
        }
        // a first try whose answer was lost has taken it for one of these, too
        boolean own = owner.is(turn.id(), turn.token()) || isOf(owner, asked);
        return (own || owner.isOver()) && takeOver(connection, turn, owner, run.owner(), token);
    }

    private boolean takePlace(Connection connection, Turn turn, String turnKey) throws SQLException {
        if (insert(connection, new Row(turn.space(), turn.subscriptionId(), turnKey, turn.id(), turn.token(), false))) {
            return true;
        }
        Owner owner = owner(connection, turn, turnKey);
        return owner != null
                && (owner.is(turn.id(), turn.token())
                        || (owner.isOver() && takeOver(connection, turn, owner, turn.id(), turn.token())));
    }

    private boolean takeOver(Connection connection, Turn turn, Owner before, DeliveryId next, long token)
            throws SQLException {
        return Rows.update(
                        connection,
                        database.sql(TAKE_OVER),
                        next.instance(),
                        next.number(),
                        token,
                        turn.space(),
                        turn.subscriptionId(),
                        before.turnKey(),
                        before.id().instance(),
                        before.id().number(),
                        before.token(),
                        before.held() ? 1 : 0)
                > 0;
    }

    /** A row of the table. */
    private record Row(String space, String subscriptionId, String turnKey, DeliveryId id, long token, boolean held) {}

    private boolean insert(Connection connection, Row row) throws SQLException {
        try {
            return Rows.update(
                            connection,
                            database.sql(database.dialect().insertIfAbsent(TAKE)),
                            row.space(),
                            row.subscriptionId(),
                            row.turnKey(),
                            row.id().instance(),
                            row.id().number(),
                            row.token(),
                            row.held() ? 1 : 0)
                    > 0;
        } catch (SQLException e) {
            if (Dialect.isDuplicate(e)) {
                return false;
            }
            throw e;
        }
    }

    private @Nullable Owner owner(Connection connection, Turn turn, String turnKey) throws SQLException {
        return Rows.first(connection, database.sql(OWNER), Owner::read, turn.space(), turn.subscriptionId(), turnKey);
    }

    private boolean takePlace(Connection connection, Turn turn) throws SQLException {
        Set<String> taken = new HashSet<>();
        for (Owner place :
                Rows.query(connection, database.sql(PLACES), Owner::read, turn.space(), turn.subscriptionId())) {
            if (place.is(turn.id(), turn.token())) {
                return true;
            }
            if (!place.isOver()) {
                taken.add(place.turnKey());
            }
        }
        for (int i = 0; i < turn.maxConcurrency(); i++) {
            String key = PLACE + i;
            if (!taken.contains(key)) {
                return takePlace(connection, turn, key);
            }
        }
        return false;
    }

    /** A delivery has ended under a token: all that it had until then is free. */
    void ended(Connection connection, DeliveryId id, long token) throws SQLException {
        Rows.update(connection, database.sql(ENDED), id.instance(), id.number(), token);
    }

    /**
     * An attempt of a delivery has ended under a token: it keeps its key if this gateway tries again, and its key is free if another one
     * does.
     */
    void attemptEnded(Connection connection, DeliveryId id, long token) throws SQLException {
        Rows.update(connection, database.sql(ATTEMPT_ENDED), id.instance(), id.number(), token);
    }

    /** A dead letter is gone, or is delivered out of its order: what it holds is free. */
    void gone(Connection connection, DeliveryId id) throws SQLException {
        Rows.update(connection, database.sql(GONE), id.instance(), id.number());
    }

    /** A dead letter is to be delivered again under a new lease, and has its key like any other then. */
    void redriven(Connection connection, DeliveryId id, long token) throws SQLException {
        Rows.update(connection, database.sql(REDRIVEN), token, id.instance(), id.number());
    }

    /** A delivery that had its key's turn has become a dead letter, which keeps the key. */
    void hold(Connection connection, DeliveryId id, long token) throws SQLException {
        attemptEnded(connection, id, token);
        Row row = Rows.first(
                connection,
                database.sql(KEY_OF_LETTER),
                rows -> new Row(rows.getString(1), rows.getString(2), KEY + rows.getString(3), id, token, true),
                id.instance(),
                id.number());
        if (row != null && !insert(connection, row)) {
            Rows.update(
                    connection,
                    database.sql(HOLD),
                    id.instance(),
                    id.number(),
                    token,
                    row.space(),
                    row.subscriptionId(),
                    row.turnKey(),
                    id.instance(),
                    id.number());
        }
    }
}
