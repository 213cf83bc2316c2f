package io.eventgateway.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.eventgateway.Emission;
import io.eventgateway.EmitOptions;
import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.EventGatewayException;
import io.eventgateway.Subscription;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.error.StoreFailedException;
import io.eventgateway.jdbc.server.PostgresServer;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What happens when the database fails while gateways work. */
class FaultsTest extends FaultyDatabase {
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

        assertThat(emissions).allMatch(FaultyDatabase::isDelivered);
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
}
