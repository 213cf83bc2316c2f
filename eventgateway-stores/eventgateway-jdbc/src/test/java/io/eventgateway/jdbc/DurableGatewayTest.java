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
import io.eventgateway.delivery.DeadLetterQuery;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.delivery.DeliveryResult;
import io.eventgateway.delivery.DeliveryStatus;
import io.eventgateway.history.EventHistory;
import io.eventgateway.history.EventQuery;
import io.eventgateway.history.RecordedEvent;
import io.eventgateway.history.ReplayOptions;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A gateway on each database. */
class DurableGatewayTest extends DurableGateways {
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

    @OnEachDatabase
    void anEmissionInATransactionWaitsForTheCommitWhereverItIsDelivered(TestDatabase database) throws Exception {
        HikariDataSource pool = emptied(database);
        EventGateway emitter = gateway(pool);
        EventGateway worker = gateway(pool);
        worker.functions().register("f", (event, context) -> null);
        worker.subscriptions().create(Subscription.to("a").function("f").build());
        Awaitility.await().until(() -> !emitter.subscriptions().list().isEmpty());

        Emission emission;
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            emission = emitter.emit(Event.of("a", 1), EmitOptions.inTransaction(connection));
            Awaitility.await()
                    .during(Duration.ofSeconds(3))
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> !emission.completion().isDone());
            connection.commit();
        }

        assertThat(reportOf(emission).allDelivered()).isTrue();
    }

    @OnEachDatabase
    void textsThatDifferInTrailingSpacesAreTwo(TestDatabase database) {
        EventGateway gateway = gateway(emptied(database));
        gateway.emit(Event.builder("a").subject("customer-42").build());
        gateway.emit(Event.builder("a").subject("customer-42 ").build());
        gateway.history().position("projection", 1);
        gateway.history().position("projection ", 2);

        assertThat(gateway.history().position("projection")).isEqualTo(1);
        assertThat(gateway.history().erase("customer-42")).isEqualTo(1);
        assertThat(gateway.history().events(EventQuery.all()))
                .extracting(recorded -> recorded.event().getSubject())
                .containsExactly("customer-42 ");
    }
}
