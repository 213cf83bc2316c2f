package io.eventgateway.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.eventgateway.jdbc.server.MariaDbServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The database's clock, as the stores read it. */
class DatabaseClockTest {
    private static long now(Connection connection, String expression) throws SQLException {
        return Rows.first(connection, "SELECT " + expression, rows -> rows.getLong(1));
    }

    @OnEachDatabase
    void theClockTellsMicrosecondsSince1970AlsoAsABound(TestDatabase database) throws SQLException {
        HikariDataSource pool = DurableGateways.emptied(database);
        try (Connection connection = pool.getConnection()) {
            Dialect dialect = Dialect.of(connection);
            for (String expression : new String[] {dialect.now(), dialect.nowAsBound()}) {
                Instant now = Settings.instant(now(connection, expression));
                assertThat(Duration.between(now, Instant.now()).abs()).isLessThan(Duration.ofMinutes(1));
            }
        } finally {
            DurableGateways.closePools();
        }
    }

    /** The hours around both changes of a year: 2:30 is twice in autumn, and not at all in spring. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-10-25T00:30:00Z",
                "2026-10-25T01:30:00Z",
                "2026-10-25T02:30:00Z",
                "2026-03-29T00:59:59Z",
                "2026-03-29T01:00:00Z"
            })
    @Tag("servers")
    void theHourThatASummerEndsWithIsNotRepeated(String time) throws SQLException {
        Instant instant = Instant.parse(time);
        HikariDataSource pool = DurableGateways.emptied(TestDatabase.MARIADB);
        try (Connection connection = pool.getConnection()) {
            String zone = Rows.first(connection, "SELECT @@system_time_zone", rows -> rows.getString(1));
            assertThat(zone)
                    .as("the zone of the server, which is %s", MariaDbServer.TIME_ZONE)
                    .startsWith("CE");
            Database.execute(connection, "SET time_zone = 'SYSTEM'");
            Database.execute(connection, "SET timestamp = " + instant.getEpochSecond());
            assertThat(now(connection, Dialect.MYSQL.now())).isEqualTo(Settings.micros(instant));
            Database.execute(connection, "SET timestamp = DEFAULT, time_zone = '+05:30'");
            assertThat(now(connection, Dialect.MYSQL.now()) / 60_000_000)
                    .isCloseTo(System.currentTimeMillis() / 60_000, Offset.offset(1L));
        } finally {
            DurableGateways.closePools();
        }
    }

    @Test
    void aBoundOnPostgresqlIsReadOnce() {
        assertThat(Dialect.POSTGRESQL.nowAsBound()).startsWith("(SELECT ");
    }
}
