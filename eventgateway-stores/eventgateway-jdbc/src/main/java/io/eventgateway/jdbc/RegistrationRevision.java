package io.eventgateway.jdbc;

import io.eventgateway.error.StoreFailedException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The number of the latest change of functions and subscriptions, as whoever is at the database anyway has last seen it: claims look
 * at it for the watches, which need not ask themselves then. Thread-safe.
 */
final class RegistrationRevision {
    private static final String REVISION = "SELECT version FROM {revision} WHERE name = 'registration'";
    /** Claims that find nothing are made every two seconds. */
    private static final long FRESH_NANOS = TimeUnit.MILLISECONDS.toNanos(2_500);

    private final Database database;
    private final Signals signals;
    private final AtomicLong seen = new AtomicLong(-1);
    private volatile long lookedAt = System.nanoTime() - FRESH_NANOS;

    RegistrationRevision(Database database, Signals signals) {
        this.database = database;
        this.signals = signals;
    }

    /** Reads the number. */
    long read(Connection connection) throws SQLException {
        Long revision = Rows.first(connection, database.sql(REVISION), rows -> rows.getLong(1));
        if (revision == null) {
            throw new StoreFailedException("the row 'registration' of table "
                    + database.settings().qualified("revision") + " is missing; the migrations put it there");
        }
        return revision;
    }

    /** Reads the number in a claim's transaction, unless other processes tell of changes, and tells the watches when it is another. */
    void lookWhileClaiming(Connection connection) throws SQLException {
        if (signals.isListening()) {
            return;
        }
        long revision = read(connection);
        lookedAt = System.nanoTime();
        if (seen.getAndSet(revision) != revision) {
            signals.tellHere(Signals.Topic.REGISTRATION);
        }
    }

    /** Returns whether a watch is told of every change without asking: by other processes, or by a claim of just now. */
    boolean isWatched() {
        return signals.isListening() || System.nanoTime() - lookedAt < FRESH_NANOS;
    }
}
