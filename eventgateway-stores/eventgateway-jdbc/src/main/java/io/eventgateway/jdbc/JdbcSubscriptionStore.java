package io.eventgateway.jdbc;

import io.eventgateway.error.StoreFailedException;
import io.eventgateway.spi.Registration;
import io.eventgateway.spi.StoreConflictException;
import io.eventgateway.spi.SubscriptionStore;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The functions and subscriptions, one row each. Every change takes the next number of one counter, whose row it locks, so that
 * numbers are committed in their order and a watcher that asks for larger ones misses none.
 *
 * <p>A deletion leaves its row behind, without a value, for watchers that come late.
 */
final class JdbcSubscriptionStore implements SubscriptionStore {
    private static final Logger log = LoggerFactory.getLogger(JdbcSubscriptionStore.class);

    private static final String NEXT = "UPDATE {revision} SET version = version + 1 WHERE name = 'registration'";
    private static final String LOAD =
            "SELECT kind, space, id, version, body FROM {registration} WHERE body IS NOT NULL";
    private static final String LATEST =
            "SELECT kind, space, id, version, body FROM {registration} WHERE kind = ? AND space = ? AND id = ?";
    private static final String CHANGES =
            "SELECT kind, space, id, version, body FROM {registration} WHERE version > ? ORDER BY version LIMIT 1000";
    private static final String VERSION = "SELECT version, CASE WHEN body IS NULL THEN 1 ELSE 0 END FROM {registration}"
            + " WHERE kind = ? AND space = ? AND id = ?";
    private static final String INSERT =
            "INSERT INTO {registration} (kind, space, id, version, body) VALUES (?, ?, ?, ?, ?)";
    private static final String UPDATE =
            "UPDATE {registration} SET version = ?, body = ? WHERE kind = ? AND space = ? AND id = ?";
    private static final int FETCH = 1_000;
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(400);

    private record Present(long version, boolean deleted) {}

    private record Row(Key key, long version, @Nullable String body) {
        static Row read(ResultSet rows) throws SQLException {
            return new Row(
                    new Key(Kind.valueOf(rows.getString(1)), rows.getString(2), rows.getString(3)),
                    rows.getLong(4),
                    rows.getString(5));
        }

        Change change() {
            return new Change(key, body == null ? null : value(), version);
        }

        Registration value() {
            String json = Objects.requireNonNull(body);
            try {
                return key.kind().read(json);
            } catch (RuntimeException e) {
                throw new StoreFailedException(
                        key + " at version " + version + " is stored in a form that can't be read: " + e.getMessage(),
                        e);
            }
        }
    }

    private final Database database;
    private final Signals signals;
    private final RegistrationRevision revision;
    private final Migrations migrations;

    JdbcSubscriptionStore(Database database, Signals signals, RegistrationRevision revision, Migrations migrations) {
        this.database = database;
        this.signals = signals;
        this.revision = revision;
        this.migrations = migrations;
    }

    @Override
    public List<Entry> load() {
        migrations.check();
        return database.run("the functions and subscriptions could not be loaded", connection -> {
            List<Entry> entries = new ArrayList<>();
            try (PreparedStatement query = connection.prepareStatement(database.sql(LOAD))) {
                query.setFetchSize(FETCH); // so that the driver does not hold all rows beside the entries
                try (ResultSet rows = query.executeQuery()) {
                    while (rows.next()) {
                        Row row = Row.read(rows);
                        entries.add(new Entry(row.key(), row.value(), row.version()));
                    }
                }
            }
            return entries;
        });
    }

    @Override
    public Change latest(Key key) {
        Row row = database.run(
                        key + " could not be read",
                        connection -> Optional.ofNullable(Rows.first(
                                connection,
                                database.sql(LATEST),
                                Row::read,
                                key.kind().name(),
                                key.space(),
                                key.id())))
                .orElse(null);
        return row == null ? new Change(key, null, 0) : row.change();
    }

    @Override
    public Entry put(Key key, Registration value, long expectedVersion) {
        return new Entry(key, value, change(key, value.toJson(), expectedVersion, "written"));
    }

    @Override
    public long delete(Key key, long expectedVersion) {
        return change(key, null, expectedVersion, "deleted");
    }

    private long change(Key key, @Nullable String body, long expectedVersion, String what) {
        long version = database.run(key + " could not be " + what, connection -> {
            Rows.update(connection, database.sql(NEXT)); // locks, so the rest is as if alone
            long next = revision.read(connection);
            Present present = Rows.first(
                    connection,
                    database.sql(VERSION),
                    rows -> new Present(rows.getLong(1), rows.getInt(2) != 0),
                    key.kind().name(),
                    key.space(),
                    key.id());
            boolean there = present != null && !present.deleted();
            long at = there && present != null ? present.version() : 0;
            if (body == null && !there) {
                throw new StoreConflictException(
                        key + " was to be deleted at version " + expectedVersion + ", but does not exist");
            }
            if (at != expectedVersion) {
                throw new StoreConflictException(key + " was expected at version " + expectedVersion + ", is at " + at);
            }
            if (present == null) {
                Rows.update(connection, database.sql(INSERT), key.kind().name(), key.space(), key.id(), next, body);
            } else {
                Rows.update(
                        connection, database.sql(UPDATE), next, body, key.kind().name(), key.space(), key.id());
            }
            signals.tell(connection, Signals.Topic.REGISTRATION);
            return next;
        });
        signals.tellHere(Signals.Topic.REGISTRATION);
        return version;
    }

    @Override
    public Watch watch(Consumer<Change> listener) {
        migrations.check();
        long from = database.run("the functions and subscriptions could not be watched", revision::read);
        return new Poll(listener, from);
    }

    /** Asks for what has changed when it is told that something has, and a few times a second where nobody would tell. */
    private final class Poll implements Watch {
        private final Consumer<Change> listener;
        private final Thread thread;
        private final Runnable unlisten;
        private final AtomicBoolean closed = new AtomicBoolean();
        private final AtomicBoolean told = new AtomicBoolean();
        private long seen;

        Poll(Consumer<Change> listener, long from) {
            this.listener = listener;
            this.seen = from;
            this.thread = new Thread(this::run, "eventgateway-jdbc-watch");
            thread.setDaemon(true);
            this.unlisten = signals.listen(Signals.Topic.REGISTRATION, () -> {
                told.set(true);
                LockSupport.unpark(thread);
            });
            thread.start();
        }

        private void run() {
            boolean failing = false;
            while (!closed.get()) {
                boolean hasToLook = told.getAndSet(false);
                if (!hasToLook) {
                    LockSupport.parkNanos(POLL_NANOS);
                    hasToLook = told.getAndSet(false) || !revision.isWatched();
                }
                if (!hasToLook && !failing) {
                    continue;
                }
                try {
                    look();
                    failing = false;
                } catch (RuntimeException e) {
                    if (!failing && !closed.get()) {
                        failing = true;
                        log.warn("Changes to functions and subscriptions can't be read; that is tried again", e);
                    }
                    LockSupport.parkNanos(POLL_NANOS);
                }
            }
        }

        private void look() {
            while (!closed.get()) {
                List<Row> changes = database.run(
                        "the changes could not be read",
                        connection -> revision.read(connection) == seen
                                ? List.<Row>of()
                                : Rows.query(connection, database.sql(CHANGES), Row::read, seen));
                for (Row row : changes) {
                    tell(row);
                    seen = row.version();
                }
                if (changes.isEmpty()) {
                    return;
                }
            }
        }

        private void tell(Row row) {
            try {
                listener.accept(row.change());
            } catch (RuntimeException e) { // the others are told all the same
                log.error("The change of {} to version {} was not taken over", row.key(), row.version(), e);
            }
        }

        @Override
        public void close() {
            closed.set(true);
            unlisten.run();
            LockSupport.unpark(thread);
        }
    }

    /** Its threads end with the last watch, so there is nothing to release. */
    @Override
    public void close() {}
}
