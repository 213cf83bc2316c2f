package io.eventgateway.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.eventgateway.Emission;
import io.eventgateway.EmitOptions;
import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.EventGatewayException;
import io.eventgateway.Subscription;
import io.eventgateway.delivery.DeadLetter;
import io.eventgateway.delivery.DeadLetterQuery;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.error.InvalidEventException;
import io.eventgateway.error.StoreFailedException;
import io.eventgateway.error.UnreadableEventException;
import io.eventgateway.history.EventQuery;
import io.eventgateway.history.Replay;
import io.eventgateway.history.ReplayOptions;
import io.eventgateway.jdbc.server.PostgresServer;
import io.eventgateway.spi.EventStore;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.crypto.spec.SecretKeySpec;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What happens when the database, or what is in it, is not as it should be. */
class FaultsTest {
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    private <T extends AutoCloseable> T closed(T resource) {
        open.add(resource);
        return resource;
    }

    private HikariDataSource migrated() {
        return closed(TestDatabase.POSTGRESQL.migrated());
    }

    private EventGateway gateway(JdbcStores stores) {
        return closed(EventGateway.builder()
                .stores(stores)
                .shutdownTimeout(Duration.ofSeconds(1))
                .build());
    }

    private static long number(HikariDataSource pool, String sql) {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void execute(HikariDataSource pool, String sql) {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isDelivered(Emission emission) {
        return emission.completion().orTimeout(60, TimeUnit.SECONDS).join().allDelivered();
    }

    /** Emits from four threads while something goes wrong, and says which ids were accepted. */
    private static Set<String> emitDuring(EventGateway gateway, Runnable fault) throws Exception {
        Set<String> accepted = ConcurrentHashMap.newKeySet();
        AtomicBoolean stop = new AtomicBoolean();
        AtomicLong numbers = new AtomicLong();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> emitters = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                emitters.add(threads.submit(() -> {
                    while (!stop.get()) {
                        String id = "e" + numbers.incrementAndGet();
                        try {
                            gateway.emit(Event.builder("a").id(id).data(1).build());
                            accepted.add(id);
                        } catch (EventGatewayException e) {
                            // refused: it must not be there
                        }
                    }
                }));
            }
            Awaitility.await().until(() -> accepted.size() > 200);
            fault.run();
            int before = accepted.size();
            Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> accepted.size() > before + 200);
            stop.set(true);
            for (Future<?> emitter : emitters) {
                emitter.get(1, TimeUnit.MINUTES);
            }
        } finally {
            stop.set(true);
            threads.shutdownNow();
        }
        return accepted;
    }

    private void losesNothingDuring(HikariDataSource pool, Runnable fault) throws Exception {
        EventGateway gateway = gateway(JdbcStores.of(pool));
        Set<String> delivered = ConcurrentHashMap.newKeySet();
        AtomicInteger calls = new AtomicInteger();
        gateway.functions().register("f", (event, context) -> {
            calls.incrementAndGet();
            return delivered.add(event.getId());
        });
        gateway.subscriptions().create(Subscription.to("a").function("f").build());

        Set<String> accepted = emitDuring(gateway, fault);

        Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> delivered.containsAll(accepted));
        assertThat(gateway.awaitIdle(Duration.ofMinutes(1))).isTrue();
        Awaitility.await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> assertThat(
                        number(pool, "SELECT COUNT(*) FROM eg_delivery"))
                .isZero());
        System.out.println("accepted " + accepted.size() + ", delivered " + delivered.size() + ", calls " + calls);
        assertThat(gateway.deadLetters().count()).isZero();
    }

    @Test
    void aServerThatIsKilledAndStartedAgainLosesNothing() throws Exception {
        PostgresServer server = closed(new PostgresServer());
        server.start();
        HikariDataSource pool = closed(PostgresServer.pool(server.create("faults"), 12));
        JdbcStores.migrate(pool);

        losesNothingDuring(pool, () -> {
            server.kill();
            server.start();
        });
    }

    @Test
    void connectionsThatAreCutInMidStatementLoseNothing() throws Exception {
        HikariDataSource pool = migrated();
        String url = pool.getJdbcUrl();

        losesNothingDuring(pool, () -> {
            for (int i = 0; i < 20; i++) {
                PostgresServer.execute(
                        url,
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <>"
                                + " pg_backend_pid()");
            }
        });
    }

    @Test
    void deadlocksAndFailedSerializationsAreRetriedInside() throws Exception {
        HikariDataSource pool = migrated();
        AtomicInteger commits = new AtomicInteger();
        AtomicInteger failures = new AtomicInteger();
        JdbcStores stores = JdbcStores.of(new FailingCommits(pool, () -> {
            if (commits.incrementAndGet() % 3 == 0) {
                failures.incrementAndGet();
                throw new SQLException("deadlock detected", commits.get() % 2 == 0 ? "40P01" : "40001");
            }
        }));
        EventGateway gateway = gateway(stores);
        gateway.subscribe("a", event -> {});

        List<Emission> emissions = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            emissions.add(gateway.emit("a", i));
        }

        assertThat(emissions).allMatch(FaultsTest::isDelivered);
        assertThat(failures.get()).isPositive();
        assertThat(stores.status().conflicts()).isPositive();
        assertThat(number(pool, "SELECT COUNT(*) FROM eg_event")).isEqualTo(50);
    }

    /** A full disk shows like this: the statements succeed, the commit does not. */
    @Test
    void whenTheCommitFailsEmitThrowsAndNothingIsHalfWritten() throws Exception {
        HikariDataSource pool = migrated();
        execute(pool, """
                CREATE FUNCTION full() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'no space left on device'
                  USING ERRCODE = '53100'; END $$ LANGUAGE plpgsql;
                CREATE CONSTRAINT TRIGGER full_disk AFTER INSERT ON eg_event DEFERRABLE INITIALLY DEFERRED
                  FOR EACH ROW WHEN (NEW.type = 'big') EXECUTE FUNCTION full();
                """);
        EventGateway gateway = gateway(JdbcStores.of(pool));
        gateway.subscribe("big", event -> {});
        gateway.subscribe("small", event -> {});
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<Boolean>> small = new ArrayList<>();
            List<Future<Boolean>> big = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                small.add(threads.submit(() -> isDelivered(gateway.emit("small", 1))));
                big.add(threads.submit(() -> {
                    assertThatThrownBy(() -> gateway.emit("big", 1))
                            .isInstanceOf(StoreFailedException.class)
                            .hasMessageContaining("no space left on device");
                    return true;
                }));
            }
            for (Future<Boolean> each : small) {
                assertThat(each.get()).isTrue(); // though it was in a group with others
            }
            for (Future<Boolean> each : big) {
                assertThat(each.get()).isTrue();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(number(pool, "SELECT COUNT(*) FROM eg_event WHERE type = 'big'"))
                .isZero();
        assertThat(number(pool, "SELECT COUNT(*) FROM eg_delivery")).isZero();
        assertThat(gateway.awaitIdle(Duration.ofSeconds(10))).isTrue(); // room is given back after the report is out
        assertThat(gateway.backlog().pending()).isZero();
    }

    @Test
    void clocksThatAreMinutesApartDontMatter() {
        HikariDataSource pool = migrated();
        InstantSource early = InstantSource.offset(InstantSource.system(), Duration.ofMinutes(-10));
        InstantSource late = InstantSource.offset(InstantSource.system(), Duration.ofMinutes(10));
        EventGateway emitter = closed(EventGateway.builder()
                .stores(JdbcStores.builder(pool).processClock(early).build())
                .clock(early)
                .shutdownTimeout(Duration.ofSeconds(1))
                .build());
        EventGateway worker = closed(EventGateway.builder()
                .stores(JdbcStores.builder(pool).processClock(late).build())
                .clock(late)
                .shutdownTimeout(Duration.ofSeconds(1))
                .build());
        List<Long> seen = new ArrayList<>();
        worker.functions().register("f", (event, context) -> seen.add(System.nanoTime()));
        worker.subscriptions()
                .create(Subscription.to("a")
                        .function("f")
                        .delivery(DeliveryPolicy.builder()
                                .timeToLive(Duration.ofMinutes(1))
                                .build())
                        .build());
        Awaitility.await().until(() -> !emitter.subscriptions().list().isEmpty());

        long begun = System.nanoTime();
        Emission emission = emitter.emit(
                Event.of("a", 1),
                EmitOptions.builder().delay(Duration.ofSeconds(2)).build());

        assertThat(isDelivered(emission)).isTrue();
        assertThat(Duration.ofNanos(seen.get(0) - begun)).isBetween(Duration.ofSeconds(2), Duration.ofSeconds(20));
    }

    @Test
    void aPoisonPayloadDoesNotStopTheRest() {
        HikariDataSource pool = migrated();
        DataEncryption key = DataEncryption.aesGcm("k1", new SecretKeySpec(new byte[16], "AES"));
        JdbcStores stores = JdbcStores.builder(pool).encryption(key).build();
        EventGateway emitter = gateway(stores);
        EventGateway worker = gateway(JdbcStores.builder(pool).encryption(key).build());
        List<String> seen = new ArrayList<>();
        worker.functions().register("f", (event, context) -> seen.add(event.getId()));
        worker.subscriptions().create(Subscription.to("a").function("f").build());
        Awaitility.await().until(() -> !emitter.subscriptions().list().isEmpty());
        Emission putOff = emitter.emit(
                Event.builder("a").id("poison").data("x").build(),
                EmitOptions.builder().delay(Duration.ofSeconds(15)).build());
        execute(pool, "UPDATE eg_event SET data = 'garbage', event_time = NULL WHERE event_id = 'poison'");
        execute(pool, "UPDATE eg_delivery SET due_at = 0, not_before = NULL");

        assertThat(isDelivered(
                        emitter.emit(Event.builder("a").id("good").data("y").build())))
                .isTrue();

        assertThat(putOff.completion().orTimeout(30, TimeUnit.SECONDS).join().allDelivered())
                .isFalse();
        assertThat(seen).containsExactly("good");
        assertThat(emitter.deadLetters().list()).singleElement().satisfies(letter -> assertThat(letter.message())
                .contains("can't be read")
                .doesNotContain("garbage"));
    }

    @Test
    void dataIsEncryptedInTheDatabaseAndReadableAfter() {
        HikariDataSource pool = migrated();
        JdbcStores stores = JdbcStores.builder(pool)
                .encryption(DataEncryption.aesGcm("k1", new SecretKeySpec(new byte[32], "AES")))
                .build();
        EventGateway gateway = gateway(stores);
        gateway.emit("a", "a very personal text");

        assertThat(
                        number(
                                pool,
                                "SELECT COUNT(*) FROM eg_event WHERE key_id = 'k1' AND position('personal' IN encode(data, 'escape')) = 0"))
                .isEqualTo(1);
        assertThat(gateway.history().events(EventQuery.all()).get(0).event().dataAs(String.class))
                .isEqualTo("a very personal text");
        assertThat(stores.eventStore().toString() + stores).doesNotContain("personal");
    }

    private static DataEncryption key(String id) {
        return DataEncryption.aesGcm(id, new SecretKeySpec(new byte[16], "AES"));
    }

    private static JdbcStores encrypted(HikariDataSource pool, DataEncryption encryption) {
        return JdbcStores.builder(pool).encryption(encryption).build();
    }

    @Test
    void aReplayEndsAtAnEventThatCantBeReadAndGoesOnBehindIt() {
        HikariDataSource pool = migrated();
        gateway(encrypted(pool, key("k1"))).emitAll(List.of(Event.of("other", 1), Event.of("a", 2)));
        EventGateway gateway = gateway(encrypted(pool, key("k2")));
        List<Integer> seen = new CopyOnWriteArrayList<>();
        gateway.subscribe("a", event -> seen.add(event.dataAs(Integer.class)));
        gateway.emit("a", 3).await(Duration.ofSeconds(30));
        execute(pool, "UPDATE eg_event SET key_id = NULL, data = '1' WHERE type = 'other'");
        long unreadable = number(pool, "SELECT position FROM eg_event WHERE key_id = 'k1'");
        seen.clear();

        Replay stopped = gateway.history().replay(EventQuery.all(), ReplayOptions.toAll());

        assertThatThrownBy(() ->
                        stopped.completion().orTimeout(30, TimeUnit.SECONDS).join())
                .cause()
                .isInstanceOf(UnreadableEventException.class)
                .hasMessageContaining("1 events")
                .hasMessageContaining("encrypted with key 'k1'")
                .hasMessageContaining("EventQuery.after(" + unreadable + ")");
        assertThat(stopped.progress().events()).isEqualTo(1);
        Replay on = gateway.history().replay(EventQuery.all().after(unreadable), ReplayOptions.toAll());
        assertThat(on.completion().orTimeout(30, TimeUnit.SECONDS).join().finished())
                .isTrue();
        Awaitility.await().untilAsserted(() -> assertThat(seen).containsExactly(3));
    }

    @Test
    void anEventThatCantBeReadIsToldByTheHistoryUnlessNobodyAskedForIt() {
        HikariDataSource pool = migrated();
        gateway(encrypted(pool, key("k1"))).emit("secret", 1);
        EventGateway gateway = gateway(JdbcStores.of(pool));
        gateway.emit("order.placed", 2);

        assertThatThrownBy(() -> gateway.history().events(EventQuery.all()))
                .isInstanceOf(UnreadableEventException.class)
                .hasMessageContaining("these stores have no encryption");
        assertThat(gateway.history().events(EventQuery.all().ofType("**.placed")))
                .hasSize(1);
    }

    @Test
    void aDeadLetterThatCantBeReadSaysSoAndHasTheAttributesThatAreStoredPlainly() {
        HikariDataSource pool = migrated();
        EventGateway emitter = gateway(encrypted(pool, key("k1")));
        emitter.functions().register("f", (event, context) -> {
            throw new IllegalStateException("no stock");
        });
        emitter.subscriptions()
                .create(Subscription.to("a")
                        .function("f")
                        .delivery(DeliveryPolicy.builder().maxAttempts(1).build())
                        .build());
        emitter.emit(Event.builder("a").subject("ada").data("x").build()).await(Duration.ofSeconds(30));
        emitter.close();
        EventGateway gateway = gateway(JdbcStores.of(pool));

        DeadLetter letter = gateway.deadLetters().list().get(0);

        assertThat(letter.event().getSubject()).isEqualTo("ada");
        assertThat(letter.message())
                .contains("no stock")
                .contains("without its data")
                .contains("key 'k1'");
        assertThatThrownBy(() -> gateway.deadLetters().redrive(letter.id()))
                .isInstanceOf(UnreadableEventException.class)
                .hasMessageContaining("key 'k1'");
        assertThatThrownBy(() -> gateway.deadLetters().redrive(DeadLetterQuery.all()))
                .isInstanceOf(UnreadableEventException.class);
        assertThat(gateway.deadLetters().count()).isEqualTo(1);
        assertThat(gateway.backlog().pending()).isZero();
    }

    @Test
    void keysThatAesCantUseAreRefusedAtOnce() {
        assertThatThrownBy(() -> DataEncryption.aesGcm("k", new SecretKeySpec(new byte[5], "AES")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'k'")
                .hasMessageContaining("128, 192 or 256 bits")
                .hasMessageContaining("40 bits");
        assertThatThrownBy(() -> DataEncryption.aesGcm("k", new SecretKeySpec(new byte[8], "DES")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("DES");
        assertThatThrownBy(() -> DataEncryption.aesGcm("", new SecretKeySpec(new byte[16], "AES")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void timesAtTheEndsOfTimeAreTimesLikeOthers() {
        EventGateway gateway = gateway(JdbcStores.of(migrated()));
        gateway.emit("a", 1);

        assertThat(gateway.deadLetters().count(DeadLetterQuery.all().since(Instant.MAX)))
                .isZero();
        assertThat(gateway.deadLetters().count(DeadLetterQuery.all().until(Instant.MIN)))
                .isZero();
        assertThat(gateway.history().events(EventQuery.all().since(Instant.MIN).until(Instant.MAX)))
                .hasSize(1);
    }

    @Test
    void aConsumersNameThatIsTooLongIsAnErrorOfItsArgument() {
        EventGateway gateway = gateway(JdbcStores.of(migrated()));

        assertThatThrownBy(() -> gateway.history().position("r".repeat(300), 5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1 to 256 characters")
                .hasMessageContaining("300");
    }

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
    void anEventThatIsTooLargeIsRefusedAndNamed() {
        HikariDataSource pool = migrated();
        EventGateway gateway =
                gateway(JdbcStores.builder(pool).maxDataSize(1_000).build());
        gateway.subscribe("a", event -> {});

        assertThatThrownBy(() -> gateway.emit(Event.builder("a")
                        .id("large")
                        .data("text/plain", "x".repeat(1_001).getBytes(StandardCharsets.UTF_8))
                        .build()))
                .isInstanceOf(InvalidEventException.class)
                .hasMessageContaining("'large'")
                .hasMessageContaining("1001 bytes")
                .hasMessageContaining("takes 1000");
        assertThatThrownBy(() -> gateway.emit(
                        Event.builder("a").subject("s".repeat(1_025)).build()))
                .isInstanceOf(InvalidEventException.class)
                .hasMessageContaining("subject")
                .hasMessageContaining("1025");
        assertThat(gateway.backlog().pending()).isZero();
        assertThat(number(pool, "SELECT COUNT(*) FROM eg_event")).isZero();
        assertThat(gateway.deadLetters().list(DeadLetterQuery.all())).isEmpty();
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
