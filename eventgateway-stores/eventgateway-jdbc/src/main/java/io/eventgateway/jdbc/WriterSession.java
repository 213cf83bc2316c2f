package io.eventgateway.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * A connection that one writer keeps for as long as there is something to write. Not thread-safe.
 *
 * <p>PostgreSQL plans our statements once for it: a plan that fits the number of changes in each group is not better than the one
 * for any number, and takes longer to make than to run. The settings are taken back before the pool gets its connection again.
 */
final class WriterSession implements AutoCloseable {
    private final Database database;
    private @Nullable Connection connection;

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
                if (isOneStatement) {
                    open.setAutoCommit(true);
                    inOneStatement(open, change);
                } else {
                    Database.inTransaction(open, connected -> {
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
        Connection known = connection;
        if (known != null) {
            return known;
        }
        Connection opened = database.connect();
        connection = opened;
        opened.setAutoCommit(true);
        execute(opened, "SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off");
        return opened;
    }

    private void execute(Connection open, String setting) throws SQLException {
        if (database.dialect() == Dialect.POSTGRESQL) {
            Database.execute(open, setting);
        }
    }

    @Override
    public void close() {
        Connection open = connection;
        connection = null;
        if (open == null) {
            return;
        }
        try (open) {
            open.setAutoCommit(true);
            execute(open, "RESET plan_cache_mode; RESET enable_seqscan");
        } catch (SQLException e) {
            // a connection that is lost is the pool's to find out
        }
    }
}
