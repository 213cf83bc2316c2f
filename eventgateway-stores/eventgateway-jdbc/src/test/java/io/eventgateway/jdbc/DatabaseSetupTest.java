package io.eventgateway.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.eventgateway.Emission;
import io.eventgateway.EmitOptions;
import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.error.StoreFailedException;
import io.eventgateway.jdbc.server.PostgresServer;
import io.eventgateway.spi.EventStore;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What is said of a database that is not set up as it should be. */
class DatabaseSetupTest extends FaultyDatabase {
    @Test
    void aGatewayThatNeverBeganLeavesWithoutAskingTheDatabase() {
        EventStore store =
                JdbcStores.of(closed(TestDatabase.POSTGRESQL.empty())).eventStore();

        assertThatCode(() -> store.leave("never began")).doesNotThrowAnyException();
    }

    @Test
    void missingTablesAreNamedAtTheStart() {
        HikariDataSource pool = closed(TestDatabase.POSTGRESQL.empty());

        assertThatThrownBy(
                        () -> EventGateway.builder().stores(JdbcStores.of(pool)).build())
                .isInstanceOf(StoreFailedException.class)
                .hasMessageContaining("eg_*' are not there")
                .hasMessageContaining("JdbcStores.migrate");
    }

    @Test
    void tablesOfANewerVersionAreRefused() {
        HikariDataSource pool = migrated();
        execute(pool, "UPDATE eg_revision SET version = 99 WHERE name = 'schema'");

        assertThatThrownBy(
                        () -> EventGateway.builder().stores(JdbcStores.of(pool)).build())
                .isInstanceOf(StoreFailedException.class)
                .hasMessageContaining("are of version 99")
                .hasMessageContaining("newer release");
        assertThatThrownBy(() -> JdbcStores.migrate(pool)).hasMessageContaining("newer release");
    }

    @Test
    void aReadOnlyDatabaseIsNamedAtTheStart() {
        HikariDataSource pool = migrated();
        HikariDataSource readOnly =
                closed(PostgresServer.pool(pool.getJdbcUrl() + "&options=-c%20default_transaction_read_only=on", 4));

        assertThatThrownBy(() ->
                        EventGateway.builder().stores(JdbcStores.of(readOnly)).build())
                .isInstanceOf(StoreFailedException.class)
                .hasMessageContaining("read-only");
    }

    @Test
    void aUserWhoLacksRightsIsToldWhichAreNeededAndTheDocumentedOnesAreEnough() {
        HikariDataSource pool = migrated();
        String user = "app" + System.nanoTime();
        execute(pool, "CREATE ROLE " + user + " LOGIN");
        HikariDataSource limited =
                closed(PostgresServer.pool(pool.getJdbcUrl().replace("user=postgres", "user=" + user), 8));

        assertThatThrownBy(() ->
                        EventGateway.builder().stores(JdbcStores.of(limited)).build())
                .isInstanceOf(StoreFailedException.class)
                .hasMessageContaining("SELECT, INSERT, UPDATE and DELETE");

        execute(
                pool,
                "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO " + user
                        + "; GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO " + user);
        EventGateway gateway = gateway(JdbcStores.of(limited));
        gateway.subscribe("a", event -> {});
        assertThat(isDelivered(gateway.emit("a", 1))).isTrue();
    }

    @Test
    void aDataSourceWhoseConnectionsAreClosedIsAClearErrorAndOtherGatewaysGoOn() {
        HikariDataSource pool = migrated();
        EventGateway healthy = gateway(JdbcStores.of(pool));
        healthy.subscribe("a", event -> {});
        AtomicBoolean broken = new AtomicBoolean();
        JdbcStores stores = JdbcStores.of(new ClosedConnections(pool, broken));
        EventGateway gateway = gateway(stores);
        gateway.subscribe("a", event -> {});
        broken.set(true);

        assertThatThrownBy(() -> gateway.emit("a", 1))
                .isInstanceOf(StoreFailedException.class)
                .hasMessageContaining("failed to write");
        assertThat(gateway.backlog().pending()).isZero();
        assertThat(isDelivered(healthy.emit("a", 1))).isTrue();
        broken.set(false);
        assertThat(isDelivered(gateway.emit("a", 1))).isTrue();
    }

    @Test
    void aSchemaAndAPrefixOfOnesOwnAreUsed() throws Exception {
        HikariDataSource pool = closed(TestDatabase.POSTGRESQL.empty());
        JdbcStores.Builder builder = JdbcStores.builder(pool).schema("events").tablePrefix("gw_");
        builder.migrate();
        builder.migrate();
        EventGateway gateway = gateway(builder.build());
        gateway.subscribe("a", event -> {});

        assertThat(isDelivered(gateway.emit("a", 1))).isTrue();
        try (Connection connection = DriverManager.getConnection(pool.getJdbcUrl())) {
            connection.setAutoCommit(false);
            Emission inTransaction = gateway.emit(Event.of("a", 2), EmitOptions.inTransaction(connection));
            connection.commit();
            assertThat(isDelivered(inTransaction)).isTrue();
        }
        assertThat(number(pool, "SELECT COUNT(*) FROM events.gw_event")).isEqualTo(2);
    }
}
