package io.eventgateway.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.eventgateway.Emission;
import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.Subscription;
import io.eventgateway.delivery.Backoff;
import io.eventgateway.delivery.DeadLetter;
import io.eventgateway.delivery.DeadLetterQuery;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.delivery.DeliveryResult;
import io.eventgateway.delivery.DeliveryStatus;
import io.eventgateway.error.StoreFailedException;
import io.eventgateway.history.EventQuery;
import io.eventgateway.history.ReplayOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;

/** A commit is made and its answer is lost: whatever the transaction was for, nothing is lost, repeated or left to nobody. */
class LostAnswersTest extends DurableGateways {
    private HikariDataSource pool;
    private LostAnswers answers;
    private EventGateway gateway;

    private void open(TestDatabase database) {
        pool = emptied(database);
        answers = new LostAnswers(pool);
        gateway = gateway(
                JdbcStores.builder(answers).timeout(Duration.ofSeconds(1)).build());
    }

    private void subscribe(String id, DeliveryPolicy.Builder policy) {
        gateway.subscriptions()
                .create(Subscription.to("a")
                        .id(id)
                        .function("f")
                        .delivery(policy.build())
                        .build());
    }

    private List<DeliveryResult> resultsOf(Emission emission) {
        return emission.completion().orTimeout(30, TimeUnit.SECONDS).join().deliveries();
    }

    private void assertNothingIsPending() {
        assertThat(gateway.awaitIdle(Duration.ofSeconds(10))).isTrue();
        Awaitility.await().untilAsserted(() -> {
            assertThat(count(pool, "delivery")).isZero();
            assertThat(count(pool, "turn")).isZero();
        });
    }

    @OnEachDatabase
    void anAppendIsFoundAndDeliveredOnce(TestDatabase database) {
        open(database);
        AtomicInteger calls = new AtomicInteger();
        gateway.functions().register("f", (event, context) -> calls.incrementAndGet());
        subscribe("s", DeliveryPolicy.builder());

        answers.lose(1, sql -> sql.contains("INSERT INTO eg_event"));
        DeliveryResult result = resultsOf(gateway.emit("a", 1)).get(0);

        assertThat(answers.left()).isZero();
        assertThat(result.status()).isEqualTo(DeliveryStatus.DELIVERED);
        assertNothingIsPending();
        assertThat(calls).hasValue(1);
        assertThat(count(pool, "event")).isEqualTo(1);
    }

    @OnEachDatabase
    void anAppendWithoutDeliveriesIsRecordedOnce(TestDatabase database) {
        open(database);

        answers.lose(2, sql -> sql.contains("INSERT INTO eg_event"));
        gateway.emit("a", 1);

        assertThat(count(pool, "event")).isEqualTo(1);
    }

    @OnEachDatabase
    void anAppendOfWhichNobodyFindsOutInTimeIsTakenBackLater(TestDatabase database) {
        open(database);
        AtomicInteger calls = new AtomicInteger();
        gateway.functions().register("f", (event, context) -> calls.incrementAndGet());
        subscribe("s", DeliveryPolicy.builder());

        answers.lose(
                Integer.MAX_VALUE,
                sql -> sql.contains("INSERT INTO eg_event")
                        || sql.startsWith("SELECT event_position FROM eg_delivery"));
        assertThatThrownBy(() -> gateway.emit("a", 1))
                .isInstanceOf(StoreFailedException.class)
                .hasMessageContaining("taken back");
        answers.lose(0, sql -> false);

        assertNothingIsPending();
        assertThat(count(pool, "event")).isZero();
        assertThat(calls).hasValue(0);
        assertThat(gateway.backlog().pending()).isZero();
    }

    @OnEachDatabase
    void aReplaysAppendLeavesTheRecordedEventWhereItIs(TestDatabase database) {
        open(database);
        AtomicInteger calls = new AtomicInteger();
        gateway.functions().register("f", (event, context) -> calls.incrementAndGet());
        subscribe("s", DeliveryPolicy.builder());
        resultsOf(gateway.emit("a", 1));

        answers.lose(1, sql -> sql.contains("INSERT INTO eg_delivery"));
        gateway.history()
                .replay(EventQuery.all(), ReplayOptions.to("s"))
                .completion()
                .orTimeout(30, TimeUnit.SECONDS)
                .join();

        assertThat(answers.left()).isZero();
        assertNothingIsPending();
        assertThat(calls).hasValue(2);
        assertThat(gateway.history().events(EventQuery.all())).hasSize(1);
    }

    @OnEachDatabase
    void anEndIsWrittenOnce(TestDatabase database) {
        open(database);
        AtomicInteger calls = new AtomicInteger();
        gateway.functions().register("f", (event, context) -> calls.incrementAndGet());
        subscribe("s", DeliveryPolicy.builder());
        subscribe("ordered", DeliveryPolicy.builder().orderBy("subject").maxConcurrency(1));

        answers.lose(3, sql -> sql.startsWith("DELETE FROM eg_delivery") || sql.contains("DELETE FROM eg_delivery"));
        List<DeliveryResult> results =
                resultsOf(gateway.emit(Event.builder("a").subject("k").build()));

        assertThat(results).extracting(DeliveryResult::status).containsOnly(DeliveryStatus.DELIVERED);
        assertNothingIsPending();
        assertThat(calls).hasValue(2);
        assertThat(status().staleOutcomes()).isZero();
    }

    private JdbcStoreStatus status() {
        return JdbcStores.of(pool).status();
    }

    @OnEachDatabase
    void aFailedAttemptIsKeptOnce(TestDatabase database) {
        open(database);
        AtomicBoolean fails = new AtomicBoolean(true);
        gateway.functions().register("f", (event, context) -> {
            if (fails.getAndSet(false)) {
                answers.lose(1, sql -> sql.startsWith("UPDATE eg_delivery SET attempts"));
                throw new IllegalStateException("not yet");
            }
            throw new IllegalArgumentException("never");
        });
        subscribe("s", DeliveryPolicy.builder().maxAttempts(2).backoff(Backoff.fixed(Duration.ofMillis(10))));

        assertThat(resultsOf(gateway.emit("a", 1)).get(0).status()).isEqualTo(DeliveryStatus.DEAD_LETTERED);

        assertThat(answers.left()).isZero();
        assertThat(gateway.deadLetters().list(DeadLetterQuery.all()).get(0).attempts())
                .extracting(each -> each.number())
                .containsExactly(1, 2);
    }

    @OnEachDatabase
    void aDeadLetterIsMadeAndToldOfOnce(TestDatabase database) {
        open(database);
        List<String> told = new CopyOnWriteArrayList<>();
        gateway.functions().register("f", (event, context) -> {
            answers.lose(1, sql -> sql.contains("INSERT INTO eg_dead_letter"));
            throw new IllegalStateException("no");
        });
        gateway.functions().register("dead", (event, context) -> told.add(event.getId()));
        subscribe("s", DeliveryPolicy.builder().maxAttempts(1).deadLetter("dead"));

        assertThat(resultsOf(gateway.emit("a", 1)).get(0).status()).isEqualTo(DeliveryStatus.DEAD_LETTERED);

        assertThat(answers.left()).isZero();
        Awaitility.await().until(() -> told.size() == 1);
        assertNothingIsPending();
    }

    @OnEachDatabase
    void aRedriveIsFoundAndDelivered(TestDatabase database) {
        open(database);
        AtomicBoolean fails = new AtomicBoolean(true);
        AtomicInteger calls = new AtomicInteger();
        gateway.functions().register("f", (event, context) -> {
            calls.incrementAndGet();
            if (fails.get()) {
                throw new IllegalStateException("no");
            }
            return null;
        });
        subscribe("s", DeliveryPolicy.builder().maxAttempts(1));
        resultsOf(gateway.emit("a", 1));
        fails.set(false);
        DeadLetter letter = gateway.deadLetters().list(DeadLetterQuery.all()).get(0);

        answers.lose(1, sql -> sql.startsWith("INSERT INTO eg_delivery"));
        assertThat(resultsOf(gateway.deadLetters().redrive(letter.id())).get(0).status())
                .isEqualTo(DeliveryStatus.DELIVERED);

        assertThat(answers.left()).isZero();
        assertThat(calls).hasValue(2);
        assertNothingIsPending();
    }

    @OnEachDatabase
    void anOnlyAttemptIsMadeWhenItsMarkIsFound(TestDatabase database) {
        open(database);
        AtomicInteger calls = new AtomicInteger();
        gateway.functions().register("f", (event, context) -> calls.incrementAndGet());
        subscribe("s", DeliveryPolicy.builder().atMostOnce());

        answers.lose(1, sql -> sql.contains("DELETE FROM eg_delivery"));
        // an append may take that statement along, whose answer is lost then
        DeliveryResult result = resultsOf(gateway.emit("a", 1)).get(0);

        assertThat(result.status()).isEqualTo(DeliveryStatus.DELIVERED);
        assertThat(calls).hasValue(1);
        assertNothingIsPending();
    }

    @OnEachDatabase
    void aTurnIsGivenOnceAndGivenBack(TestDatabase database) {
        open(database);
        AtomicInteger calls = new AtomicInteger();
        gateway.functions().register("f", (event, context) -> calls.incrementAndGet());
        subscribe("s", DeliveryPolicy.builder().orderBy("subject").maxConcurrency(2));

        List<Emission> emissions = new ArrayList<>();
        answers.lose(4, sql -> sql.contains("eg_turn"));
        for (int i = 0; i < 5; i++) {
            emissions.add(gateway.emit(Event.builder("a").subject("k").data(i).build()));
        }

        assertThat(emissions).allMatch(each -> resultsOf(each).get(0).status() == DeliveryStatus.DELIVERED);
        assertThat(calls).hasValue(5);
        assertNothingIsPending();
    }

    /** Emits to a function that has been called and waits, so that its delivery ends while the database is away. */
    private Emission endedWhileTheDatabaseIsAway(AtomicInteger calls) {
        CountDownLatch called = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        gateway.functions().register("f", (event, context) -> {
            calls.incrementAndGet();
            called.countDown();
            release.await();
            return null;
        });
        subscribe("s", DeliveryPolicy.builder());
        Emission emission = gateway.emit("a", 1);
        Awaitility.await().until(() -> called.getCount() == 0);
        answers.away(true);
        release.countDown();
        return emission;
    }

    @OnEachDatabase
    void anEndIsWrittenWhenTheDatabaseComesBackHoweverLongThatTakes(TestDatabase database) {
        open(database);
        AtomicInteger calls = new AtomicInteger();

        Emission emission = endedWhileTheDatabaseIsAway(calls);
        // longer than the stores' own time limit
        Awaitility.await()
                .during(Duration.ofMillis(1_500))
                .atMost(Duration.ofSeconds(20))
                .until(() -> !emission.completion().isDone());
        answers.away(false);

        assertThat(resultsOf(emission).get(0).status()).isEqualTo(DeliveryStatus.DELIVERED);
        assertThat(calls).hasValue(1);
        assertNothingIsPending();
    }

    @OnEachDatabase
    void aGatewayThatClosesWhileTheDatabaseIsAwaySaysThatTheDeliveryStays(TestDatabase database) {
        open(database);

        Emission emission = endedWhileTheDatabaseIsAway(new AtomicInteger());
        gateway.close();

        assertThat(resultsOf(emission).get(0).status()).isEqualTo(DeliveryStatus.RELEASED);
    }

    @OnEachDatabase
    void anInterruptedEmitterWritesNothingOrAccepts(TestDatabase database) throws Exception {
        open(database);
        AtomicInteger calls = new AtomicInteger();
        gateway.functions().register("f", (event, context) -> calls.incrementAndGet());
        subscribe("s", DeliveryPolicy.builder().orderBy("subject"));
        int accepted = 0;

        for (int i = 0; i < 20; i++) {
            FutureTask<Boolean> emit = new FutureTask<>(() -> {
                Thread.currentThread().interrupt();
                boolean written = true;
                try {
                    gateway.emit(Event.builder("a").subject("k").build());
                } catch (StoreFailedException e) {
                    written = false;
                }
                assertThat(Thread.currentThread().isInterrupted()).isTrue();
                return written;
            });
            new Thread(emit).start();
            accepted += emit.get(30, TimeUnit.SECONDS) ? 1 : 0;
        }

        gateway.emit(Event.builder("a").subject("k").build());
        assertNothingIsPending();
        assertThat(calls).hasValue(accepted + 1);
    }
}
