package io.eventgateway.jdbc;

import io.eventgateway.spi.EventStore.Extent;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How far the history goes, and up to where no event will appear any more. A position is taken when its event is written and not when
 * it is committed, so a missing one may belong to a transaction that is still open: it is waited for until the event behind it is ten
 * seconds old.
 *
 * <p>What is settled stays settled, so each look goes on where the last one ended, and reads what was written since. Thread-safe.
 */
final class HistoryExtent {
    static final String LAST = "SELECT MAX(position) FROM {event}";
    private static final String OLD_ENOUGH =
            "CASE WHEN e.recorded_at < {now} - " + TimeUnit.SECONDS.toMicros(10) + " THEN 1 ELSE 0 END";
    static final String AFTER =
            "SELECT e.position, " + OLD_ENOUGH + " FROM {event} e WHERE e.position > ? ORDER BY e.position LIMIT ?";
    static final String BEFORE = "SELECT e.position, " + OLD_ENOUGH
            + " FROM {event} e WHERE e.position <= ? ORDER BY e.position DESC LIMIT 1";
    /** Up to here everything was settled when its events were deleted, so that their positions are not waited for. */
    private static final String FORGOTTEN = "SELECT version FROM {revision} WHERE name = 'forgotten'";

    private static final int PAGE = 1_000;
    private static final int PAGES = 10;

    /** A position that has an event, and whether what is missing before it is not waited for. */
    private record Written(long position, boolean isOldEnough) {
        static Written read(ResultSet rows) throws SQLException {
            return new Written(rows.getLong(1), rows.getInt(2) != 0);
        }
    }

    private final Database database;
    private final AtomicLong settled = new AtomicLong();

    HistoryExtent(Database database) {
        this.database = database;
    }

    Extent read() {
        return database.run("the history could not be read", this::read);
    }

    /** Returns up to where it is known that no event appears any more, without a look at the database. */
    long knownSettled() {
        return settled.get();
    }

    /** Reads the extent in the open transaction. */
    Extent read(Connection connection) throws SQLException {
        Long last = Rows.first(connection, database.sql(LAST), rows -> rows.getLong(1));
        Long forgotten = Rows.first(connection, database.sql(FORGOTTEN), rows -> rows.getLong(1));
        long newest = last == null ? 0 : last;
        long known = settled.get();
        long from = known == 0 || known > newest ? beforeTheYoung(connection, newest) : known;
        long now = settledFrom(connection, Math.max(from, forgotten == null ? 0 : forgotten));
        settled.set(now);
        return new Extent(newest, Math.min(newest, now));
    }

    /** Goes back from the newest event in longer and longer steps until it comes to one behind which nothing is waited for. */
    private long beforeTheYoung(Connection connection, long newest) throws SQLException {
        for (long step = PAGE; step < newest; step *= 2) {
            Written at = Rows.first(connection, database.sql(BEFORE), Written::read, newest - step);
            if (at == null) {
                return 0;
            }
            if (at.isOldEnough()) {
                return at.position();
            }
        }
        return 0;
    }

    private long settledFrom(Connection connection, long from) throws SQLException {
        long reached = from;
        for (int i = 0; i < PAGES; i++) {
            List<Written> page = Rows.query(connection, database.sql(AFTER), Written::read, reached, PAGE);
            for (Written each : page) {
                if (each.position() > reached + 1 && !each.isOldEnough()) {
                    return reached;
                }
                reached = each.position();
            }
            if (page.size() < PAGE) {
                return reached;
            }
        }
        return reached;
    }
}
