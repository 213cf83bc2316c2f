package io.eventgateway.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.FunctionContext;
import io.eventgateway.FunctionHandler;
import io.eventgateway.Subscription;
import io.eventgateway.delivery.Backoff;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.jdbc.server.PostgresServer;
import io.eventgateway.spi.EventStore;
import io.eventgateway.test.TestClock;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Functions whose effect in the database takes place exactly once. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class InboxTest extends DurableGateways {
    @TempDir
    Path directory;

    private static Event event(String id) {
        return Event.builder("a").id(id).source("/s").data(1).build();
    }

    private static boolean note(HikariDataSource pool, FunctionContext context, boolean commits) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            boolean first = context.inbox(connection);
            if (commits) {
                connection.commit();
            } else {
                connection.rollback();
            }
            return first;
        }
    }

    private EventGateway subscribed(HikariDataSource pool, FunctionHandler handler, DeliveryPolicy policy) {
        EventGateway gateway = gateway(pool);
        gateway.functions().register("f", handler);
        gateway.subscriptions()
                .create(Subscription.to("a")
                        .id("s")
                        .function("f")
                        .delivery(policy)
                        .build());
        return gateway;
    }

    private static DeliveryPolicy attempts(int number) {
        return DeliveryPolicy.builder()
                .maxAttempts(number)
                .backoff(Backoff.fixed(Duration.ofMillis(1)))
                .build();
    }

    @OnEachDatabase
    void anEventOfTheSameSourceAndIdIsNotedOnce(TestDatabase database) {
        HikariDataSource pool = emptied(database);
        List<Boolean> first = new CopyOnWriteArrayList<>();
        EventGateway gateway = subscribed(pool, (event, context) -> first.add(note(pool, context, true)), attempts(1));

        reportOf(gateway.emit(event("1")));
        reportOf(gateway.emit(event("1")));
        reportOf(gateway.emit(event("2")));

        assertThat(first).containsExactly(true, false, true);
    }

    @OnEachDatabase
    void anAttemptThatWasRolledBackIsNotRemembered(TestDatabase database) {
        HikariDataSource pool = emptied(database);
        List<Boolean> first = new CopyOnWriteArrayList<>();
        EventGateway gateway = subscribed(
                pool,
                (event, context) -> {
                    first.add(note(pool, context, context.attempt() > 1));
                    if (context.attempt() < 3) {
                        throw new IOException("disk");
                    }
                    return null;
                },
                attempts(3));

        reportOf(gateway.emit(event("1")));

        assertThat(first).containsExactly(true, true, false);
    }

    @OnEachDatabase
    void eachSubscriptionHasAnInboxOfItsOwn(TestDatabase database) {
        HikariDataSource pool = emptied(database);
        List<Boolean> first = new CopyOnWriteArrayList<>();
        EventGateway gateway = subscribed(pool, (event, context) -> first.add(note(pool, context, true)), attempts(1));
        gateway.subscriptions()
                .create(Subscription.to("a").id("other").function("f").build());

        reportOf(gateway.emit(event("1")));

        assertThat(first).containsExactly(true, true);
    }

    @OnEachDatabase
    void eachEventOfABatchIsNoted(TestDatabase database) {
        HikariDataSource pool = emptied(database);
        List<String> first = new CopyOnWriteArrayList<>();
        List<Throwable> refused = new CopyOnWriteArrayList<>();
        FunctionHandler batched = new FunctionHandler() {
            @Override
            public Object handle(Event event, FunctionContext context) {
                throw new AssertionError("the subscription is batched");
            }

            @Override
            public Object handleBatch(List<Event> events, FunctionContext context) throws Exception {
                try (Connection connection = pool.getConnection()) {
                    connection.setAutoCommit(false);
                    try {
                        context.inbox(connection);
                    } catch (IllegalStateException e) {
                        refused.add(e);
                    }
                    for (Event event : events) {
                        if (context.inbox(connection, event)) {
                            first.add(event.getId());
                        }
                    }
                    connection.commit();
                }
                return null;
            }
        };
        EventGateway gateway = subscribed(
                pool,
                batched,
                DeliveryPolicy.builder().batching(10, Duration.ofMillis(20)).build());

        gateway.emitAll(List.of(event("1"), event("2"), event("1"))).forEach(DurableGateways::reportOf);

        assertThat(first).containsExactly("1", "2");
        assertThat(refused).isNotEmpty().allSatisfy(e -> assertThat(e)
                .hasMessageContaining("note each of them with inbox(connection, event)"));
    }

    @OnEachDatabase
    void aSecondTransactionWaitsForTheFirstAndIsNotTheFirst(TestDatabase database) throws Exception {
        HikariDataSource pool = emptied(database);
        EventStore store = JdbcStores.of(pool).eventStore();
        ExecutorService threads = Executors.newSingleThreadExecutor();
        try (Connection one = pool.getConnection();
                Connection other = pool.getConnection()) {
            one.setAutoCommit(false);
            other.setAutoCommit(false);
            assertThat(store.inbox("default", "s", event("1"), one)).isTrue();
            CompletableFuture<Boolean> second =
                    CompletableFuture.supplyAsync(() -> store.inbox("default", "s", event("1"), other), threads);

            one.commit();

            assertThat(second.get(20, TimeUnit.SECONDS)).isFalse();
            assertThat(store.inbox("default", "s", event("2"), other)).isTrue();
            other.commit();
        } finally {
            threads.shutdownNow();
        }
    }

    @OnEachDatabase
    void refusesAConnectionWithoutATransaction(TestDatabase database) throws Exception {
        HikariDataSource pool = emptied(database);
        EventStore store = JdbcStores.of(pool).eventStore();
        try (Connection connection = pool.getConnection()) {
            assertThatThrownBy(() -> store.inbox("default", "s", event("1"), connection))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("setAutoCommit(false)");
        }
    }

    @OnEachDatabase
    void forgetsAnEventWhenItsRetentionIsOver(TestDatabase database) throws Exception {
        HikariDataSource pool = emptied(database);
        TestClock clock = new TestClock();
        JdbcStores stores =
                JdbcStores.builder(pool).clock(clock).inbox(Duration.ofDays(2)).build();
        for (String id : List.of("1", "2")) {
            try (Connection connection = pool.getConnection()) {
                connection.setAutoCommit(false);
                assertThat(stores.eventStore().inbox("default", "s", event(id), connection))
                        .isTrue();
                connection.commit();
            }
            clock.advance(Duration.ofDays(1).plusSeconds(1));
            stores.purge();
        }

        assertThat(count(pool, "inbox")).isEqualTo(1);
    }

    @OnEachDatabase
    void aProcessThatIsHaltedAfterItsFunctionHasCommittedLeavesTheEffectExactlyOnce(TestDatabase database)
            throws Exception {
        String url;
        try (HikariDataSource pool = database.migrated()) {
            url = pool.getJdbcUrl();
            try (Connection connection = pool.getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("CREATE TABLE effect (id VARCHAR(100) NOT NULL)");
            }
        }

        assertThat(haltedWorker(url)).isEqualTo(7);

        try (HikariDataSource pool = PostgresServer.pool(url, 12)) {
            AtomicInteger calls = new AtomicInteger();
            try (EventGateway next = InboxWorker.gateway(pool, calls::incrementAndGet)) {
                Awaitility.await()
                        .atMost(Duration.ofSeconds(30))
                        .until(() -> JdbcStores.of(pool).status().pending() == 0);
                assertThat(next.deadLetters().count()).isZero();
            }
            assertThat(calls).hasValue(1);
            assertThat(effects(pool)).isEqualTo(1);
        }
    }

    private int haltedWorker(String url) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Xshare:auto",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                        InboxWorker.class.getName(),
                        url)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        try {
            assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
            return process.exitValue();
        } finally {
            process.destroyForcibly();
        }
    }

    private static long effects(HikariDataSource pool) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT COUNT(*) FROM effect")) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
