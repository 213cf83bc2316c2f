package io.eventgateway.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.eventgateway.Emission;
import io.eventgateway.EmitOptions;
import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.Subscription;
import io.eventgateway.delivery.BacklogPolicy;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.delivery.DeliveryStatus;
import io.eventgateway.test.TestClock;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Timeout;

/** De-duplication by gateways that share a database. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class SharedDeduplicationTest extends DurableGateways {
    private static final EmitOptions ONCE =
            EmitOptions.builder().deduplicate(Duration.ofMinutes(5)).build();

    private final List<String> seen = new CopyOnWriteArrayList<>();

    private static Event event(String id) {
        return Event.builder("a").id(id).source("/s").data(id).build();
    }

    private EventGateway subscribed(HikariDataSource pool) {
        EventGateway gateway = gateway(pool);
        gateway.functions().registerOrUpdate("f", (event, context) -> seen.add(event.getId()));
        gateway.subscriptions()
                .createOrUpdate(Subscription.to("a").id("s").function("f").build());
        return gateway;
    }

    private static EmitOptions onceIn(Connection connection) {
        return EmitOptions.builder()
                .deduplicate(Duration.ofMinutes(5))
                .inTransaction(connection)
                .build();
    }

    @OnEachDatabase
    void anEventThatAnotherGatewayHasAcceptedIsADuplicate(TestDatabase database) {
        HikariDataSource pool = emptied(database);
        EventGateway one = subscribed(pool);
        EventGateway other = subscribed(pool);

        Emission first = one.emit(event("1"), ONCE);
        Emission again = other.emit(event("1"), ONCE);

        assertThat(first.duplicate()).isFalse();
        assertThat(again.duplicate()).isTrue();
        assertThat(again.completion()).isDone();
        reportOf(first);
        assertThat(seen).containsExactly("1");
        assertThat(count(pool, "event")).isEqualTo(1);
    }

    @OnEachDatabase
    void aDuplicateOfThisGatewaysOwnEventTellsOfItsDeliveriesAsEver(TestDatabase database) {
        HikariDataSource pool = emptied(database);
        EventGateway one = subscribed(pool);

        Emission first = one.emit(event("1"), ONCE);
        reportOf(first); // of an ended emission, the outline of its event is kept
        Emission again = one.emit(event("1"), ONCE);

        assertThat(again.duplicate()).isTrue();
        assertThat(again.event().getId()).isEqualTo(first.event().getId());
        assertThat(again.subscriptionIds()).containsExactly("s");
        assertThat(reportOf(again).allDelivered()).isTrue();
    }

    @OnEachDatabase
    void emitAllAcceptsTheEventsThatNoOtherGatewayHasAccepted(TestDatabase database) {
        HikariDataSource pool = emptied(database);
        EventGateway one = subscribed(pool);
        EventGateway other = subscribed(pool);
        reportOf(one.emit(event("2"), ONCE));

        List<Emission> emissions = other.emitAll(List.of(event("1"), event("2"), event("3"), event("1")), ONCE);

        assertThat(emissions).extracting(Emission::duplicate).containsExactly(false, true, false, true);
        emissions.forEach(DurableGateways::reportOf);
        assertThat(seen).containsExactlyInAnyOrder("1", "2", "3");
    }

    @OnEachDatabase
    void anEventOfATransactionThatWasRolledBackWasNeverSeen(TestDatabase database) throws Exception {
        HikariDataSource pool = emptied(database);
        EventGateway gateway = subscribed(pool);
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            assertThat(gateway.emit(event("1"), onceIn(connection)).duplicate()).isFalse();
            connection.rollback();

            assertThat(gateway.emit(event("1"), onceIn(connection)).duplicate()).isFalse();
            assertThat(gateway.emit(event("1"), onceIn(connection)).duplicate()).isTrue();
            connection.commit();
        }

        assertThat(gateway.emit(event("1"), ONCE).duplicate()).isTrue();
        Awaitility.await().until(() -> seen.size() == 1);
    }

    @OnEachDatabase
    void aDuplicateLeavesTheTransactionOfItsEmitterInOrder(TestDatabase database) throws Exception {
        HikariDataSource pool = emptied(database);
        EventGateway gateway = subscribed(pool);
        reportOf(gateway.emit(event("1"), ONCE));
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);

            List<Emission> emissions =
                    gateway.emitAll(List.of(event("2"), event("1"), event("2"), event("3")), onceIn(connection));
            connection.commit();

            assertThat(emissions).extracting(Emission::duplicate).containsExactly(false, true, true, false);
        }
        Awaitility.await().until(() -> seen.size() == 3);
        assertThat(count(pool, "event")).isEqualTo(3);
    }

    @OnEachDatabase
    void waitsForAnOpenTransactionThatHasTheSameEvent(TestDatabase database) throws Exception {
        HikariDataSource pool = emptied(database);
        EventGateway gateway = subscribed(pool);
        ExecutorService threads = Executors.newSingleThreadExecutor();
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            gateway.emit(event("1"), onceIn(connection));
            CompletableFuture<Emission> again =
                    CompletableFuture.supplyAsync(() -> gateway.emit(event("1"), ONCE), threads);

            connection.commit();

            assertThat(again.get(30, TimeUnit.SECONDS).duplicate()).isTrue();
        } finally {
            threads.shutdownNow();
        }
    }

    @OnEachDatabase
    void anEventWhoseDeliveryWasDroppedForWantOfRoomMayBeSentAgainToAnyGateway(TestDatabase database) {
        HikariDataSource pool = emptied(database);
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        EventGateway one = EventGateway.builder()
                .stores(JdbcStores.of(pool))
                .shutdownTimeout(Duration.ofSeconds(2))
                .backlog(2, BacklogPolicy.DROP_OLDEST)
                .build();
        gateways.add(one);
        one.functions().registerOrUpdate("f", (event, context) -> {
            begun.countDown();
            release.await();
            return seen.add(event.getId());
        });
        one.subscriptions()
                .createOrUpdate(Subscription.to("a")
                        .id("s")
                        .function("f")
                        .delivery(DeliveryPolicy.builder().maxConcurrency(1).build())
                        .build());
        one.emit(event("1"));
        Awaitility.await().until(() -> begun.getCount() == 0); // what runs is not dropped
        Emission dropped = one.emit(event("2"), ONCE);
        Emission newest = one.emit(event("3"));
        assertThat(reportOf(dropped).deliveries().get(0).status()).isEqualTo(DeliveryStatus.DROPPED);
        EventGateway other = gateway(pool);

        assertThat(other.emit(event("2"), ONCE).duplicate()).isFalse();
        release.countDown();
        reportOf(newest);
    }

    @OnEachDatabase
    void forgetsAnEventWhenItsWindowHasEnded(TestDatabase database) {
        HikariDataSource pool = emptied(database);
        TestClock clock = new TestClock();
        JdbcStores stores = JdbcStores.builder(pool).clock(clock).build();
        try (EventGateway gateway =
                EventGateway.builder().clock(clock).stores(stores).build()) {
            gateway.emit(event("1"), ONCE);
            clock.advance(Duration.ofMinutes(4));
            gateway.emit(event("2"), ONCE);
            clock.advance(Duration.ofMinutes(2));

            stores.purge();

            assertThat(count(pool, "seen")).isEqualTo(1);
            assertThat(gateway.emit(event("1"), ONCE).duplicate()).isFalse();
            assertThat(gateway.emit(event("2"), ONCE).duplicate()).isTrue();
        }
    }

    /** Commits, and then loses the connection before the answer has come, once the switch is on. */
    private static DataSource losingAnAnswer(HikariDataSource pool, AtomicBoolean loses) {
        return new DelegatingDataSource(pool) {
            @Override
            public Connection getConnection() throws SQLException {
                Connection connection = super.getConnection();
                return (Connection) Proxy.newProxyInstance(
                        getClass().getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                            try {
                                Object result = method.invoke(connection, arguments);
                                if (method.getName().equals("commit")
                                        && Thread.currentThread().getName().startsWith("eventgateway-jdbc-writer")
                                        && loses.getAndSet(false)) {
                                    throw new SQLException("the answer is lost", "08006");
                                }
                                return result;
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                        });
            }
        };
    }

    @OnEachDatabase
    void anEventWhoseAcceptanceIsUnknownIsDeliveredWhenItIsSentAgain(TestDatabase database) {
        HikariDataSource pool = emptied(database);
        AtomicBoolean loses = new AtomicBoolean();
        EventGateway gateway = gateway(JdbcStores.of(losingAnAnswer(pool, loses)));
        gateway.functions().registerOrUpdate("f", (event, context) -> seen.add(event.getId()));
        gateway.subscriptions()
                .createOrUpdate(Subscription.to("a").id("s").function("f").build());

        loses.set(true);
        Awaitility.await().ignoreExceptions().until(() -> {
            gateway.emit(event("1"), ONCE);
            return !seen.isEmpty();
        });

        assertThat(loses).isFalse();
        assertThat(seen).containsOnly("1");
    }
}
