package io.eventgateway.jdbc;

import static io.eventgateway.test.GatewayAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.eventgateway.EmitOptions;
import io.eventgateway.Event;
import io.eventgateway.Subscription;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.delivery.DeliveryStatus;
import io.eventgateway.jdbc.server.PostgresServer;
import io.eventgateway.test.RecordingFunction;
import io.eventgateway.test.TestClock;
import io.eventgateway.test.TestGateway;
import io.eventgateway.test.TrackedSession;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A gateway that goes by a test's clock and keeps its deliveries in a database in memory. */
@Timeout(60)
class TestClockOnDatabaseTest {
    private final TestClock clock = new TestClock();
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private HikariDataSource pool;
    private TestGateway gateway;

    @BeforeEach
    void open() {
        pool = PostgresServer.pool("jdbc:h2:mem:clock" + System.nanoTime() + ";DB_CLOSE_DELAY=-1", 12);
        JdbcStores.migrate(pool);
        gateway = gateway();
    }

    private TestGateway gateway() {
        return TestGateway.create(
                clock,
                builder -> builder.stores(JdbcStores.builder(pool).clock(clock).build()));
    }

    @AfterEach
    void close() {
        gateway.close();
        pool.close();
    }

    private RecordingFunction recording(String functionId) {
        RecordingFunction function = new RecordingFunction().answering((event, context) -> {
            threads.add(Thread.currentThread());
            return null;
        });
        gateway.functions().register(functionId, function);
        return function;
    }

    private void assertOnThisThread() {
        assertThat(threads).containsOnly(Thread.currentThread());
    }

    @Test
    void anEmittedEventAndItsChainAreDeliveredOnTheTestsThreadBeforeEmitReturns() {
        gateway.functions().register("first", (event, context) -> {
            threads.add(Thread.currentThread());
            return Event.of("b", event.dataAs(Integer.class));
        });
        RecordingFunction second = recording("second");
        gateway.subscribe("a", "first");
        gateway.subscribe("b", "second");

        for (int i = 0; i < 50; i++) {
            assertThat(gateway.emit("a", i).completion()).isDone();
            assertThat(second.events()).hasSize(i + 1);
        }

        assertOnThisThread();
    }

    @Test
    void deliveriesOfOneKeyGoOnOnTheTestsThread() {
        RecordingFunction f = recording("f").failing(1, new IOException("disk"));
        gateway.subscriptions()
                .create(Subscription.to("a")
                        .function("f")
                        .delivery(DeliveryPolicy.builder().orderBy("subject").build())
                        .build());
        for (int i = 0; i < 5; i++) {
            gateway.emit(Event.builder("a").subject("s").data(i).build());
        }

        gateway.advance(Duration.ofSeconds(5));

        assertThat(f.events()).extracting(event -> event.dataAs(Integer.class)).containsExactly(0, 0, 1, 2, 3, 4);
        assertOnThisThread();
    }

    @Test
    void whatIsPutOffInTheDatabaseIsDeliveredWhenTheClockShowsItsTime() {
        List<Instant> seen = new CopyOnWriteArrayList<>();
        gateway.subscribe("a", event -> {
            threads.add(Thread.currentThread());
            seen.add(clock.instant());
        });
        Instant start = clock.instant();

        gateway.emit("a", 1, EmitOptions.builder().delay(Duration.ofMinutes(2)).build());
        gateway.advance(Duration.ofSeconds(110));
        assertThat(seen).isEmpty();
        gateway.advance(Duration.ofSeconds(12));

        assertThat(seen).singleElement().satisfies(at -> assertThat(at)
                .isBetween(start.plusSeconds(120), start.plusSeconds(121)));
        assertOnThisThread();
    }

    @Test
    void trackFollowsRetriesDelaysAndRedrives() {
        RecordingFunction f = recording("f").failing(6, new IOException("disk"));
        gateway.subscribe("a", "f");

        TrackedSession failed = gateway.track(() -> gateway.emit(
                "a", 1, EmitOptions.builder().delay(Duration.ofMinutes(1)).build()));
        TrackedSession redriven = gateway.track(() -> gateway.deadLetters()
                .redrive(gateway.deadLetters().list().get(0).id()));

        assertThat(failed.deliveries()).singleElement().satisfies(delivery -> assertThat(delivery.status())
                .isEqualTo(DeliveryStatus.DEAD_LETTERED));
        assertThat(redriven.allDelivered()).isTrue();
        assertThat(f.events()).hasSize(7);
        assertThat(gateway).delivered("a").to("f").once();
        assertOnThisThread();
    }

    @Test
    void anEmitOnEachOfSeveralThreadsReturnsWhenItsEventIsDelivered() throws Exception {
        RecordingFunction f = recording("f");
        gateway.subscribe("a", "f");
        ExecutorService emitters = Executors.newFixedThreadPool(4);
        try {
            List<Future<Boolean>> delivered = new CopyOnWriteArrayList<>();
            for (int i = 0; i < 4; i++) {
                delivered.add(emitters.submit(() -> {
                    boolean all = true;
                    for (int j = 0; j < 25; j++) {
                        all &= gateway.emit("a", j).completion().isDone();
                    }
                    return all;
                }));
            }
            for (Future<Boolean> each : delivered) {
                assertThat(each.get(30, TimeUnit.SECONDS)).isTrue();
            }
        } finally {
            emitters.shutdownNow();
        }
        assertThat(f.events()).hasSize(100);
        assertThat(threads).extracting(Thread::getName).noneMatch(name -> name.startsWith("eventgateway-"));
    }

    @Test
    void whatOnlyAnotherGatewayCanCallRunsOnTheTestsThreadToo() {
        RecordingFunction there = recording("there");
        try (TestGateway emitter = gateway()) { // which knows the function, and has no handler for it
            emitter.subscribe("a", "there");

            emitter.emit("a", 1);
            clock.advance(Duration.ofSeconds(2));

            assertThat(there.events()).hasSize(1);
            assertThat(gateway).delivered("a").to("there").once();
            assertOnThisThread();
        }
    }
}
