package io.eventgateway.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.eventgateway.Emission;
import io.eventgateway.EmitOptions;
import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.Subscription;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.jdbc.server.PostgresServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** What the stores set on connections that they share with the application, and what they put up with. */
class ConnectionSettingsTest extends FaultyDatabase {
    private static final int NETWORK_TIMEOUT = 123_000;

    @AfterAll
    static void closePools() {
        DurableGateways.closePools();
    }

    /** Has two gateways deliver to a plain subscription and to one that is ordered and limited. */
    private void deliversEverything(DataSource dataSource) {
        deliversEverything(gateway(JdbcStores.of(dataSource)), gateway(JdbcStores.of(dataSource)));
    }

    static void deliversEverything(EventGateway one, EventGateway other) {
        List<EventGateway> two = List.of(one, other);
        for (EventGateway each : two) {
            each.functions().register("plain", (event, context) -> null);
            each.functions().register("ordered", (event, context) -> null);
        }
        two.get(0).subscriptions().create(Subscription.to("a").function("plain").build());
        two.get(0)
                .subscriptions()
                .create(Subscription.to("a")
                        .function("ordered")
                        .delivery(DeliveryPolicy.builder()
                                .orderBy("subject")
                                .maxConcurrency(2)
                                .build())
                        .build());
        Awaitility.await().until(() -> two.get(1).subscriptions().list().size() == 2);
        List<Emission> emissions = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            emissions.add(two.get(i % 2)
                    .emit(Event.builder("a").subject("k" + i % 3).data(i).build()));
        }
        two.get(0)
                .emitAll(IntStream.range(0, 20).mapToObj(i -> Event.of("a", i)).toList())
                .forEach(emissions::add);

        assertThat(emissions).allMatch(FaultyDatabase::isDelivered);
    }

    @OnEachDatabase
    void connectionsGoBackWithTheSettingsThatTheyCameWith(TestDatabase database) throws Exception {
        HikariDataSource pool = closed(database.migrated());
        boolean hasNetwork = database != TestDatabase.H2;
        SharedConnections shared = closed(new SharedConnections(pool, 8, connection -> {
            connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
            if (hasNetwork) {
                connection.setNetworkTimeout(Runnable::run, NETWORK_TIMEOUT);
            }
        }));

        deliversEverything(shared);
        close(2);

        shared.checkEach(connection -> {
            assertThat(connection.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_SERIALIZABLE);
            assertThat(connection.getAutoCommit()).isTrue();
            if (hasNetwork) {
                assertThat(connection.getNetworkTimeout()).isEqualTo(NETWORK_TIMEOUT);
            }
        });
    }

    @Test
    void nothingIsSetForLongerThanATransaction() throws SQLException {
        HikariDataSource pool = migrated();
        TransactionPooler pooler = new TransactionPooler(pool, 8);

        deliversEverything(pooler);

        assertThat(pooler.transactions()).isGreaterThan(20);
        assertThat(pooler.leftSettings()).isEmpty();
    }

    @Test
    void anEmittersTransactionKeepsItsOwnSettings() throws SQLException {
        HikariDataSource pool = migrated();
        EventGateway gateway = gateway(JdbcStores.of(pool));
        gateway.subscribe("a", event -> {});
        gateway.subscribe("a", event -> {});
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
            Emission emission = gateway.emit(Event.of("a", 1), EmitOptions.inTransaction(connection));
            assertThat(setting(connection, "enable_seqscan")).isEqualTo("on");
            assertThat(setting(connection, "plan_cache_mode")).isEqualTo("auto");
            assertThat(setting(connection, "transaction_isolation")).isEqualTo("serializable");
            connection.commit();
            assertThat(isDelivered(emission)).isTrue();
        }
    }

    private static String setting(Connection connection, String name) throws SQLException {
        return Rows.first(connection, "SELECT current_setting(?)", rows -> rows.getString(1), name);
    }

    @Test
    void aServersDefaultIsolationDoesNotMatter() {
        for (String level : List.of("repeatable read", "serializable")) {
            HikariDataSource pool = migrated();
            execute(
                    pool,
                    "DO $$ BEGIN EXECUTE 'ALTER DATABASE ' || current_database() || ' SET default_transaction_isolation = ''"
                            + level + "'''; END $$");
            pool.getHikariPoolMXBean().softEvictConnections();
            HikariDataSource strict = closed(PostgresServer.pool(pool.getJdbcUrl(), 12));

            JdbcStores stores = JdbcStores.of(strict);
            deliversEverything(strict);

            assertThat(stores.status().conflicts()).isZero();
        }
    }
}
