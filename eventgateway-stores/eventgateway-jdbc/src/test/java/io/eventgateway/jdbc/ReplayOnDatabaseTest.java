package io.eventgateway.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.eventgateway.EmitOptions;
import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.Subscription;
import io.eventgateway.history.EventQuery;
import io.eventgateway.history.RecordedEvent;
import io.eventgateway.history.Replay;
import io.eventgateway.history.ReplayOptions;
import io.eventgateway.spi.EventStore;
import io.eventgateway.spi.EventStore.Accepted;
import io.eventgateway.spi.EventStore.Terms;
import io.eventgateway.test.TestClock;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** Replays and pages of the history where the database fails, and where transactions are open. */
class ReplayOnDatabaseTest extends DurableGateways {
    private static final String SPACE = "default";

    private static List<Integer> numbersOf(EventGateway gateway, String function) {
        List<Integer> seen = new CopyOnWriteArrayList<>();
        gateway.functions().register(function, (event, context) -> seen.add(event.dataAs(Integer.class)));
        return seen;
    }

    private static Replay.Progress end(Replay replay) {
        return replay.completion().orTimeout(60, TimeUnit.SECONDS).join();
    }

    @OnEachDatabase
    void aReplayWhoseAppendFailsInsideAPageGoesOnAndHandsEverythingOver(TestDatabase database) {
        HikariDataSource pool = emptied(database);
        AtomicBoolean armed = new AtomicBoolean();
        AtomicInteger commits = new AtomicInteger();
        EventGateway gateway = gateway(JdbcStores.of(new FailingCommits(pool, () -> {
            if (armed.get() && commits.incrementAndGet() >= 15 && commits.get() < 19) {
                throw new SQLException("could not extend file: no space left on device", "53100");
            }
        })));
        for (int i = 0; i < 30; i++) {
            gateway.emit("a", i);
        }
        List<Integer> seen = numbersOf(gateway, "f");
        Subscription subscription = gateway.subscribe("a", "f");
        armed.set(true);

        Replay.Progress end = end(gateway.history()
                .replay(EventQuery.all(), ReplayOptions.to(subscription.id()).named("projection")));

        assertThat(end.finished()).isTrue();
        assertThat(end.events()).isEqualTo(30);
        assertThat(commits).hasValueGreaterThan(18);
        Awaitility.await().until(() -> new HashSet<>(seen).size() == 30);
        assertThat(gateway.history().position("projection")).isEqualTo(end.position());
    }

    @OnEachDatabase
    void aLostAnswerToAReplaysAppendLeavesTheEventAndDeliversItOnce(TestDatabase database) {
        HikariDataSource pool = emptied(database);
        LostAnswers answers = new LostAnswers(pool);
        EventGateway gateway = gateway(JdbcStores.of(answers));
        gateway.functions().register("later", (event, context) -> null);
        gateway.subscriptions()
                .create(Subscription.to("a").id("later").function("later").build());
        gateway.emit(
                Event.of("a", 1),
                EmitOptions.builder().delay(Duration.ofHours(1)).build());
        List<Integer> seen = numbersOf(gateway, "f");
        gateway.subscriptions()
                .create(Subscription.to("a").id("s").function("f").build());
        answers.lose(1, sql -> sql.contains("INSERT INTO eg_delivery"));

        Replay.Progress end = end(gateway.history().replay(EventQuery.all(), ReplayOptions.to("s")));

        assertThat(answers.left()).isZero();
        assertThat(end.events()).isEqualTo(1);
        Awaitility.await().untilAsserted(() -> assertThat(count(pool, "delivery"))
                .as("the delivery that is put off, and no other")
                .isEqualTo(1));
        assertThat(seen).containsExactly(1);
        assertThat(gateway.history().events(EventQuery.all())).hasSize(1);
    }

    @OnEachDatabase
    void twoProcessesThatReplayUnderOneNameMoveItsPositionOnlyForward(TestDatabase database) {
        HikariDataSource pool = emptied(database);
        EventGateway one = gateway(pool);
        EventGateway other = gateway(pool);
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < 450; i++) {
            events.add(Event.of("a", i));
        }
        one.emitAll(events);

        List<Replay> replays = List.of(
                one.history().replay(EventQuery.all(), ReplayOptions.toAll().named("both")),
                other.history().replay(EventQuery.all(), ReplayOptions.toAll().named("both")));
        List<Long> positions = new ArrayList<>();
        while (replays.stream().anyMatch(replay -> !replay.completion().isDone())) {
            positions.add(one.history().position("both"));
        }
        positions.add(one.history().position("both"));

        assertThat(positions).isSorted();
        assertThat(positions.get(positions.size() - 1))
                .isEqualTo(end(replays.get(0)).position())
                .isEqualTo(end(replays.get(1)).position());
    }

    @OnEachDatabase
    void aReplayWaitsForAnOpenTransactionThatHasTheFirstPositionOfAll(TestDatabase database) throws Exception {
        HikariDataSource pool = emptied(database);
        JdbcStores stores = JdbcStores.of(pool);
        EventGateway gateway = gateway(stores);
        Replay replay;
        List<Integer> seen;
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            gateway.emit(Event.of("a", 1), EmitOptions.inTransaction(connection));
            gateway.emit("a", 2);
            seen = numbersOf(gateway, "f");
            Subscription subscription = gateway.subscribe("a", "f");
            EventStore.Extent extent = stores.eventStore().extent();
            assertThat(extent.settled()).isLessThan(extent.last() - 1);
            assertThat(gateway.history().events(EventQuery.all())).isEmpty();
            replay = gateway.history().replay(EventQuery.all(), ReplayOptions.to(subscription.id()));
            connection.commit();
        }

        assertThat(end(replay).events()).isEqualTo(2);
        Awaitility.await().untilAsserted(() -> assertThat(seen).containsExactlyInAnyOrder(1, 2));
        assertThat(gateway.history().events(EventQuery.all())).hasSize(2);
    }

    @OnEachDatabase
    void whoReadsPageAfterPageMissesNoEventHoweverTransactionsAreCommitted(TestDatabase database) throws Exception {
        for (int seed = 0; seed < 4; seed++) {
            HikariDataSource pool = emptied(database);
            TestClock clock = new TestClock();
            EventStore store = JdbcStores.builder(pool).clock(clock).build().eventStore();
            Random random = new Random(seed);
            List<Connection> open = new ArrayList<>();
            List<String> emitted = new ArrayList<>();
            List<RecordedEvent> read = new ArrayList<>();
            try {
                for (int step = 0; step < 60; step++) {
                    switch (random.nextInt(5)) {
                        case 0 -> {
                            if (open.size() < 4) {
                                Connection connection = pool.getConnection();
                                connection.setAutoCommit(false);
                                open.add(connection);
                                emitted.add(append(store, clock, emitted.size(), connection));
                            }
                        }
                        case 1 -> emitted.add(append(store, clock, emitted.size(), null));
                        case 2 -> {
                            if (!open.isEmpty()) {
                                commit(open.remove(random.nextInt(open.size())));
                            }
                        }
                        default -> read(store, read, 1 + random.nextInt(3));
                    }
                }
                for (Connection connection : open) {
                    commit(connection);
                }
                open.clear();
                emitted.add(append(store, clock, emitted.size(), null));
                while (read(store, read, 10) > 0) {
                    // the condition does the work
                }
            } finally {
                for (Connection connection : open) {
                    connection.close();
                }
            }

            assertThat(read)
                    .as("seed %d", seed)
                    .extracting(RecordedEvent::position)
                    .isSorted()
                    .doesNotHaveDuplicates();
            assertThat(read)
                    .as("seed %d", seed)
                    .extracting(each -> each.event().getId())
                    .containsExactlyInAnyOrderElementsOf(emitted);
        }
    }

    @OnEachDatabase
    void whatWasRolledBackDelaysAReaderForTenSeconds(TestDatabase database) throws Exception {
        HikariDataSource pool = emptied(database);
        TestClock clock = new TestClock();
        EventStore store = JdbcStores.builder(pool).clock(clock).build().eventStore();
        append(store, clock, 1, null);
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            append(store, clock, 2, connection);
            connection.rollback();
            connection.setAutoCommit(true);
        }
        append(store, clock, 3, null);
        List<RecordedEvent> read = new ArrayList<>();

        clock.advance(Duration.ofSeconds(9));
        assertThat(read(store, read, 10)).isEqualTo(1);
        clock.advance(Duration.ofSeconds(2));
        assertThat(read(store, read, 10)).isEqualTo(1);
        assertThat(read).extracting(each -> each.event().getId()).containsExactly("e1", "e3");
    }

    private static void commit(Connection connection) throws SQLException {
        try (connection) {
            connection.commit();
            connection.setAutoCommit(true);
        }
    }

    private static String append(EventStore store, TestClock clock, int number, @Nullable Connection connection) {
        Event event = Event.builder("a").id("e" + number).source("/s").build();
        store.append(
                List.of(new Accepted(SPACE, event, new Terms(clock.instant(), null, null), List.of(), List.of(), 0)),
                connection);
        return event.getId();
    }

    /** Reads the next page as the Javadoc of the history says; returns how many events it had. */
    private static int read(EventStore store, List<RecordedEvent> read, int most) {
        long position = store.consumed(SPACE, "reader");
        List<RecordedEvent> page =
                store.events(SPACE, EventQuery.all().after(position).limit(most));
        if (!page.isEmpty()) {
            read.addAll(page);
            store.consumed(SPACE, "reader", page.get(page.size() - 1).position());
        }
        return page.size();
    }
}
