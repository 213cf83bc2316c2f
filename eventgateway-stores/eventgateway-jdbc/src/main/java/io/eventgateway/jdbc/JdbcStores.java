package io.eventgateway.jdbc;

import io.eventgateway.error.StoreFailedException;
import io.eventgateway.history.Retention;
import io.eventgateway.spi.EventStore;
import io.eventgateway.spi.Stores;
import io.eventgateway.spi.SubscriptionStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The stores of a gateway in a relational database: PostgreSQL (13 and later), MySQL (8.0.17), MariaDB (10.6) or H2 (2.2).
 *
 * <pre>{@code
 * JdbcStores.migrate(dataSource);
 * EventGateway gateway = EventGateway.builder().stores(JdbcStores.of(dataSource)).build();
 * }</pre>
 *
 * <p>Gateways of any number of processes may share the database; each should have a pool of its own, of at least four connections.
 * The stores use no more than {@link Builder#writers writers} + 4 connections at a time, one of which listens all the time on
 * PostgreSQL, and one more each where deliveries are ordered or limited, where events are de-duplicated, and where rate limits are shared. What they guarantee, and how to operate them, is in {@code docs/durability.md}.
 *
 * <p>Thread-safe. Threads are started for as long as a gateway uses the stores, and end with it, so there is nothing to close.
 */
public final class JdbcStores implements Stores {
    private final JdbcSubscriptionStore subscriptions;
    private final JdbcEventStore events;
    private final Database database;

    private final Duration lease;

    private JdbcStores(DataSource dataSource, Settings settings, Duration lease) {
        this.lease = lease;
        this.database = new Database(dataSource, settings);
        Signals signals = new Signals(database);
        Migrations migrations = new Migrations(database);
        RegistrationRevision revision = new RegistrationRevision(database, signals);
        this.subscriptions = new JdbcSubscriptionStore(database, signals, revision, migrations);
        this.events = new JdbcEventStore(database, signals, revision, migrations);
    }

    /**
     * The stores with the ordinary settings.
     *
     * @throws StoreFailedException if the database can't be reached, or is one that the stores don't know
     */
    public static JdbcStores of(DataSource dataSource) {
        return builder(dataSource).build();
    }

    /** A builder of stores in that database. */
    public static Builder builder(DataSource dataSource) {
        return new Builder(dataSource);
    }

    /**
     * Creates the tables, or brings them to the version of this release; does nothing when they are there. Needs the right to
     * create tables, which the stores themselves don't. Of several processes that do this at the same time one does it.
     *
     * @throws StoreFailedException if it failed, or the tables are of a newer version
     */
    public static void migrate(DataSource dataSource) {
        builder(dataSource).migrate();
    }

    @Override
    public SubscriptionStore subscriptionStore() {
        return subscriptions;
    }

    @Override
    public EventStore eventStore() {
        return events;
    }

    @Override
    public Duration lease() {
        return lease;
    }

    /**
     * How the stores are doing, for metrics: counted by the database at each call, except for what only this process knows.
     *
     * @throws StoreFailedException if the database can't be asked
     */
    public JdbcStoreStatus status() {
        long dropped = events.handlers().dropped() + events.droppedDeliveries();
        return JdbcStoreStatus.of(database, dropped, events.staleOutcomes());
    }

    /**
     * The pending deliveries by subscription, as the database has them at this call; subscriptions without any are not in it. It reads
     * each pending delivery's row: ask now and then, not for each request.
     *
     * @throws StoreFailedException if the database can't be asked
     */
    public List<SubscriptionBacklog> subscriptions() {
        Set<EventStore.FunctionName> callable = events.handlers().callable();
        return database.run(
                "the pending deliveries could not be counted",
                connection -> SubscriptionBacklog.read(connection, database, callable));
    }

    /** Forgets old events now, and not only when a gateway's own maintenance comes to it; for a job of one's own. */
    public void purge() {
        events.maintenance().purgeAll();
    }

    /** Builds {@link JdbcStores}. Not thread-safe. */
    public static final class Builder {
        private static final Duration SHORTEST_INBOX = Duration.ofMinutes(1);
        private static final Duration LONGEST_INBOX = Duration.ofDays(3_650);
        private static final Pattern NAME = Pattern.compile("[a-z_][a-z0-9_]{0,30}");

        private final DataSource dataSource;
        private @Nullable String schema;
        private String prefix = "eg_";
        private Retention history = Retention.of(Duration.ofDays(7), 1_000_000);
        private int maxDeadLetters = 100_000;
        private int maxDataSize = 1024 * 1024;
        private Duration inbox = Duration.ofDays(7);
        private @Nullable DataEncryption encryption;
        private boolean encryptionRequired;
        private Duration timeout = Duration.ofSeconds(30);
        private int writers = 2;
        private Duration lease = Duration.ofSeconds(30);
        private @Nullable InstantSource clock;
        private InstantSource processClock = InstantSource.system();

        private Builder(DataSource dataSource) {
            this.dataSource = Objects.requireNonNull(dataSource, "dataSource");
        }

        /** The schema that the tables are in (a database, in MySQL's words); where the connections look unless said. */
        public Builder schema(String name) {
            this.schema = name("schema", name);
            return this;
        }

        /** What the names of tables begin with; {@code eg_} unless said. */
        public Builder tablePrefix(String tablePrefix) {
            this.prefix = name("tablePrefix", tablePrefix);
            return this;
        }

        /** How much of the history is kept; 7 days and 1,000,000 events unless said. */
        public Builder history(Retention retention) {
            this.history = Objects.requireNonNull(retention, "retention");
            return this;
        }

        /** How many dead letters are kept, over all spaces; 100,000 unless said. The oldest are discarded, which is logged. */
        public Builder deadLetters(int bound) {
            this.maxDeadLetters = between("deadLetters", bound, 1, Integer.MAX_VALUE);
            return this;
        }

        /** How many bytes the data of an event may have; 1 MiB unless said, at most 256 MiB. A larger event is refused. */
        public Builder maxDataSize(int bytes) {
            this.maxDataSize = between("maxDataSize", bytes, 1, 256 * 1024 * 1024);
            return this;
        }

        /**
         * How long {@link io.eventgateway.FunctionContext#inbox(java.sql.Connection)} remembers that an event was handled; 7 days
         * unless said, a minute to 3,650 days. An event that is delivered again later than that is handled again, so it must be longer
         * than any retry goes on, and than a dead letter or a recorded event waits before it is delivered again.
         */
        public Builder inbox(Duration retention) {
            if (retention.compareTo(SHORTEST_INBOX) < 0 || retention.compareTo(LONGEST_INBOX) > 0) {
                throw new IllegalArgumentException("inbox must be PT1M to 3,650 days, was " + retention);
            }
            this.inbox = retention;
            return this;
        }

        /** What encrypts the data of events; it is stored as it is unless said. */
        public Builder encryption(DataEncryption payloadEncryption) {
            this.encryption = Objects.requireNonNull(payloadEncryption, "payloadEncryption");
            return this;
        }

        /**
         * Refuses events in clear text: none is written without an {@link #encryption}, and one that is stored in clear text, from before
         * or by somebody else's hand, is unreadable.
         */
        public Builder requireEncryption() {
            this.encryptionRequired = true;
            return this;
        }

        /**
         * How long the database may take for one step before the connection is given up; 30 s unless said, 1 s to 10 minutes. How
         * long a connection is waited for is the pool's own setting.
         */
        public Builder timeout(Duration limit) {
            if (limit.compareTo(Duration.ofSeconds(1)) < 0 || limit.compareTo(Duration.ofMinutes(10)) > 0) {
                throw new IllegalArgumentException("timeout must be 1 s to 10 minutes, was " + limit);
            }
            this.timeout = limit;
            return this;
        }

        /** How many transactions write at a time, each for as many emitters as there are; 2 unless said, 1 to 16. */
        public Builder writers(int number) {
            this.writers = between("writers", number, 1, 16);
            return this;
        }

        /**
         * How long another gateway waits for a sign of life of this one before it takes over its deliveries; 30 s unless said, 1 s
         * to an hour. See {@link Stores#lease}.
         */
        public Builder lease(Duration time) {
            if (time.compareTo(Duration.ofSeconds(1)) < 0 || time.compareTo(Duration.ofHours(1)) > 0) {
                throw new IllegalArgumentException("lease must be PT1S to PT1H, was " + time);
            }
            this.lease = time;
            return this;
        }

        /**
         * A clock in place of the database's, for the tests of a gateway that goes by the same clock; the database's unless said. Where
         * processes share the database, their clocks are not the same, so leave it out there.
         */
        public Builder clock(InstantSource source) {
            this.clock = Objects.requireNonNull(source, "source");
            return this;
        }

        /** A clock of this process that does not go right, for tests. */
        Builder processClock(InstantSource source) {
            this.processClock = source;
            return this;
        }

        private static String name(String what, String name) {
            if (!NAME.matcher(name).matches()) {
                throw new IllegalArgumentException(what
                        + " must be 1 to 31 characters of a-z 0-9 _ and not begin with a digit, was '" + name + "'");
            }
            return name;
        }

        private static int between(String what, int value, int least, int most) {
            if (value < least || value > most) {
                throw new IllegalArgumentException(what + " must be " + least + " to " + most + ", was " + value);
            }
            return value;
        }

        Settings settings() {
            return new Settings(
                    schema,
                    prefix,
                    history,
                    maxDeadLetters,
                    maxDataSize,
                    inbox,
                    encryption,
                    encryptionRequired,
                    timeout,
                    writers,
                    clock,
                    processClock);
        }

        /** Creates or updates the tables as {@link JdbcStores#migrate} does, with this builder's schema and prefix. */
        public void migrate() {
            new Migrations(new Database(dataSource, settings())).apply();
        }

        /**
         * The stores.
         *
         * @throws IllegalArgumentException if the data source is a pool of one connection
         * @throws IllegalStateException if an encryption is required and none is given
         * @throws StoreFailedException if the database can't be reached, or is one that the stores don't know
         */
        public JdbcStores build() {
            DataSourceSettings.checkSize(dataSource);
            if (encryptionRequired && encryption == null) {
                throw new IllegalStateException(
                        "requireEncryption() needs encryption(...), so that events can be encrypted");
            }
            return new JdbcStores(dataSource, settings(), lease);
        }
    }
}
