package io.eventgateway.jdbc;

import io.eventgateway.error.StoreFailedException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Set;

/** What differs between databases. */
enum Dialect {
    /** PostgreSQL 13 and later. */
    POSTGRESQL(
            "postgresql",
            "(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000)::bigint",
            "(SELECT (EXTRACT(EPOCH FROM clock_timestamp()) * 1000000)::bigint)",
            "INSERT INTO %s ON CONFLICT DO NOTHING"),
    /** MySQL 8.0.17 and later, MariaDB 10.6 and later. */
    MYSQL(
            "mysql",
            "TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6))",
            "TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6))",
            "INSERT IGNORE INTO %s"),
    /** H2 2.2 and later. */
    H2(
            "h2",
            "CAST(EXTRACT(EPOCH FROM CURRENT_TIMESTAMP) * 1000000 AS BIGINT)",
            "CAST(EXTRACT(EPOCH FROM CURRENT_TIMESTAMP) * 1000000 AS BIGINT)",
            "INSERT INTO %s");

    /** SQLSTATEs and vendor codes after which the same transaction may well succeed. */
    private static final Set<String> CONFLICTS = Set.of("40001", "40P01", "55P03", "HYT00");

    private static final Set<Integer> H2_CONFLICTS = Set.of(90131, 50200);
    private static final Set<Integer> MYSQL_CONFLICTS = Set.of(1205, 1213, 1020);
    private static final Set<String> THERE_ALREADY = Set.of("42S01", "42S11", "42P06", "42P07", "42710", "23505");
    private static final Set<Integer> MYSQL_THERE_ALREADY = Set.of(1007, 1050, 1061);
    /** What H2 says when two connections create the same thing at the same time, be it with IF NOT EXISTS. */
    private static final int H2_GENERAL_ERROR = 50000;

    private static final Set<String> MISSING_TABLE = Set.of("42P01", "42S02", "42S04", "3F000");
    private static final Set<String> LACKING_RIGHTS = Set.of("42501", "42000", "90096");
    private static final Set<String> READ_ONLY = Set.of("25006", "90097");

    private final String directory;
    private final String now;
    private final String bound;
    private final String insertIfAbsent;

    Dialect(String directory, String now, String bound, String insertIfAbsent) {
        this.directory = directory;
        this.now = now;
        this.bound = bound;
        this.insertIfAbsent = insertIfAbsent;
    }

    /** The dialect of the database behind a connection. */
    static Dialect of(Connection connection) throws SQLException {
        String product = connection.getMetaData().getDatabaseProductName();
        String name = product.toLowerCase(Locale.ROOT);
        if (name.contains("postgres")) {
            return POSTGRESQL;
        }
        if (name.contains("mysql") || name.contains("mariadb")) {
            return MYSQL;
        }
        if (name.equals("h2")) {
            return H2;
        }
        throw new StoreFailedException("the database is '" + product
                + "'; the stores work on PostgreSQL (13 and later), MySQL (8.0.17), MariaDB (10.6) and H2 (2.2)");
    }

    /** Where its migrations are, below {@code migration/}. */
    String directory() {
        return directory;
    }

    /**
     * The database's clock in UTC, in microseconds since 1970. A session's time zone, and the hour that its summer ends with, do not
     * change it.
     *
     * <p>PostgreSQL reads the clock where the expression is evaluated, the others when the statement begins. A statement that waited for
     * a lock may thus go by a time that is too early, which is the safe side: a lease that it extends ends early, but not before the
     * gateway that asked has stopped to rely on it, and a lease that it looks at is over late.
     */
    String now() {
        return now;
    }

    /**
     * The same clock, as a bound that an index can be searched by: PostgreSQL searches by nothing that may change from row to row, but
     * reads a subquery once.
     */
    String nowAsBound() {
        return bound;
    }

    /** What makes a query lock the rows that it reads against their deletion, shared with others where the database has that. */
    String sharedLock() {
        return switch (this) {
            case POSTGRESQL -> " FOR KEY SHARE";
            case MYSQL -> " LOCK IN SHARE MODE";
            case H2 -> " FOR UPDATE";
        };
    }

    /** An insert that does nothing when there is such a row; where the database can't say that, it fails. */
    String insertIfAbsent(String intoAndValues) {
        return insertIfAbsent.formatted(intoAndValues);
    }

    /**
     * Returns whether a statement failed because others were in the way, so that it may succeed again. Nothing was
     * changed.
     */
    static boolean isConflict(SQLException e) {
        for (SQLException at = e; at != null; at = at.getNextException()) {
            if (CONFLICTS.contains(state(at))
                    || H2_CONFLICTS.contains(at.getErrorCode())
                    || MYSQL_CONFLICTS.contains(at.getErrorCode())) {
                return true;
            }
        }
        return false;
    }

    static boolean isDuplicate(SQLException e) {
        return state(e).startsWith("23");
    }

    /**
     * Returns whether a statement failed for what it says and not for what the database is going through: it would fail
     * again.
     */
    static boolean isRefusal(SQLException e) {
        String state = state(e);
        return state.startsWith("22") || state.startsWith("23") || state.startsWith("0A");
    }

    /** Returns whether the connection is of no use any more: a commit may have been made of which nobody heard. */
    static boolean isLost(SQLException e) {
        String state = state(e);
        return state.isEmpty() || state.startsWith("08") || state.startsWith("57");
    }

    /** Some drivers, and some pools, give none. */
    private static String state(SQLException e) {
        return e.getSQLState() == null ? "" : e.getSQLState();
    }

    /** Returns whether what was to be created is there already. */
    static boolean isThereAlready(SQLException e) {
        return THERE_ALREADY.contains(state(e))
                || MYSQL_THERE_ALREADY.contains(e.getErrorCode())
                || (e.getErrorCode() == H2_GENERAL_ERROR
                        && String.valueOf(e.getMessage()).contains(" already exists"));
    }

    static boolean isMissingTable(SQLException e) {
        return MISSING_TABLE.contains(state(e));
    }

    static boolean isReadOnly(SQLException e) {
        return READ_ONLY.contains(state(e)) || e.getErrorCode() == 90097 || e.getErrorCode() == 1290;
    }

    static boolean isLackingRights(SQLException e) {
        return LACKING_RIGHTS.contains(state(e)) || e.getErrorCode() == 1142;
    }
}
