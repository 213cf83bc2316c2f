package io.eventgateway.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.eventgateway.Emission;
import io.eventgateway.EmitOptions;
import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.Subscription;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.error.StoreFailedException;
import io.eventgateway.jdbc.server.PostgresServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the stores set on connections that they share with the application, and what they put up with. */
class ConnectionSettingsTest extends FaultyDatabase {
    private static final int NETWORK_TIMEOUT = 123_000;
    private static final int WAIT_TIMEOUT = 321;
    private static final String LOCKING = "UPDATE eg_revision SET version = version + 1 WHERE name = 'forgotten'";

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
            if (database == TestDatabase.MARIADB) {
                Database.execute(connection, "SET SESSION wait_timeout = " + WAIT_TIMEOUT);
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
            if (database == TestDatabase.MARIADB) {
                Integer waitTimeout = Rows.first(connection, "SELECT @@SESSION.wait_timeout", rows -> rows.getInt(1));
                assertThat(waitTimeout).isEqualTo(WAIT_TIMEOUT);
            }
        });
    }

    @Tag("databases")
    @ParameterizedTest
    @MethodSource("io.eventgateway.jdbc.TestDatabase#serversOfThisRun")
    void aServerEndsATransactionWhoseProcessSaysNothingMore(TestDatabase database) throws Exception {
        HikariDataSource pool = closed(database.migrated());
        Settings settings = JdbcStores.builder(pool).settings();
        Database stopped = new Database(pool, settings);
        Database other = new Database(pool, settings);
        CountDownLatch locked = new CountDownLatch(1);
        CountDownLatch resumed = new CountDownLatch(1);
        CompletableFuture<Void> change =
                CompletableFuture.runAsync(() -> stopped.change("it was stopped", connection -> {
                    Rows.update(connection, LOCKING);
                    locked.countDown();
                    Awaitility.await().until(() -> resumed.getCount() == 0);
                }));
        assertThat(locked.await(10, TimeUnit.SECONDS)).isTrue();

        other.change("it has to wait", connection -> Rows.update(connection, LOCKING));

        resumed.countDown();
        assertThatThrownBy(change::join)
                .hasCauseInstanceOf(StoreFailedException.class)
                .hasMessageContaining("it was stopped");
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
