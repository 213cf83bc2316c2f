package io.eventgateway.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A connection of the data source, which the application may share, with the settings of the stores for as long as they have it. It
 * goes back with the settings that it came with. Not thread-safe.
 */
final class BorrowedConnection implements AutoCloseable {
    /** The drivers set the time limit of a socket, which takes no thread. */
    private static final Executor AT_ONCE = Runnable::run;

    /** Gives a setting of a connection its former value. */
    @FunctionalInterface
    private interface Restoration {
        void run() throws SQLException;
    }

    /**
     * Has MySQL and MariaDB end the connection, and with it its transaction, when it says nothing for five seconds. The former value waits
     * in the session, which saves asking for it.
     */
    private static final String LIMIT_SILENCE =
            "SET @eventgateway_wait_timeout = @@SESSION.wait_timeout, SESSION wait_timeout = 5";

    private static final String FORMER_SILENCE =
            "SET SESSION wait_timeout = @eventgateway_wait_timeout, @eventgateway_wait_timeout = NULL";

    private final Connection connection;
    private @Nullable Restoration networkTimeout;
    private @Nullable Restoration silence;
    private @Nullable Restoration isolation;

    BorrowedConnection(Connection connection) {
        this.connection = connection;
    }

    Connection connection() {
        return connection;
    }

    /** Limits every wait for the server. */
    void limitWaits(Duration timeout) throws SQLException {
        try {
            int former = connection.getNetworkTimeout();
            connection.setNetworkTimeout(AT_ONCE, Math.toIntExact(timeout.toMillis()));
            networkTimeout = () -> connection.setNetworkTimeout(AT_ONCE, former);
        } catch (SQLFeatureNotSupportedException e) {
            // an embedded database has no network to wait for
        }
    }

    /** Has transactions see what was committed before each statement; for databases where asking for the level costs nothing. */
    void readCommitted() throws SQLException {
        int former = connection.getTransactionIsolation();
        if (former != Connection.TRANSACTION_READ_COMMITTED) {
            connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
            isolation = () -> connection.setTransactionIsolation(former);
        }
    }

    /**
     * Limits how long the server puts up with a process that is stopped in the middle of a transaction, and keeps the locks that others
     * wait for. Neither MySQL nor MariaDB can be told so for a transaction alone.
     */
    void limitSilence() throws SQLException {
        Database.execute(connection, LIMIT_SILENCE);
        silence = () -> Database.execute(connection, FORMER_SILENCE);
    }

    @Override
    public void close() throws SQLException {
        try (connection) {
            restore(silence);
            restore(isolation);
            restore(networkTimeout);
        }
    }

    private static void restore(@Nullable Restoration setting) {
        if (setting == null) {
            return;
        }
        try {
            setting.run();
        } catch (SQLException e) {
            // a connection that is lost is the pool's to find out
        }
    }
}
