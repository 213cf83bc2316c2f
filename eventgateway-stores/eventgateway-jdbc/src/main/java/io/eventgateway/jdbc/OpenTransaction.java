package io.eventgateway.jdbc;

import java.sql.Connection;
import java.sql.SQLException;

/** The transaction of an application's own, which it gives as a connection. */
final class OpenTransaction {
    private OpenTransaction() {}

    /**
     * Returns the connection.
     *
     * @param what is to happen in the transaction, for the message
     * @throws IllegalArgumentException if it is no connection, or has no transaction
     */
    static Connection of(Object transaction, String what) {
        if (!(transaction instanceof Connection connection)) {
            throw new IllegalArgumentException(
                    "the event store on JDBC writes in the transaction of a java.sql.Connection, was given a "
                            + transaction.getClass().getName());
        }
        boolean auto;
        try {
            auto = connection.getAutoCommit();
        } catch (SQLException e) {
            return connection; // it is closed or lost, which the first statement says better
        }
        if (auto) {
            throw new IllegalArgumentException("the connection that " + what
                    + " has no transaction: it is in auto-commit; call setAutoCommit(false) first, and commit() after");
        }
        return connection;
    }
}
