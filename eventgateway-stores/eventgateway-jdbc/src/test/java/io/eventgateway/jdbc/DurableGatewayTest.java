package io.eventgateway.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.eventgateway.Emission;
import io.eventgateway.EmitOptions;
import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.InvocationException;
import io.eventgateway.Subscription;
import io.eventgateway.delivery.Backoff;
import io.eventgateway.delivery.DeadLetterQuery;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.delivery.DeliveryReport;
import io.eventgateway.delivery.DeliveryResult;
import io.eventgateway.delivery.DeliveryStatus;
import io.eventgateway.delivery.OrderBy;
import io.eventgateway.history.EventHistory;
import io.eventgateway.history.EventQuery;
import io.eventgateway.history.RecordedEvent;
import io.eventgateway.history.ReplayOptions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;

/** Gateways on each database, several of them where that matters. */
class DurableGatewayTest {
    private static final Map<TestDatabase, HikariDataSource> POOLS = new EnumMap<>(TestDatabase.class);

    private final List<EventGateway> gateways = new ArrayList<>();

    @AfterEach
    void closeGateways() {
        gateways.forEach(EventGateway::close);
    }

    @AfterAll
    static void closePools() {
        POOLS.values().forEach(HikariDataSource::close);
        POOLS.clear();
    }

    private static HikariDataSource emptied(TestDatabase database) {
        HikariDataSource pool = POOLS.computeIfAbsent(database, TestDatabase::migrated);
        TestDatabase.clear(pool);
        return pool;
    }

    private EventGateway gateway(HikariDataSource pool) {
        return gateway(JdbcStores.of(pool));
    }

    private EventGateway gateway(JdbcStores stores) {
        EventGateway gateway = EventGateway.builder()
                .stores(stores)
                .shutdownTimeout(Duration.ofSeconds(2))
                .build();
        gateways.add(gateway);
        return gateway;
    }

    private static DeliveryReport reportOf(Emission emission) {
        return emission.completion().orTimeout(30, TimeUnit.SECONDS).join();
    }

    private static long count(HikariDataSource pool, String table) {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT COUNT(*) FROM eg_" + table)) {
            rows.next();
            return rows.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @OnEachDatabase
    void deliversWhatIsEmittedAndForgetsTheDelivery(TestDatabase database) {
        HikariDataSource pool = emptied(database);
        EventGateway gateway = gateway(pool);
        List<Object> seen = new CopyOnWriteArrayList<>();
        gateway.subscribe("a", event -> seen.add(event.dataAs(Integer.class)));

        List<Emission> emissions = new ArrayList<>(gateway.emitAll(List.of(Event.of("a", 1), Event.of("a", 2))));
        emissions.add(gateway.emit("a", 3));

        assertThat(emissions)
                .allSatisfy(each -> assertThat(reportOf(each).allDelivered()).isTrue());
        assertThat(seen).containsExactlyInAnyOrder(1, 2, 3);
        assertThat(count(pool, "delivery")).isZero();
        assertThat(count(pool, "event")).isEqualTo(3);
    }

    @OnEachDatabase
    void aDeliveryThatIsMadeAtMostOnceHasLeftTheDatabaseWhenItsCallBegins(TestDatabase database) {
        HikariDataSource pool = emptied(database);
        EventGateway gateway = gateway(pool);
        List<Long> during = new CopyOnWriteArrayList<>();
        gateway.functions().register("f", (event, context) -> {
            during.add(count(pool, "delivery"));
            if (event.dataAs(Integer.class) == 2) {
                throw new IllegalStateException("disk");
            }
            return null;
        });
        gateway.subscriptions()
                .create(Subscription.to("a")
                        .function("f")
                        .delivery(DeliveryPolicy.atMostOnce())
                        .build());

        assertThat(reportOf(gateway.emit("a", 1)).allDelivered()).isTrue();
        assertThat(reportOf(gateway.emit("a", 2)).deliveries())
                .extracting(DeliveryResult::status)
                .containsExactly(DeliveryStatus.DEAD_LETTERED);

        assertThat(during).containsExactly(0L, 0L);
        assertThat(gateway.deadLetters().list()).hasSize(1);
        assertThat(gateway.history().events(EventQuery.all())).hasSize(2);
    }

    @OnEachDatabase
    void aTransactionThatIsCommittedDeliversAndOneThatIsRolledBackLeavesNothing(TestDatabase database)
            throws Exception {
        HikariDataSource pool = emptied(database);
        EventGateway gateway = gateway(pool);
        List<Integer> seen = new CopyOnWriteArrayList<>();
        gateway.subscribe("a", event -> seen.add(event.dataAs(Integer.class)));
        Emission committed;
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            gateway.emit(Event.of("a", 1), EmitOptions.inTransaction(connection));
            connection.rollback();
            committed = gateway.emit(Event.of("a", 2), EmitOptions.inTransaction(connection));
            assertThat(committed.subscriptionIds()).hasSize(1);
            assertThat(seen).isEmpty();
            connection.commit();
        }

        assertThat(reportOf(committed).allDelivered()).isTrue();
        assertThat(seen).containsExactly(2);
        assertThat(count(pool, "event")).isEqualTo(1);
        assertThat(count(pool, "delivery")).isZero();
    }

    @OnEachDatabase
    void startsDeliveringRightAfterTheCommitWhenItIsToldOfIt(TestDatabase database) throws Exception {
        HikariDataSource pool = emptied(database);
        EventGateway gateway = gateway(pool);
        gateway.subscribe("a", event -> {});
        List<Runnable> afterCommit = new ArrayList<>();
        Emission emission;
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            emission = gateway.emit(
                    Event.of("a", 1),
                    EmitOptions.builder()
                            .inTransaction(connection, afterCommit::add)
                            .build());
            connection.commit();
        }
        assertThat(afterCommit).hasSize(1);
        afterCommit.get(0).run();

        assertThat(reportOf(emission).allDelivered()).isTrue();
    }

    @OnEachDatabase
    void refusesAConnectionWithoutATransaction(TestDatabase database) throws Exception {
        HikariDataSource pool = emptied(database);
        EventGateway gateway = gateway(pool);
        gateway.subscribe("a", event -> {});
        try (Connection connection = pool.getConnection()) {
            assertThatThrownBy(() -> gateway.emit(Event.of("a", 1), EmitOptions.inTransaction(connection)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("auto-commit");
        }
        assertThat(count(pool, "event")).isZero();
    }

    private static Subscription ordered(int maxAttempts) {
        return Subscription.to("a")
                .id("s")
                .function("f")
                .delivery(DeliveryPolicy.builder()
                        .maxAttempts(maxAttempts)
                        .backoff(Backoff.fixed(Duration.ofSeconds(5)))
                        .orderBy("subject")
                        .build())
                .build();
    }

    private static Event keyed(int number) {
        return Event.builder("a").subject("k").data(number).build();
    }

    @OnEachDatabase
    void aRedriveBeforeTheTakeoverOfALaterDeliveryDoesNotBlockTheKey(TestDatabase database) {
        HikariDataSource pool = emptied(database);
        List<Integer> failed = new CopyOnWriteArrayList<>();
        EventGateway first = gateway(pool);
        first.functions().register("f", (event, context) -> {
            failed.add(event.dataAs(Integer.class));
            throw new IllegalStateException("no stock");
        });
        first.subscriptions().create(ordered(1));
        reportOf(first.emit(keyed(1)));
        first.subscriptions().update(ordered(3));
        first.emit(keyed(2));
        Awaitility.await().until(() -> failed.size() == 2);
        EventGateway second = gateway(pool);
        List<Integer> seen = new CopyOnWriteArrayList<>();
        second.functions().register("f", (event, context) -> seen.add(event.dataAs(Integer.class)));

        assertThat(second.deadLetters().redrive(DeadLetterQuery.all())).isEqualTo(1);
        first.close();
        second.emit(keyed(3));

        Awaitility.await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(seen)
                .containsExactly(1, 2, 3));
    }

    @OnEachDatabase
    void whatAClosedGatewayLeftIsDeliveredByTheNext(TestDatabase database) {
        HikariDataSource pool = emptied(database);
        EventGateway first = gateway(pool);
        CountDownLatch called = new CountDownLatch(1);
        first.functions().register("f", (event, context) -> {
            called.countDown();
            throw new InvocationException(InvocationException.Kind.FUNCTION_ERROR, true, "no stock");
        });
        first.subscriptions().create(Subscription.to("a").function("f").build());
        first.emit("a", "x");
        Awaitility.await().until(() -> called.getCount() == 0);
        first.close();

        EventGateway second = gateway(pool);
        Map<String, Integer> attempts = new ConcurrentHashMap<>();
        second.functions()
                .register("f", (event, context) -> attempts.put(event.dataAs(String.class), context.attempt()));

        Awaitility.await().until(() -> count(pool, "delivery") == 0);
        assertThat(attempts.get("x")).isGreaterThan(1); // the attempts before the close are known
    }

    @OnEachDatabase
    void aFunctionThatOnlyAnotherGatewayHasIsCalledThereAndTheEmissionEnds(TestDatabase database) {
        HikariDataSource pool = emptied(database);
        EventGateway emitter = gateway(pool);
        EventGateway worker = gateway(pool);
        List<String> seen = new CopyOnWriteArrayList<>();
        worker.functions().register("f", (event, context) -> seen.add(event.dataAs(String.class)));
        worker.subscriptions().create(Subscription.to("a").function("f").build());
        Awaitility.await()
                .atMost(Duration.ofSeconds(1))
                .until(() -> !emitter.subscriptions().list().isEmpty());

        DeliveryReport report = reportOf(emitter.emit("a", "x"));

        assertThat(report.allDelivered()).isTrue();
        assertThat(seen).containsExactly("x");
    }

    @OnEachDatabase
    void changesOfOneGatewayRouteOnTheOthersWithinASecond(TestDatabase database) {
        HikariDataSource pool = emptied(database);
        EventGateway one = gateway(pool);
        EventGateway other = gateway(pool);
        one.functions().register("f", (event, context) -> null);
        Subscription created =
                one.subscriptions().create(Subscription.to("a").function("f").build());
        Awaitility.await()
                .atMost(Duration.ofSeconds(1))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> other.emit("a", 1).subscriptionIds().equals(List.of(created.id())));

        one.subscriptions().delete(created.id());

        Awaitility.await()
                .atMost(Duration.ofSeconds(1))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> other.emit("a", 1).subscriptionIds().isEmpty());
    }

    @OnEachDatabase
    void keepsTheOrderOfAKeyAcrossGateways(TestDatabase database) {
        HikariDataSource pool = emptied(database);
        Map<String, List<Integer>> seen = new ConcurrentHashMap<>();
        Map<String, AtomicInteger> running = new ConcurrentHashMap<>();
        AtomicInteger overlaps = new AtomicInteger();
        List<EventGateway> three = List.of(gateway(pool), gateway(pool), gateway(pool));
        for (EventGateway each : three) {
            each.functions().register("f", (event, context) -> {
                String key = event.getSubject();
                AtomicInteger own = running.computeIfAbsent(key, added -> new AtomicInteger());
                overlaps.addAndGet(own.getAndIncrement());
                seen.computeIfAbsent(key, added -> new CopyOnWriteArrayList<>()).add(event.dataAs(Integer.class));
                own.decrementAndGet();
                return null;
            });
        }
        subscribeEverywhere(
                three,
                Subscription.to("a")
                        .function("f")
                        .delivery(DeliveryPolicy.builder().orderBy("subject").build())
                        .build());

        List<Emission> emissions = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            emissions.add(three.get(i % 3)
                    .emit(Event.builder("a").subject("k" + i % 2).data(i).build()));
        }
        emissions.forEach(DurableGatewayTest::reportOf);

        assertThat(seen)
                .hasSize(2)
                .allSatisfy((key, values) -> assertThat(values).hasSize(30).isSorted());
        assertThat(overlaps).hasValue(0);
        assertThat(count(pool, "turn")).isZero();
    }

    private static void subscribeEverywhere(List<EventGateway> all, Subscription subscription) {
        all.get(0).subscriptions().create(subscription);
        Awaitility.await().until(() -> all.stream()
                .noneMatch(each -> each.subscriptions().list().isEmpty()));
    }

    @OnEachDatabase
    void callsNoMoreAtATimeThanAllowedAcrossGateways(TestDatabase database) {
        HikariDataSource pool = emptied(database);
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<EventGateway> three = List.of(gateway(pool), gateway(pool), gateway(pool));
        for (EventGateway each : three) {
            each.functions().register("f", (event, context) -> {
                most.accumulateAndGet(running.incrementAndGet(), Math::max);
                Thread.onSpinWait();
                running.decrementAndGet();
                return null;
            });
        }
        subscribeEverywhere(
                three,
                Subscription.to("a")
                        .function("f")
                        .delivery(DeliveryPolicy.builder().maxConcurrency(2).build())
                        .build());

        List<Emission> emissions = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            emissions.add(three.get(i % 3).emit("a", i));
        }

        assertThat(emissions)
                .allSatisfy(each -> assertThat(reportOf(each).allDelivered()).isTrue());
        assertThat(most.get()).isBetween(1, 2);
        assertThat(count(pool, "turn")).isZero();
    }

    @OnEachDatabase
    void aKeyThatADeadLetterHoldsIsHeldForAllGatewaysUntilAnyOfThemRedrivesIt(TestDatabase database) {
        HikariDataSource pool = emptied(database);
        AtomicInteger stock = new AtomicInteger();
        List<Integer> seen = new CopyOnWriteArrayList<>();
        List<EventGateway> two = List.of(gateway(pool), gateway(pool));
        for (EventGateway each : two) {
            each.functions().register("f", (event, context) -> {
                if (stock.get() == 0) {
                    throw new InvocationException(InvocationException.Kind.FUNCTION_ERROR, false, "no stock");
                }
                return seen.add(event.dataAs(Integer.class));
            });
        }
        subscribeEverywhere(
                two,
                Subscription.to("a")
                        .function("f")
                        .delivery(DeliveryPolicy.builder()
                                .orderBy("subject", OrderBy.OnDeadLetter.HOLD)
                                .build())
                        .build());
        Emission first = two.get(0).emit(Event.builder("a").subject("k").data(1).build());
        assertThat(reportOf(first).deliveries().get(0).status()).isEqualTo(DeliveryStatus.DEAD_LETTERED);
        stock.set(1);
        Emission second =
                two.get(1).emit(Event.builder("a").subject("k").data(2).build());
        assertThat(two.get(1).deadLetters().count()).isEqualTo(1);
        assertThat(second.completion()).isNotDone();

        two.get(1).deadLetters().redrive(DeadLetterQuery.all());

        assertThat(reportOf(second).allDelivered()).isTrue();
        assertThat(seen).containsExactly(1, 2);
    }

    @OnEachDatabase
    void whatIsPutOffForLongWaitsInTheStoreAndTakesNoRoom(TestDatabase database) {
        HikariDataSource pool = emptied(database);
        EventGateway gateway = gateway(pool);
        gateway.subscribe("a", event -> {});

        Emission emission = gateway.emit(
                Event.of("a", 1),
                EmitOptions.builder().delay(Duration.ofHours(1)).build());

        assertThat(gateway.backlog().pending()).isZero();
        assertThat(count(pool, "delivery")).isEqualTo(1);
        assertThat(emission.completion()).isNotDone();
        gateway.close();
        assertThat(reportOf(emission).deliveries().get(0).status()).isEqualTo(DeliveryStatus.RELEASED);
        assertThat(count(pool, "delivery")).isEqualTo(1);
    }

    @OnEachDatabase
    void replaysTheHistoryToANewSubscriptionAndGoesOnWhereItEnded(TestDatabase database) {
        HikariDataSource pool = emptied(database);
        EventGateway gateway = gateway(pool);
        gateway.subscribe("order.*", event -> {});
        for (int i = 1; i <= 5; i++) {
            reportOf(gateway.emit(i == 3 ? "other" : "order.placed", i));
        }
        List<Integer> projected = new CopyOnWriteArrayList<>();
        List<Object> marks = new CopyOnWriteArrayList<>();
        Subscription projection = gateway.subscribe("order.placed", event -> {
            projected.add(event.dataAs(Integer.class));
            marks.add(event.getExtension(EventHistory.REPLAY));
        });
        ReplayOptions asProjection = ReplayOptions.to(projection.id()).named("projection");

        assertThat(gateway.history()
                        .replay(EventQuery.all().ofType("order.*"), asProjection)
                        .completion()
                        .orTimeout(30, TimeUnit.SECONDS)
                        .join()
                        .events())
                .isEqualTo(4);
        Awaitility.await().until(() -> projected.size() == 4);
        assertThat(projected).containsExactlyInAnyOrder(1, 2, 4, 5);
        assertThat(marks).containsOnly("projection");
        gateway.emit("order.placed", 6)
                .completion()
                .orTimeout(30, TimeUnit.SECONDS)
                .join();

        assertThat(gateway.history()
                        .replay(EventQuery.all().ofType("order.*"), asProjection)
                        .completion()
                        .orTimeout(30, TimeUnit.SECONDS)
                        .join()
                        .events())
                .isEqualTo(1);

        Awaitility.await().until(() -> projected.size() == 6); // once as it was emitted, once again
        assertThat(gateway.history().events(EventQuery.all().ofType("order.**")))
                .extracting(RecordedEvent::event)
                .extracting(event -> event.dataAs(Integer.class))
                .containsExactly(1, 2, 4, 5, 6);
        assertThat(gateway.history().position("projection"))
                .isEqualTo(gateway.history()
                        .events(EventQuery.all().limit(10))
                        .get(5)
                        .position());
        assertThat(count(pool, "event")).isEqualTo(6);
    }
}
