package io.eventgateway.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.eventgateway.Emission;
import io.eventgateway.EmitOptions;
import io.eventgateway.EventGateway;
import io.eventgateway.Subscription;
import io.eventgateway.delivery.BacklogPolicy;
import io.eventgateway.delivery.Backoff;
import io.eventgateway.delivery.DeadLetterQuery;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.delivery.OrderBy;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;

/** Deliveries of one key that wait at one gateway: they get their turns together, and no other gateway's delivery is passed over. */
class KeyRunsTest extends DurableGateways {
    private final List<Integer> seen = new CopyOnWriteArrayList<>();
    private final CountDownLatch begin = new CountDownLatch(1);
    private final AtomicInteger under = new AtomicInteger();
    private final AtomicBoolean together = new AtomicBoolean();
    private final AtomicInteger failing = new AtomicInteger(-1);

    private EventGateway subscribed(EventGateway gateway, DeliveryPolicy.Builder policy) {
        gateway.functions().registerOrUpdate("f", (event, context) -> {
            together.compareAndSet(false, under.getAndIncrement() > 0);
            try {
                begin.await();
                int number = event.dataAs(Integer.class);
                if (failing.get() == number) {
                    throw new IllegalStateException("not this one");
                }
                return seen.add(number);
            } finally {
                under.decrementAndGet();
            }
        });
        gateway.subscriptions()
                .createOrUpdate(Subscription.to("a")
                        .id("s")
                        .function("f")
                        .delivery(policy.build())
                        .build());
        return gateway;
    }

    private static List<Integer> numbers(int most) {
        return IntStream.range(0, most).boxed().toList();
    }

    @OnEachDatabase
    void areOneTurnForManyOfThem(TestDatabase database) {
        HikariDataSource pool = emptied(database);
        CountedStatements counted = new CountedStatements(pool, sql -> sql.contains("INTO eg_turn"));
        EventGateway gateway = subscribed(
                gateway(JdbcStores.of(counted)), DeliveryPolicy.builder().orderBy("subject"));
        List<Emission> emissions = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            emissions.add(gateway.emit(keyed(i)));
        }

        begin.countDown();

        emissions.forEach(each -> assertThat(reportOf(each).allDelivered()).isTrue());
        assertThat(seen).isEqualTo(numbers(300));
        assertThat(together).isFalse();
        assertThat(counted.count()).isLessThan(20);
        Awaitility.await().untilAsserted(() -> assertThat(count(pool, "turn")).isZero());
    }

    @OnEachDatabase
    void stopBeforeADeliveryOfAnotherGateway(TestDatabase database) {
        HikariDataSource pool = emptied(database);
        DeliveryPolicy.Builder policy = DeliveryPolicy.builder().orderBy("subject");
        EventGateway one = subscribed(gateway(pool), policy);
        EventGateway other = subscribed(gateway(pool), policy);
        List<Emission> emissions = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            emissions.add((i / 7 % 2 == 0 ? one : other).emit(keyed(i)));
        }

        begin.countDown();

        emissions.forEach(each -> assertThat(reportOf(each).allDelivered()).isTrue());
        assertThat(seen).isEqualTo(numbers(60));
        assertThat(together).isFalse();
    }

    @OnEachDatabase
    void waitForADeliveryThatIsTriedAgain(TestDatabase database) {
        HikariDataSource pool = emptied(database);
        EventGateway gateway = subscribed(
                gateway(pool),
                DeliveryPolicy.builder().orderBy("subject").backoff(Backoff.fixed(Duration.ofMillis(300))));
        List<Emission> emissions = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            emissions.add(gateway.emit(keyed(i)));
        }
        failing.set(7);

        begin.countDown();
        Awaitility.await().until(() -> seen.size() == 7);
        Awaitility.await()
                .during(Duration.ofMillis(100))
                .until(() -> seen.size() == 7 && !emissions.get(8).completion().isDone());
        failing.set(-1);

        emissions.forEach(each -> assertThat(reportOf(each).allDelivered()).isTrue());
        assertThat(seen).isEqualTo(numbers(20));
    }

    @OnEachDatabase
    void stopAtADeadLetterThatHoldsTheKey(TestDatabase database) {
        HikariDataSource pool = emptied(database);
        DeliveryPolicy.Builder policy = DeliveryPolicy.builder()
                .orderBy("subject", OrderBy.OnDeadLetter.HOLD)
                .maxAttempts(1);
        EventGateway one = subscribed(gateway(pool), policy);
        EventGateway other = subscribed(gateway(pool), policy);
        List<Emission> emissions = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            emissions.add((i < 15 ? one : other).emit(keyed(i)));
        }
        failing.set(7);

        begin.countDown();
        Awaitility.await().until(() -> one.deadLetters().count() == 1);
        Awaitility.await().during(Duration.ofMillis(300)).until(() -> seen.size() == 7);
        failing.set(-1);
        one.deadLetters()
                .redrive(one.deadLetters().list(DeadLetterQuery.all()).get(0).id());

        Awaitility.await().until(() -> seen.size() == 20);
        assertThat(seen).isEqualTo(numbers(20));
        assertThat(together).isFalse();
        Awaitility.await().untilAsserted(() -> assertThat(count(pool, "turn")).isZero());
    }

    @OnEachDatabase
    void stopBeforeADeliveryWhoseTransactionIsCommittedAndNotSeenYet(TestDatabase database) throws Exception {
        HikariDataSource pool = emptied(database);
        DeliveryPolicy.Builder policy = DeliveryPolicy.builder().orderBy("subject");
        EventGateway one = subscribed(gateway(pool), policy);
        EventGateway other = subscribed(gateway(pool), policy);
        List<Emission> emissions = new ArrayList<>();
        emissions.add(other.emit(keyed(0)));
        Awaitility.await().until(() -> under.get() == 1);
        emissions.add(one.emit(keyed(1)));
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            emissions.add(one.emit(keyed(2), EmitOptions.inTransaction(connection)));
            // the gateway looks for the commit less and less often
            Awaitility.await()
                    .pollDelay(Duration.ofSeconds(4))
                    .until(() -> !emissions.get(2).completion().isDone());
            connection.commit();
        }
        emissions.add(one.emit(keyed(3)));

        begin.countDown();

        emissions.forEach(each -> assertThat(reportOf(each).allDelivered()).isTrue());
        assertThat(seen).isEqualTo(numbers(4));
        assertThat(together).isFalse();
    }

    @OnEachDatabase
    void areMadeWhereTheirTimesRunAgainstTheirPositionsAndThereIsLittleRoom(TestDatabase database) {
        HikariDataSource pool = emptied(database);
        EventGateway gateway = EventGateway.builder()
                .stores(JdbcStores.of(pool))
                .backlog(10, BacklogPolicy.BLOCK)
                .shutdownTimeout(Duration.ofSeconds(2))
                .build();
        gateways.add(gateway);
        subscribed(gateway, DeliveryPolicy.builder().orderBy("subject"));
        begin.countDown();
        Instant due = Instant.now().plusSeconds(11); // so far away that they wait in the store
        for (int i = 0; i < 100; i++) {
            gateway.emit(
                    keyed(i),
                    EmitOptions.builder()
                            .deliverAt(due.plusMillis(2 * (100 - i)))
                            .build());
        }

        Awaitility.await().atMost(Duration.ofSeconds(40)).until(() -> seen.size() == 100);
        assertThat(together).isFalse();
    }

    @OnEachDatabase
    void areTakenOverInOrderWhenTheGatewayCloses(TestDatabase database) {
        HikariDataSource pool = emptied(database);
        DeliveryPolicy.Builder policy = DeliveryPolicy.builder().orderBy("subject");
        EventGateway one = subscribed(gateway(pool), policy);
        for (int i = 0; i < 30; i++) {
            one.emit(keyed(i));
        }
        Awaitility.await().until(() -> under.get() == 1);
        EventGateway other = subscribed(gateway(pool), policy);
        Thread closing = new Thread(one::close);
        closing.start();
        for (int i = 30; i < 40; i++) {
            other.emit(keyed(i));
        }

        begin.countDown();

        Awaitility.await().until(() -> seen.stream().distinct().count() == 40);
        assertThat(seen.stream().distinct().toList()).isEqualTo(numbers(40));
    }
}
