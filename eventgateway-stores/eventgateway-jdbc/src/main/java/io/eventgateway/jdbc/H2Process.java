package io.eventgateway.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an H2 database needs that its URL may not say. H2 is opened by the first connection and closed with the last, and forgets
 * meanwhile what was set in between.
 *
 * <p>Thread-safe.
 */
final class H2Process {
    private static final Logger log = LoggerFactory.getLogger(H2Process.class);

    /** H2 would else write a commit up to half a second after it has returned. */
    private static final String WRITE_AT_COMMIT = "SET WRITE_DELAY 0";

    private static final String LOSES_COMMITS = "2.5.";
    private static final String IN_A_FILE = "SELECT 1 WHERE DATABASE_PATH() IS NOT NULL";
    private static final Pattern STAYS_OPEN =
            Pattern.compile(";\\s*DB_CLOSE_ON_EXIT\\s*=\\s*(FALSE|F|NO|N|0)\\b", Pattern.CASE_INSENSITIVE);
    private static final int NO_ADMINISTRATOR = 90040;

    private final AtomicBoolean lacksRights = new AtomicBoolean();
    private final AtomicBoolean exitIsChecked = new AtomicBoolean();

    /** Makes commits durable for as long as the database is open. A connection costs a few microseconds more by that. */
    void begin(Connection connection) throws SQLException {
        if (lacksRights.get()) {
            return;
        }
        try {
            Database.execute(connection, WRITE_AT_COMMIT);
        } catch (SQLException e) {
            if (e.getErrorCode() != NO_ADMINISTRATOR) {
                throw e;
            }
            if (!lacksRights.getAndSet(true)) {
                log.warn("The stores' user is no administrator of the H2 database and can't SET WRITE_DELAY 0: what was"
                        + " accepted in the last half second is lost when the process dies, unless an administrator's"
                        + " connection opens the database with ;WRITE_DELAY=0 in its URL");
            }
        }
    }

    /** Warns of a release of H2 whose files lose commits, whatever is set. */
    void checkRelease(Connection connection) throws SQLException {
        String release = connection.getMetaData().getDatabaseProductVersion();
        if (release.startsWith(LOSES_COMMITS) && Rows.first(connection, IN_A_FILE, rows -> true) != null) {
            log.warn(
                    "H2 {} may lose commits of the seconds before its process is killed, though they were written: what was accepted"
                            + " then is not delivered. Use 2.4.240, with which that was not seen",
                    release);
        }
    }

    /**
     * Warns of a database in this process that is closed by a hook of its own while the gateway is closed by another. H2 itself
     * does not tell whether it has that hook.
     *
     * @param url where the data source says it; null for not known
     */
    void checkExit(Connection connection, @Nullable String url) throws SQLException {
        if (exitIsChecked.getAndSet(true)
                || url == null
                || STAYS_OPEN.matcher(url).find()) {
            return;
        }
        if (!isRemote(connection) && Rows.first(connection, IN_A_FILE, rows -> true) != null) {
            log.warn(
                    "H2 closes this database as soon as the process begins to exit, beside a gateway that still delivers:"
                            + " the ends of these deliveries are not written then, and the deliveries are made again after the next"
                            + " start. Add ;DB_CLOSE_ON_EXIT=FALSE to the URL of the DataSource, or always close() the gateway"
                            + " before main ends");
        }
    }

    private static boolean isRemote(Connection connection) throws SQLException {
        String url = String.valueOf(connection.getMetaData().getURL()).toLowerCase(Locale.ROOT);
        return url.startsWith("jdbc:h2:tcp:") || url.startsWith("jdbc:h2:ssl:");
    }
}
