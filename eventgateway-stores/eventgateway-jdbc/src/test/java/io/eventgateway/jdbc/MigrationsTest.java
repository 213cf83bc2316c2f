package io.eventgateway.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.eventgateway.EventGateway;
import io.eventgateway.jdbc.server.PostgresServer;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How the tables come into being. */
class MigrationsTest {
    private static final int AT_ONCE = 4;

    @OnEachDatabase
    void ofManyWhoCreateTheTablesAtOnceOneDoesItAndNoneFails(TestDatabase database) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
        try (HikariDataSource pool = database.empty()) {
            CyclicBarrier start = new CyclicBarrier(AT_ONCE);
            List<Future<Boolean>> migrations = new ArrayList<>();
            for (int i = 0; i < AT_ONCE; i++) {
                migrations.add(threads.submit(() -> {
                    start.await();
                    JdbcStores.migrate(pool);
                    return true;
                }));
            }
            for (Future<Boolean> each : migrations) {
                assertThat(each.get(1, TimeUnit.MINUTES)).isTrue();
            }
            try (EventGateway gateway =
                    EventGateway.builder().stores(JdbcStores.of(pool)).build()) {
                assertThat(gateway.functions().list()).isEmpty();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @OnEachDatabase
    void createsTheTablesWithAPoolOfOneConnection(TestDatabase database) {
        try (HikariDataSource some = database.empty();
                HikariDataSource one = PostgresServer.pool(some.getJdbcUrl(), 1)) {
            one.setConnectionTimeout(1_000);

            JdbcStores.migrate(one);

            assertThat(JdbcStores.of(some).status().pending()).isZero();
        }
    }

    @Test
    void aTableOfThatNameThatIsNotOursIsToldAndNotWaitedForAsLongAsNobodyMigrates() throws Exception {
        try (HikariDataSource pool = TestDatabase.H2.empty()) {
            try (Connection connection = pool.getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("CREATE TABLE eg_delivery (id INT)");
            }
            assertThatThrownBy(() -> JdbcStores.builder(pool)
                            .timeout(Duration.ofSeconds(1))
                            .migrate())
                    .hasMessageContaining("could not be created")
                    .hasMessageContaining("already exists");
        }
    }
}
