package io.eventgateway.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * How the stores are doing.
 *
 * @param pending deliveries that have not ended
 * @param unclaimed those of them that no gateway holds
 * @param oldestUnclaimed how long the oldest of these has been due; zero when there is none
 * @param held deliveries whose events can't be read, because their key is missing or their row is damaged; they wait for the key,
 *     and are looked at once a minute
 * @param unreachable deliveries that no gateway holds, and whose function no living gateway can call
 * @param deadLetters dead letters, of all spaces
 * @param gateways gateways that are alive
 * @param dropped deliveries that this process has dropped: their event was erased or forgotten before they ended, or their handler
 *     had no name and its process is gone
 * @param staleOutcomes outcomes of this process that were refused, since another gateway had taken the delivery over
 * @param conflicts transactions of this process that were begun again, since others were in the way
 */
public record JdbcStoreStatus(
        long pending,
        long unclaimed,
        Duration oldestUnclaimed,
        long held,
        long unreachable,
        long deadLetters,
        long gateways,
        long dropped,
        long staleOutcomes,
        long conflicts) {
    private static final String OLDEST_UNCLAIMED =
            "SELECT COALESCE(MAX({now} - due_at), 0) FROM {delivery} WHERE holder = '' AND due_at <= {now}";

    private static final String UNREACHABLE = "SELECT COUNT(*) FROM {delivery} d WHERE d.holder = ''"
            + " AND NOT EXISTS (SELECT 1 FROM {handler} h JOIN {gateway} g ON g.id = h.holder"
            + " WHERE h.space = d.space AND h.function_id = d.function_id AND g.gone = 0 AND g.alive_until > {now})";

    static JdbcStoreStatus of(Database database, long dropped, long staleOutcomes) {
        return database.run(
                "the status of the stores could not be read",
                connection -> new JdbcStoreStatus(
                        number(connection, database, "SELECT COUNT(*) FROM {delivery}"),
                        number(connection, database, "SELECT COUNT(*) FROM {delivery} WHERE holder = ''"),
                        Duration.ofNanos(TimeUnit.MICROSECONDS.toNanos(number(connection, database, OLDEST_UNCLAIMED))),
                        number(connection, database, "SELECT COUNT(*) FROM {delivery} WHERE held_since IS NOT NULL"),
                        number(connection, database, UNREACHABLE),
                        number(connection, database, "SELECT COUNT(*) FROM {dead_letter}"),
                        number(
                                connection,
                                database,
                                "SELECT COUNT(*) FROM {gateway} WHERE gone = 0 AND alive_until > {now}"),
                        dropped,
                        staleOutcomes,
                        database.conflicts()));
    }

    private static long number(Connection connection, Database database, String sql) throws SQLException {
        Long number = Rows.first(connection, database.sql(sql), rows -> rows.getLong(1));
        return number == null ? 0 : number;
    }
}
