package io.eventgateway.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.eventgateway.jdbc.server.PgBouncer;
import io.eventgateway.jdbc.server.PostgresServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Gateways behind PgBouncer in transaction mode, whose sessions they share with others. */
@Tag("servers")
class PoolerTest extends FaultyDatabase {
    private static final String LEFT = "SELECT string_agg(name || ' = ' || setting, ', ') FROM pg_settings"
            + " WHERE source = 'session' AND name NOT LIKE 'transaction_%'"
            + " AND name NOT IN ('application_name', 'DateStyle')"; // these are the pooler's

    @Test
    void deliversEverythingAndLeavesNothingInTheSessions() throws SQLException {
        HikariDataSource direct = migrated();
        PgBouncer pooler = closed(new PgBouncer(PostgresServer.shared()));
        pooler.start();
        String database = direct.getJdbcUrl().replaceAll(".*/(\\w+)\\?.*", "$1");
        HikariDataSource pool = closed(PostgresServer.pool(pooler.url(database), 12));

        ConnectionSettingsTest.deliversEverything(gateway(JdbcStores.of(pool)), gateway(JdbcStores.of(pool)));

        // transactions at the same time have as many sessions as there are
        List<Connection> sessions = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Connection session = closed(pool.getConnection());
            session.setAutoCommit(false);
            sessions.add(session);
            assertThat(Rows.query(session, LEFT, rows -> rows.getString(1))).containsOnlyNulls();
            assertThat(Rows.query(session, "SELECT pg_listening_channels()", rows -> rows.getString(1)))
                    .isEmpty();
        }
        for (Connection session : sessions) {
            session.rollback();
        }
    }
}
