package io.eventgateway.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.eventgateway.EventGateway;
import io.eventgateway.Subscription;
import io.eventgateway.error.StoreFailedException;
import io.eventgateway.history.Retention;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Timeout;

/** How tables of one version become tables of the next. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class MigrationVersionsTest {
    private static Database database(HikariDataSource pool) {
        return new Database(
                pool,
                new Settings(
                        null,
                        "eg_",
                        Retention.of(Duration.ofDays(1), 1_000),
                        1_000,
                        1_000_000,
                        Duration.ofDays(1),
                        null,
                        false,
                        Duration.ofSeconds(30),
                        2,
                        null,
                        InstantSource.system()));
    }

    private static List<String> ofVersion2(HikariDataSource pool) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            Database database = database(pool);
            database.dialect();
            return new Migrations(database).statements(connection, 2);
        }
    }

    private static Migrations ofVersion1(HikariDataSource pool) {
        return new Migrations(database(pool), 1);
    }

    private static void execute(HikariDataSource pool, List<String> statements) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            for (String each : statements) {
                statement.execute(each);
            }
        }
    }

    /** An event and a free delivery, written and leased and given back with the columns of version 1. */
    private static void writeAsVersion1(TestDatabase database, HikariDataSource pool, int number) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            boolean sequence = database == TestDatabase.POSTGRESQL;
            long position;
            try (PreparedStatement event = connection.prepareStatement(
                    "INSERT INTO eg_event (" + (sequence ? "position, " : "")
                            + "recorded_at, space, event_id, source, type) VALUES ("
                            + (sequence ? "nextval('eg_event_position'), " : "") + "0, 'default', ?, '/old', 'a')",
                    new String[] {"position"})) {
                event.setString(1, "e" + number);
                event.executeUpdate();
                try (var keys = event.getGeneratedKeys()) {
                    keys.next();
                    position = keys.getLong(1);
                }
            }
            try (PreparedStatement delivery = connection.prepareStatement(
                    "INSERT INTO eg_delivery (instance, number, token, holder, event_position, space, subscription_id,"
                            + " function_id, accepted_at, due_at) VALUES ('old', ?, 1, 'old', ?, 'default', 's', 'f', ?, ?)")) {
                delivery.setLong(1, number);
                delivery.setLong(2, position);
                long now = TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis());
                delivery.setLong(3, now);
                delivery.setLong(4, now);
                delivery.executeUpdate();
            }
            connection.commit();
            try (PreparedStatement release = connection.prepareStatement("UPDATE eg_delivery SET holder = ''"
                    + " WHERE instance = 'old' AND number = ? AND token = 1 AND holder <> ''")) {
                release.setLong(1, number);
                assertThat(release.executeUpdate()).isEqualTo(1);
            }
            connection.commit();
        }
    }

    @OnEachDatabase
    void aProcessOfVersion1GoesOnWhileAnotherOneMigratesAndAfter(TestDatabase database) throws Exception {
        try (HikariDataSource pool = database.empty()) {
            ofVersion1(pool).apply();
            AtomicBoolean migrated = new AtomicBoolean();
            CountDownLatch begun = new CountDownLatch(3);
            CompletableFuture<Integer> old = CompletableFuture.supplyAsync(() -> {
                int written = 0;
                try {
                    while (!migrated.get() || written < 5) {
                        writeAsVersion1(database, pool, ++written);
                        begun.countDown();
                    }
                    writeAsVersion1(database, pool, ++written);
                    return written;
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();

            JdbcStores.migrate(pool);
            migrated.set(true);

            int written = old.get(30, TimeUnit.SECONDS);
            List<String> seen = new CopyOnWriteArrayList<>();
            try (EventGateway gateway =
                    EventGateway.builder().stores(JdbcStores.of(pool)).build()) {
                gateway.functions().register("f", (event, context) -> seen.add(event.getId()));
                gateway.subscriptions()
                        .create(Subscription.to("a").id("s").function("f").build());
                Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> seen.size() == written);
            }
            assertThat(seen).doesNotHaveDuplicates();
        }
    }

    @OnEachDatabase
    void aReleaseRefusesTablesThatAreNewerThanItself(TestDatabase database) {
        try (HikariDataSource pool = database.migrated()) {
            assertThatThrownBy(() -> ofVersion1(pool).check())
                    .isInstanceOf(StoreFailedException.class)
                    .hasMessage(
                            "the tables 'eg_*' are of version 2, this release knows versions up to 1; use a newer release");
            assertThatThrownBy(() -> ofVersion1(pool).apply()).hasMessageContaining("use a newer release");
        }
    }

    @OnEachDatabase
    void aReleaseRefusesTablesThatAreOlderThanItself(TestDatabase database) {
        try (HikariDataSource pool = database.empty()) {
            ofVersion1(pool).apply();

            assertThatThrownBy(() ->
                            EventGateway.builder().stores(JdbcStores.of(pool)).build())
                    .hasMessageContaining("are of version 1, this release needs version 2")
                    .hasMessageContaining("JdbcStores.migrate(dataSource)");
        }
    }

    @OnEachDatabase
    void aMigrationThatBrokeOffAfterAnyOfItsStatementsIsCompletedByTheNext(TestDatabase database) throws Exception {
        int statements;
        try (HikariDataSource pool = database.empty()) {
            statements = ofVersion2(pool).size();
        }
        assertThat(statements).isGreaterThan(5);
        for (int done : new int[] {1, statements / 2, statements - 1}) {
            try (HikariDataSource pool = database.empty()) {
                ofVersion1(pool).apply();
                execute(pool, ofVersion2(pool).subList(0, done));

                JdbcStores.migrate(pool);

                JdbcStores stores = JdbcStores.of(pool);
                assertThat(stores.status().pending()).isZero();
                assertThat(stores.eventStore().callable()).isEmpty();
            }
        }
    }
}
