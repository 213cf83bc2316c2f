package io.eventgateway.jdbc;

import io.eventgateway.Event;
import io.eventgateway.delivery.DeadLetter;
import io.eventgateway.delivery.DeadLetterQuery;
import io.eventgateway.delivery.DeliveryAttempt;
import io.eventgateway.history.EventQuery;
import io.eventgateway.history.RecordedEvent;
import io.eventgateway.spi.EventStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** The event store on a database. Each table, and each way of using it, is a class of its own; this one leads to them. */
final class JdbcEventStore implements EventStore {
    private final Database database;
    private final Settings settings;
    private final DeliveryTable table;
    private final GroupCommit writes;
    /** Turns, which may have to wait for another gateway's transaction; what is accepted and what has ended does not wait for them. */
    private final GroupCommit turnWrites;

    private final Appends appends;
    private final Gateways gateways;
    private final Claiming claiming;
    private final DeliveryLookups lookups;
    private final DeadLetterTable deadLetters;
    private final HistoryTable history;
    private final HistoryExtent extent;
    private final Erasure erasure;
    private final Signals signals;
    private final Maintenance maintenance;
    private final Migrations migrations;
    private final ClaimedLeases claimed = new ClaimedLeases();
    private final Inbox inbox;
    private final SeenEvents seen;
    private final RateBuckets buckets;
    private final Handlers handlers;
    private final LongAdder stale = new LongAdder();

    JdbcEventStore(Database database, Signals signals, RegistrationRevision revision, Migrations migrations) {
        this.database = database;
        this.settings = database.settings();
        this.signals = signals;
        this.migrations = migrations;
        this.gateways = new Gateways(database);
        this.table = database.dialect() == Dialect.POSTGRESQL
                ? new PostgresTable(database, gateways)
                : new DeliveryTable(database, gateways);
        this.writes = new GroupCommit(database, new TableWriter(), settings.writers(), gateways::isKnown);
        this.turnWrites = new GroupCommit(database, new TableWriter(), 1, gateways::isKnown);
        this.seen = new SeenEvents(database);
        // events that must not be there twice may wait for another transaction that has the same event
        this.appends = new Appends(
                database, table, seen, writes, new GroupCommit(database, new TableWriter(), 1, gateways::isKnown));
        this.claiming = new Claiming(database, gateways, revision, table.events());
        this.lookups = new DeliveryLookups(database, claiming, table.ended());
        this.deadLetters = new DeadLetterTable(table, this::submit);
        this.extent = new HistoryExtent(database);
        this.history = new HistoryTable(database, extent);
        this.erasure = new Erasure(database, history, table.turns());
        this.inbox = new Inbox(database);
        this.handlers = new Handlers(database);
        this.buckets = new RateBuckets(database);
        this.maintenance = new Maintenance(
                database,
                history,
                deadLetters,
                gateways,
                List.of(inbox::purge, seen::purge, buckets::purge, handlers::dropOrphans, table.ended()::forgetOld));
    }

    /** Writes to the tables, and tells other gateways when there is something for them. */
    private final class TableWriter implements GroupCommit.Writer {
        @Override
        public boolean isOneStatement(List<Write<?>> group) {
            return table.isOneStatement(group)
                    && group.stream().noneMatch(write -> isForOthers(write) || SeenEvents.isIn(write));
        }

        @Override
        public void write(Connection connection, List<Write<?>> group) throws SQLException {
            table.write(connection, group);
            if (group.stream().anyMatch(JdbcEventStore::isForOthers)) {
                signals.tell(connection, Signals.Topic.WORK);
            }
        }
    }

    /** Returns whether a write leaves something for other gateways to claim. */
    private static boolean isForOthers(Write<?> write) {
        return write instanceof Write.Release
                || (write instanceof Write.Append append
                        && append.entries().stream().anyMatch(entry -> entry.deliveries().stream()
                                .anyMatch(row -> row.holder().isEmpty())));
    }

    @Override
    public long[] append(List<Accepted> events, @Nullable Object transaction) {
        List<Write.Entry> entries = appends.entries(events);
        if (transaction != null) {
            return appends.in(OpenTransaction.of(transaction, "an event is to be emitted in"), entries);
        }
        Write.Append append = appends.submit(events, entries);
        long[] positions = appends.await(append);
        if (isForOthers(append)) {
            signals.tellHere(Signals.Topic.WORK);
        }
        return positions;
    }

    @Override
    public boolean deduplicates() {
        return true;
    }

    @Override
    public void forget(String space, Event event, @Nullable String key) {
        seen.forget(space, event, key);
    }

    @Override
    public boolean sharesRateLimits() {
        return true;
    }

    @Override
    public CompletableFuture<TokenLease> leaseTokens(TokenRequest request) {
        return buckets.lease(request);
    }

    @Override
    public boolean inbox(String space, String subscriptionId, Event event, Object transaction) {
        Connection connection = OpenTransaction.of(transaction, "the event is to be noted in");
        try {
            return inbox.note(connection, space, subscriptionId, event);
        } catch (SQLException e) {
            throw database.failed("the event was not noted in the transaction, which is to be rolled back", e);
        }
    }

    @Override
    public boolean hasHistory() {
        return !settings.history().isNone();
    }

    @Override
    public List<Lease> claim(Claim claim) {
        List<Lease> leases = claiming.claim(claim);
        claimed.claimed(claim.holder(), leases);
        return leases;
    }

    @Override
    public boolean renew(String holder, Duration lease) {
        boolean alive = gateways.renew(holder, lease);
        if (!alive) {
            claimed.lost(holder);
        }
        return alive;
    }

    @Override
    public void leave(String holder) {
        if (!gateways.isKnown(holder)) {
            return; // it never began, perhaps because the tables are not there
        }
        claimed.lost(holder);
        gateways.leave(holder);
        database.change("other gateways could not be told", connection -> {
            handlers.left(connection, holder);
            signals.tell(connection, Signals.Topic.WORK);
        });
        signals.tellHere(Signals.Topic.WORK);
    }

    @Override
    public void announce(String holder, Set<Callable> functions) {
        handlers.announce(holder, functions);
    }

    @Override
    public Set<FunctionName> callable() {
        return handlers.callable();
    }

    Handlers handlers() {
        return handlers;
    }

    @Override
    public Watch listen(Runnable listener) {
        migrations.check();
        database.check();
        Runnable end = signals.listen(Signals.Topic.WORK, listener);
        maintenance.attach();
        return () -> {
            end.run();
            maintenance.detach();
        };
    }

    private CompletableFuture<OutcomeAnswer> submit(Write.Outcome outcome) {
        CompletableFuture<OutcomeAnswer> future = outcome.future();
        future.whenComplete((answer, e) -> {
            if (answer == OutcomeAnswer.NOT_YOURS) {
                stale.increment();
            }
            if (!(outcome instanceof Write.Retry || outcome instanceof Write.ReturnPlace)) {
                claimed.ended(outcome.id());
                if (table.hasTurn(outcome.id())) {
                    table.forgetTurn(outcome.id(), outcome.token());
                }
            }
        });
        writes.submit(outcome);
        return future;
    }

    @Override
    public CompletableFuture<OutcomeAnswer> complete(DeliveryId id, long token) {
        return submit(new Write.Complete(claimed.holder(id), id, token));
    }

    @Override
    public CompletableFuture<OutcomeAnswer> drop(DeliveryId id, long token) {
        return submit(new Write.Drop(claimed.holder(id), id, token));
    }

    @Override
    public CompletableFuture<OutcomeAnswer> retry(DeliveryId id, long token, Instant dueAt, DeliveryAttempt failed) {
        return submit(new Write.Retry(claimed.holder(id), id, token, dueAt, failed));
    }

    @Override
    public CompletableFuture<OutcomeAnswer> release(DeliveryId id, long token) {
        return submit(new Write.Release(claimed.holder(id), id, token));
    }

    @Override
    public CompletableFuture<OutcomeAnswer> returnPlace(DeliveryId id, long token) {
        return submit(new Write.ReturnPlace(claimed.holder(id), id, token));
    }

    @Override
    public CompletableFuture<OutcomeAnswer> deadLetter(
            DeliveryId id,
            long token,
            DeadLetter.Reason reason,
            String message,
            @Nullable DeliveryAttempt failed,
            boolean holdsKey) {
        return submit(new Write.Bury(claimed.holder(id), id, token, reason, message, failed, holdsKey));
    }

    @Override
    public CompletableFuture<TurnAnswer> takeTurn(Turn turn) {
        Write.TakeTurn asked = Write.TakeTurn.alone(claimed.holder(turn.id()), turn);
        turnWrites.submit(asked);
        return asked.future().thenApply(Run::answer);
    }

    @Override
    public CompletableFuture<Run> takeRun(Turn turn, List<DeliveryId> followers, @Nullable DeliveryId before) {
        Write.TakeTurn asked = Write.TakeTurn.withRun(claimed.holder(turn.id()), turn, followers, before);
        turnWrites.submit(asked);
        return asked.future();
    }

    @Override
    public Map<DeliveryId, State> states(Map<DeliveryId, Long> positions) {
        return lookups.states(positions);
    }

    @Override
    public List<RecordedEvent> events(String space, EventQuery query) {
        return hasHistory() ? history.events(space, query) : List.of();
    }

    @Override
    public Extent extent() {
        return extent.read();
    }

    @Override
    public long consumed(String space, String consumer) {
        return history.consumed(space, consumer);
    }

    @Override
    public void consumed(String space, String consumer, long position) {
        history.consumed(space, consumer, position);
    }

    @Override
    public long advance(String space, String consumer, long expected, long position) {
        return history.advance(space, consumer, expected, position);
    }

    @Override
    public long erase(String space, String subject) {
        return erasure.erase(space, subject);
    }

    @Override
    public List<DeadLetter> deadLetters(String space, DeadLetterQuery query) {
        return deadLetters.list(space, query);
    }

    @Override
    public @Nullable DeadLetter deadLetter(String space, DeliveryId id) {
        return deadLetters.get(space, id);
    }

    @Override
    public long countDeadLetters(String space) {
        return deadLetters.count(space);
    }

    @Override
    public @Nullable Lease redrive(String space, DeliveryId id, String holder, @Nullable String functionId) {
        Lease lease = deadLetters.redrive(space, id, holder, functionId);
        if (lease != null) {
            claimed.claimed(holder, List.of(lease));
        }
        return lease;
    }

    @Override
    public boolean purge(String space, DeliveryId id) {
        return deadLetters.purge(space, id);
    }

    @Override
    public List<Pending> read(Query query) {
        return lookups.pending(query);
    }

    /** Returns how many deliveries of this process were dropped because their event was gone. */
    long droppedDeliveries() {
        return table.events().droppedDeliveries();
    }

    /** How many outcomes were refused because another gateway had taken the delivery over. */
    long staleOutcomes() {
        return stale.sum();
    }

    Maintenance maintenance() {
        return maintenance;
    }

    /** Its threads end with the last gateway, so there is nothing to release. */
    @Override
    public void close() {}
}
