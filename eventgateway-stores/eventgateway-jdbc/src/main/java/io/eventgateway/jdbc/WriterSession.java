package io.eventgateway.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * A connection that one writer keeps for as long as there is something to write. It sets nothing for the session: behind a pooler
 * the next transaction may be another application's. Not thread-safe.
 */
final class WriterSession implements AutoCloseable {
    private final Database database;
    private @Nullable BorrowedConnection borrowed;
    /** Whether the connection was in auto-commit when it came. */
    private boolean isAutoCommit = true;

    WriterSession(Database database) {
        this.database = database;
    }

    /**
     * Runs steps in one transaction.
     *
     * @param isOneStatement whether the steps are one statement, which needs no transaction of its own then
     */
    void run(boolean isOneStatement, Database.Change change) throws SQLException {
        database.again(() -> {
            boolean done = false;
            try {
                Connection open = open();
                if (isOneStatement && database.isReadCommitted()) {
                    open.setAutoCommit(true);
                    inOneStatement(open, change);
                } else {
                    database.inTransaction(open, connected -> {
                        change.in(connected);
                        return true;
                    });
                }
                done = true;
                return true;
            } finally {
                if (!done) {
                    close(); // the next attempt begins with a connection that is in order
                }
            }
        });
    }

    /** Makes a change that is committed by its only statement. */
    private static void inOneStatement(Connection open, Database.Change change) throws SQLException {
        try {
            change.in(open);
        } catch (SQLException e) {
            throw Dialect.isLost(e) ? new InDoubtException(e) : e;
        }
    }

    private Connection open() throws SQLException {
        BorrowedConnection known = borrowed;
        if (known == null) {
            known = database.connect();
            borrowed = known;
            isAutoCommit = known.connection().getAutoCommit();
            known.connection().setAutoCommit(true);
        }
        return known.connection();
    }

    @Override
    public void close() {
        BorrowedConnection open = borrowed;
        borrowed = null;
        if (open == null) {
            return;
        }
        try (open) {
            open.connection().setAutoCommit(isAutoCommit);
        } catch (SQLException e) {
            // a connection that is lost is the pool's to find out
        }
    }
}
