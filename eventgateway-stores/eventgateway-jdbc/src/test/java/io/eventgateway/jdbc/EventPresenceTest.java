package io.eventgateway.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.eventgateway.Event;
import io.eventgateway.delivery.DeadLetter;
import io.eventgateway.history.EventHistory;
import io.eventgateway.history.Retention;
import io.eventgateway.spi.EventStore;
import io.eventgateway.spi.EventStore.Accepted;
import io.eventgateway.spi.EventStore.Delivery;
import io.eventgateway.spi.EventStore.DeliveryId;
import io.eventgateway.spi.EventStore.Terms;
import io.eventgateway.test.TestClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/** No delivery and no dead letter stays without its event, whoever deletes events while others add deliveries to them. */
class EventPresenceTest extends DurableGateways {
    private static final int ROUNDS = 40;
    private static final String SPACE = "default";

    private final AtomicLong numbers = new AtomicLong();

    /** A step of one thread of a round. */
    private interface Step {
        void run() throws Exception;
    }

    /** Runs steps at the same time, each on a thread of its own. */
    private static void atOnce(ExecutorService threads, List<Step> steps) throws Exception {
        CyclicBarrier start = new CyclicBarrier(steps.size());
        List<Future<?>> running = new ArrayList<>();
        for (Step step : steps) {
            running.add(threads.submit(() -> {
                start.await();
                step.run();
                return null;
            }));
        }
        for (Future<?> each : running) {
            each.get();
        }
    }

    private static Event event(String subject) {
        return Event.builder("a").source("/s").subject(subject).data(1).build();
    }

    private Delivery delivery(Event event, Terms terms) {
        return new Delivery(
                new DeliveryId("here", numbers.incrementAndGet()), SPACE, event, terms, "subscription", "f");
    }

    private static Terms now(TestClock clock) {
        return new Terms(clock.instant(), null, null);
    }

    private long append(EventStore store, Event event, long replayOf, List<Delivery> held, Terms terms) {
        return store.append(List.of(new Accepted(SPACE, event, terms, held, List.of(), replayOf)), null)[0];
    }

    private static long orphans(HikariDataSource pool, String table) {
        return FaultyDatabase.number(
                pool,
                "SELECT COUNT(*) FROM eg_" + table
                        + " d WHERE NOT EXISTS (SELECT 1 FROM eg_event e WHERE e.position = d.event_position)");
    }

    private static Event again(Event event) {
        return event.toBuilder().extension(EventHistory.REPLAY, "r").build();
    }

    @OnEachDatabase
    void nothingStaysOfASubjectThatIsErasedWhileItsEventsAreEmittedReplayedAndGivenUp(TestDatabase database)
            throws Exception {
        HikariDataSource pool = emptied(database);
        TestClock clock = new TestClock();
        EventStore store = JdbcStores.builder(pool).clock(clock).build().eventStore();
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            for (int i = 0; i < ROUNDS; i++) {
                Event event = event("ada");
                Terms terms = now(clock);
                Delivery dies = delivery(event, terms);
                Delivery redriven = delivery(event, terms);
                long position = append(store, event, 0, List.of(dies, redriven), terms);
                store.deadLetter(
                                redriven.id(),
                                EventStore.FIRST_TOKEN,
                                DeadLetter.Reason.NOT_RETRYABLE,
                                "no",
                                null,
                                false)
                        .join();
                Event replayed = again(event);
                CompletableFuture<Long> replayOf = new CompletableFuture<>();
                Delivery replay = delivery(replayed, terms);

                atOnce(
                        threads,
                        List.of(
                                () -> store.erase(SPACE, "ada"),
                                () -> append(store, event, 0, List.of(delivery(event, terms)), terms),
                                () -> replayOf.complete(append(store, replayed, position, List.of(replay), terms)),
                                () -> store.redrive(SPACE, redriven.id(), "here", null),
                                () -> store.deadLetter(
                                                dies.id(),
                                                EventStore.FIRST_TOKEN,
                                                DeadLetter.Reason.NOT_RETRYABLE,
                                                "no",
                                                null,
                                                true)
                                        .join()));

                assertThat(replayOf.join()).isIn(0L, position);
                assertThat(orphans(pool, "delivery")).isZero();
                assertThat(orphans(pool, "dead_letter")).isZero();
                store.erase(SPACE, "ada");
                assertThat(count(pool, "event")).isZero();
                assertThat(count(pool, "delivery")).isZero();
                assertThat(count(pool, "dead_letter")).isZero();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @OnEachDatabase
    void anEventIsForgottenOrDeliveredAgainAndNeverBoth(TestDatabase database) throws Exception {
        HikariDataSource pool = emptied(database);
        TestClock clock = new TestClock();
        JdbcStores stores = JdbcStores.builder(pool)
                .clock(clock)
                .history(Retention.of(Duration.ofHours(1), 1_000_000))
                .build();
        EventStore store = stores.eventStore();
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            for (int i = 0; i < ROUNDS; i++) {
                Event event = event("ada");
                long position = append(store, event, 0, List.of(), now(clock));
                clock.advance(Duration.ofHours(2));
                Delivery again = delivery(again(event), now(clock));
                CompletableFuture<Long> replayOf = new CompletableFuture<>();

                atOnce(
                        threads,
                        List.of(
                                stores::purge,
                                () -> replayOf.complete(
                                        append(store, again.event(), position, List.of(again), now(clock)))));

                assertThat(orphans(pool, "delivery")).isZero();
                assertThat(store.complete(again.id(), EventStore.FIRST_TOKEN).join())
                        .isEqualTo(
                                replayOf.join() > 0
                                        ? EventStore.OutcomeAnswer.DONE
                                        : EventStore.OutcomeAnswer.NOT_YOURS);
                stores.purge();
                assertThat(count(pool, "event")).isZero();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @OnEachDatabase
    void aDeliveryWhoseEventIsGoneEndsAndIsCounted(TestDatabase database) {
        HikariDataSource pool = emptied(database);
        TestClock clock = new TestClock();
        JdbcStores stores = JdbcStores.builder(pool).clock(clock).build();
        EventStore store = stores.eventStore();
        Event event = event("ada");
        Terms terms = now(clock);
        Delivery held = delivery(event, terms);
        Delivery free = delivery(event, terms);
        store.append(List.of(new Accepted(SPACE, event, terms, List.of(held), List.of(free), 0)), null);
        FaultyDatabase.execute(pool, "DELETE FROM eg_event"); // by somebody else's hand

        assertThat(store.deadLetter(
                                held.id(), EventStore.FIRST_TOKEN, DeadLetter.Reason.NOT_RETRYABLE, "no", null, true)
                        .join())
                .as("what is no dead letter is not told to be one")
                .isEqualTo(EventStore.OutcomeAnswer.NOT_YOURS);
        assertThat(store.claim(new EventStore.Claim(
                        "gateway-2", Duration.ofSeconds(30), 10, Duration.ofSeconds(1), (space, function) -> true)))
                .isEmpty();

        assertThat(count(pool, "delivery")).isZero();
        assertThat(count(pool, "dead_letter")).isZero();
        assertThat(stores.status().dropped()).isEqualTo(2);
    }
}
