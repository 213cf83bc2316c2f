package io.eventgateway.jdbc;

import io.eventgateway.EventGatewayException;
import io.eventgateway.error.StoreFailedException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The database as the stores use it: short transactions with a time limit, and our tables by their names. Thread-safe. */
final class Database {
    /**
     * The settings of our transactions, which end with them, so that they are nobody else's, whatever is between us and the server.
     *
     * <p>Each of our statements has an index. PostgreSQL would read a table from end to end while it is small, keep that plan on the
     * connection, and still go by it when the table has grown, until it is analysed.
     *
     * <p>A process that is stopped in the middle of a transaction keeps the locks that others wait for. So the server ends a
     * transaction that has said nothing for a while.
     */
    private static final String BEGIN_ON_POSTGRESQL =
            "SET TRANSACTION ISOLATION LEVEL READ COMMITTED; SET LOCAL enable_seqscan = off;"
                    + " SET LOCAL idle_in_transaction_session_timeout = 5000";

    private static final String BEGIN_ON_MYSQL = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ";

    private static final int CONFLICTS_AT_MOST = 8;
    private static final long DOUBT_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    /** Steps of one transaction. */
    @FunctionalInterface
    interface Work<T> {
        T in(Connection connection) throws SQLException;
    }

    /** Steps of one transaction from which nothing comes back. */
    @FunctionalInterface
    interface Change {
        void in(Connection connection) throws SQLException;
    }

    private final DataSource dataSource;
    private final Settings settings;
    private final LongAdder conflicts = new LongAdder();
    private final Map<String, String> statements = new ConcurrentHashMap<>();
    private final H2Process h2 = new H2Process();
    private volatile @Nullable Dialect dialect;
    /** The isolation level that the data source's connections come with, as far as the first one tells. */
    private volatile int isolation = Connection.TRANSACTION_READ_COMMITTED;

    Database(DataSource dataSource, Settings settings) {
        this.dataSource = dataSource;
        this.settings = settings;
    }

    Settings settings() {
        return settings;
    }

    /** How many transactions were begun again because others were in the way. */
    long conflicts() {
        return conflicts.sum();
    }

    Dialect dialect() {
        Dialect known = dialect;
        return known != null ? known : run("the database could not be asked what it is", this::dialectOf);
    }

    private Dialect dialectOf(Connection connection) throws SQLException {
        Dialect known = dialect;
        if (known == null) {
            known = Dialect.of(connection);
            isolation = connection.getTransactionIsolation();
            dialect = known;
        }
        return known;
    }

    /** Warns of settings of the database with which a gateway can't keep what it promises. */
    void check() {
        if (dialect() == Dialect.H2) {
            change("the settings of the database could not be read", connection -> {
                h2.checkRelease(connection);
                h2.checkExit(connection, DataSourceSettings.url(dataSource));
            });
        }
    }

    /**
     * A statement with {@code {names}} of our tables put in, {@code {now}} for the time as a value, and {@code {now_bound}} for the
     * time that rows are searched by.
     */
    String sql(String template) {
        if (settings.clock() != null) {
            String now =
                    "CAST(" + settings.nowMicros() + " AS " + (dialect() == Dialect.MYSQL ? "SIGNED" : "BIGINT") + ")";
            return settings.named(template).replace("{now}", now).replace("{now_bound}", now);
        }
        return statements.computeIfAbsent(template, key -> settings.named(key)
                .replace("{now}", dialect().now())
                .replace("{now_bound}", dialect().nowAsBound()));
    }

    /**
     * Runs steps in one transaction, again when others were in the way.
     *
     * @param failure what it means when it fails, for the message
     * @throws StoreFailedException if it failed; nothing was changed, unless the connection was lost in the commit
     */
    <T> T run(String failure, Work<T> work) {
        try {
            return attempt(work);
        } catch (SQLException e) {
            throw failed(failure, e);
        }
    }

    /** Runs steps as {@link #run} does, from which nothing comes back. */
    void change(String failure, Change change) {
        run(failure, connection -> {
            change.in(connection);
            return true;
        });
    }

    /**
     * Runs steps as {@link #run} does, and again when the connection was lost in the commit, for as long as a step may take: the steps
     * find out whether they were made.
     */
    <T> T runThroughDoubt(String failure, Work<T> work) {
        long until = System.nanoTime() + settings.timeout().toNanos();
        boolean inDoubt = false;
        while (true) {
            try {
                return attempt(work);
            } catch (SQLException e) {
                inDoubt |= e instanceof InDoubtException;
                if (!inDoubt || !Dialect.isLost(e) || System.nanoTime() - until > 0) {
                    throw failed(failure, e);
                }
                LockSupport.parkNanos(DOUBT_PAUSE_NANOS);
            }
        }
    }

    /** Runs steps as {@link #run} does, and throws the exception itself. */
    <T> T attempt(Work<T> work) throws SQLException {
        return again(() -> once(work));
    }

    /** Makes one attempt. */
    @FunctionalInterface
    interface Attempt<T> {
        T make() throws SQLException;
    }

    /** Attempts something again and again while others are in the way. */
    <T> T again(Attempt<T> step) throws SQLException {
        for (int attempt = 1; ; attempt++) {
            try {
                return step.make();
            } catch (SQLException e) {
                if (!Dialect.isConflict(e) || attempt == CONFLICTS_AT_MOST) {
                    throw e;
                }
                conflicts.increment();
                LockSupport.parkNanos(
                        ThreadLocalRandom.current().nextLong(FIRST_PAUSE_NANOS, FIRST_PAUSE_NANOS << attempt));
            }
        }
    }

    private <T> T once(Work<T> work) throws SQLException {
        try (BorrowedConnection borrowed = connect()) {
            return inTransaction(borrowed.connection(), work);
        }
    }

    static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Runs steps in a transaction of a connection, which is not closed. */
    <T> T inTransaction(Connection connection, Work<T> work) throws SQLException {
        boolean ended = false;
        boolean auto = connection.getAutoCommit();
        if (auto) {
            connection.setAutoCommit(false);
        }
        try {
            begin(connection);
            T result = work.in(connection);
            commit(connection);
            ended = true;
            return result;
        } finally {
            if (!ended) {
                rollBack(connection);
            }
            if (auto) {
                restore(connection);
            }
        }
    }

    /**
     * Sets what the transaction needs, for the transaction alone. MySQL's own level will do; one that locks what it reads, or reads what
     * is not committed, will not.
     */
    private void begin(Connection connection) throws SQLException {
        if (dialect == Dialect.POSTGRESQL) {
            execute(connection, BEGIN_ON_POSTGRESQL);
        } else if (dialect == Dialect.MYSQL
                && isolation != Connection.TRANSACTION_REPEATABLE_READ
                && isolation != Connection.TRANSACTION_READ_COMMITTED) {
            execute(connection, BEGIN_ON_MYSQL);
        }
    }

    /** Returns whether a statement without a transaction around it sees what was committed before it, and waits for other writers. */
    boolean isReadCommitted() {
        return isolation == Connection.TRANSACTION_READ_COMMITTED;
    }

    /**
     * A connection whose every wait has a time limit. What the database is, is known from here on, so that nobody needs a second
     * connection to ask.
     */
    BorrowedConnection connect() throws SQLException {
        BorrowedConnection borrowed = new BorrowedConnection(dataSource.getConnection());
        boolean ready = false;
        try {
            borrowed.limitWaits(settings.timeout());
            switch (dialectOf(borrowed.connection())) {
                case H2 -> {
                    borrowed.readCommitted();
                    h2.begin(borrowed.connection());
                }
                case MYSQL -> borrowed.limitSilence();
                case POSTGRESQL -> {} // each transaction sets what it needs for itself
            }
            ready = true;
            return borrowed;
        } finally {
            if (!ready) {
                borrowed.close();
            }
        }
    }

    private static void commit(Connection connection) throws SQLException {
        try {
            connection.commit();
        } catch (SQLException e) {
            throw Dialect.isLost(e) ? new InDoubtException(e) : e;
        }
    }

    private static void rollBack(Connection connection) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            // it is lost, and with it the transaction; what made us roll back is on its way to the caller
        }
    }

    private static void restore(Connection connection) {
        try {
            connection.setAutoCommit(true);
        } catch (SQLException e) {
            // a connection that is lost is the pool's to find out
        }
    }

    /** What an exception of the driver means to a user. */
    EventGatewayException failed(String failure, SQLException e) {
        String why = e.getMessage() == null ? e.toString() : e.getMessage().strip();
        if (Dialect.isMissingTable(e)) {
            return new StoreFailedException(
                    failure + ": the tables of the gateway are not there (" + why
                            + "); create them with JdbcStores.migrate(dataSource), or with the migrations in the jar",
                    e);
        }
        if (Dialect.isReadOnly(e)) {
            return new StoreFailedException(
                    failure + ": the database is read-only (" + why + "); give a connection to the primary", e);
        }
        if (Dialect.isLackingRights(e)) {
            return new StoreFailedException(
                    failure + ": the user lacks rights (" + why
                            + "); it needs SELECT, INSERT, UPDATE and DELETE on tables that begin with '"
                            + settings.qualified("")
                            + "', and USAGE on the sequence where there is one; to migrate, the right to create tables in a"
                            + " schema that is there",
                    e);
        }
        return new StoreFailedException(failure + ": " + why, e);
    }

    /** How long a step may take. */
    Duration timeout() {
        return settings.timeout();
    }
}
