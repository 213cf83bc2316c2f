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

    private final Connection connection;
    private @Nullable Restoration networkTimeout;
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

    @Override
    public void close() throws SQLException {
        try (connection) {
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
