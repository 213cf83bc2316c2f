package io.eventgateway.jdbc.faults;

import com.zaxxer.hikari.HikariDataSource;
import io.eventgateway.jdbc.server.PostgresServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tables that somebody locks, and pools that have hardly any connection. */
class BusyDatabaseTest extends FaultRun {
    private static final List<String> TABLES =
            List.of("event", "delivery", "turn", "dead_letter", "gateway", "consumer", "registration");

    @Tag("outage")
    @ParameterizedTest
    @MethodSource("io.eventgateway.jdbc.faults.FaultDatabase#serversOfThisRun")
    void tablesThatAreLockedAndRewrittenLoseNothing(FaultDatabase database) throws Exception {
        String url = database.url(directory);
        migrate(url);
        List<WorkerProcess> running = List.of(start(task(url)), start(task(url)));
        running.forEach(process -> process.awaitAccepted(50));
        Duration locked = Duration.ofSeconds(isLong() ? 30 : 3);
        lock(url, database, locked);
        if (database == FaultDatabase.POSTGRESQL) {
            rewrite(url, locked);
        }
        running.forEach(process -> process.awaitAccepted(50));
        finish(url);
        drainAndCheck(url, "tables of " + database + " locked for " + locked.toSeconds() + " s");
    }

    private static void lock(String url, FaultDatabase database, Duration time) throws SQLException {
        try (HikariDataSource pool = PostgresServer.pool(url, 1);
                Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            if (database == FaultDatabase.POSTGRESQL) {
                statement.execute("LOCK TABLE eg_" + String.join(", eg_", TABLES) + " IN ACCESS EXCLUSIVE MODE");
            } else {
                statement.execute("LOCK TABLES eg_" + String.join(" WRITE, eg_", TABLES) + " WRITE");
            }
            ToxicProxy.pause(time);
            connection.rollback();
            if (database == FaultDatabase.MARIADB) {
                statement.execute("UNLOCK TABLES");
            }
        }
    }

    /** Takes the same lock again and again, for as long as each table takes to be written anew. */
    private static void rewrite(String url, Duration time) {
        long until = System.nanoTime() + time.toNanos();
        try (HikariDataSource pool = PostgresServer.pool(url, 1)) {
            while (System.nanoTime() - until < 0) {
                for (String table : TABLES) {
                    execute(pool, "VACUUM FULL eg_" + table);
                }
            }
        }
    }

    @Tag("outage")
    @ParameterizedTest
    @MethodSource("io.eventgateway.jdbc.faults.FaultDatabase#serversOfThisRun")
    void poolsOfTwoConnectionsLoseNothing(FaultDatabase database) throws Exception {
        String url = database.url(directory);
        migrate(url);
        List<WorkerProcess> running =
                List.of(start(task(url).withPool(2)), start(task(url).withPool(2)));
        running.forEach(process -> process.awaitAccepted(300));
        ToxicProxy.pause(length(3));
        running.get(0).kill();
        running.get(1).awaitAccepted(100);
        finish(url);
        drainAndCheck(url, "pools of two on " + database);
    }
}
