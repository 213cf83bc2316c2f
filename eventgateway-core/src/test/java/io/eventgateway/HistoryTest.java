package io.eventgateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.delivery.BacklogPolicy;
import io.eventgateway.delivery.DeadLetterOverflow;
import io.eventgateway.delivery.RateLimit;
import io.eventgateway.error.BacklogFullException;
import io.eventgateway.error.StoreFailedException;
import io.eventgateway.error.SubscriptionNotFoundException;
import io.eventgateway.history.EventHistory;
import io.eventgateway.history.EventQuery;
import io.eventgateway.history.Replay;
import io.eventgateway.history.ReplayOptions;
import io.eventgateway.history.Retention;
import io.eventgateway.internal.event.EventTypePattern;
import io.eventgateway.spi.EventStore;
import io.eventgateway.spi.InMemoryStores;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class HistoryTest {
    private final EventGateway gateway = EventGateway.builder()
            .stores(InMemoryStores.builder()
                    .history(Retention.of(Duration.ofDays(1), 5))
                    .build())
            .build();

    @AfterEach
    void close() {
        gateway.close();
    }

    private Replay.Progress replayed(EventQuery query, ReplayOptions options) {
        return gateway.history()
                .replay(query, options)
                .completion()
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
    }

    private List<Integer> recorded(EventQuery query) {
        return gateway.history().events(query).stream()
                .map(each -> each.event().dataAs(Integer.class))
                .toList();
    }

    @Test
    void recordsTheNewestEventsWhetherAnybodyWantsThemOrNot() {
        for (int i = 1; i <= 7; i++) {
            gateway.emit("a", i);
        }

        assertThat(recorded(EventQuery.all())).containsExactly(3, 4, 5, 6, 7);
        assertThat(gateway.space("other").history().events(EventQuery.all())).isEmpty();
    }

    @Test
    void replaysToAllWhoWouldGetTheEventsNowAndMarksThem() {
        gateway.emit("a", 1);
        gateway.emit("b", 2);
        List<Object> seen = new CopyOnWriteArrayList<>();
        gateway.functions().register("f", (event, context) -> seen.add(event.getExtension(EventHistory.REPLAY)));
        gateway.subscribe("a", "f");
        gateway.subscriptions().create(Subscription.to("*").function("f").sync().build());

        Replay replay = gateway.history().replay(EventQuery.all());

        assertThat(replay.completion().orTimeout(30, TimeUnit.SECONDS).join().finished())
                .isTrue();
        Awaitility.await().until(() -> seen.size() == 3);
        assertThat(seen).containsOnly(replay.name());
        assertThat(recorded(EventQuery.all())).containsExactly(1, 2);
    }

    @Test
    void aNamedReplayGoesOnWhereTheLastOneEndedAndCanBeginAgain() {
        Subscription subscription = gateway.subscribe("a", event -> {});
        ReplayOptions named =
                ReplayOptions.to(subscription.id()).named("projection").rate(RateLimit.perSecond(1_000));
        gateway.emit("a", 1);
        gateway.emit("a", 2);

        assertThat(replayed(EventQuery.all(), named).events()).isEqualTo(2);
        assertThat(replayed(EventQuery.all(), named).events()).isZero();
        gateway.emit("a", 3);
        assertThat(replayed(EventQuery.all(), named).events()).isEqualTo(1);

        gateway.history().position("projection", 0);
        assertThat(replayed(EventQuery.all(), named).events()).isEqualTo(3);
    }

    private ReplayOptions everyFewMinutes(Subscription subscription) {
        return ReplayOptions.to(subscription.id()).named("slow").rate(RateLimit.of(1, Duration.ofMinutes(5)));
    }

    @Test
    void aCancelledReplayEndsAtOnceAndTheNextOneOfItsNameGoesOnAfterIt() {
        List<Integer> seen = new CopyOnWriteArrayList<>();
        Subscription subscription = gateway.subscribe("a", event -> seen.add(event.dataAs(Integer.class)));
        gateway.emit("a", 1);
        gateway.emit("a", 2);
        gateway.awaitIdle(Duration.ofSeconds(30));
        seen.clear();
        Replay slow = gateway.history().replay(EventQuery.all(), everyFewMinutes(subscription));
        Awaitility.await().until(() -> slow.progress().events() == 1);

        slow.cancel();

        assertThat(slow.completion().orTimeout(30, TimeUnit.SECONDS).join())
                .isEqualTo(new Replay.Progress(1, 1, 0, false));
        assertThat(gateway.history().position("slow")).isEqualTo(1);
        assertThat(replayed(
                                EventQuery.all(),
                                ReplayOptions.to(subscription.id()).named("slow"))
                        .events())
                .isEqualTo(1);
        gateway.awaitIdle(Duration.ofSeconds(30));
        assertThat(seen).containsExactly(1, 2);
    }

    @Test
    void aReplayThatWaitsForItsNextEventEndsWithTheGateway() {
        Subscription subscription = gateway.subscribe("a", event -> {});
        gateway.emit("a", 1);
        gateway.emit("a", 2);
        Replay slow = gateway.history().replay(EventQuery.all(), everyFewMinutes(subscription));
        Awaitility.await().until(() -> slow.progress().events() == 1);

        gateway.close();

        assertThat(slow.completion().orTimeout(30, TimeUnit.SECONDS).join().finished())
                .isFalse();
    }

    @Test
    void aReplayThatMeetsAFullBacklogGoesOnToTheEnd() {
        try (EventGateway small = EventGateway.builder()
                .backlog(7, BacklogPolicy.REJECT)
                .stores(InMemoryStores.builder()
                        .history(Retention.of(Duration.ofDays(1), 1_000))
                        .build())
                .build()) {
            for (int i = 0; i < 250; i++) {
                small.emit("a", i);
            }
            List<Integer> seen = new CopyOnWriteArrayList<>();
            small.functions().register("f", (event, context) -> seen.add(event.dataAs(Integer.class)));
            small.subscribe("a", "f");

            Replay replay = small.history().replay(EventQuery.all());

            assertThat(replay.completion()
                            .orTimeout(60, TimeUnit.SECONDS)
                            .join()
                            .events())
                    .isEqualTo(250);
            Awaitility.await().until(() -> seen.size() == 250);
        }
    }

    @ParameterizedTest
    @EnumSource(BacklogPolicy.class)
    void aReplayDropsNothingHoweverTheBacklogTreatsOthers(BacklogPolicy policy) throws Exception {
        try (EventGateway small = EventGateway.builder()
                .backlog(3, policy)
                .stores(InMemoryStores.builder()
                        .history(Retention.of(Duration.ofDays(1), 1_000))
                        .build())
                .build()) {
            for (int i = 0; i < 20; i++) {
                small.emit("a", i);
            }
            CountDownLatch full = new CountDownLatch(1);
            List<Integer> seen = new CopyOnWriteArrayList<>();
            small.functions().register("f", (event, context) -> {
                full.await();
                return seen.add(event.dataAs(Integer.class));
            });
            small.subscribe("a", "f");

            Replay replay = small.history()
                    .replay(EventQuery.all(), ReplayOptions.toAll().named("all"));
            Awaitility.await().until(() -> replay.progress().events() == 3);
            full.countDown();

            assertThat(replay.completion().orTimeout(60, TimeUnit.SECONDS).join())
                    .isEqualTo(new Replay.Progress(20, 20, 0, true));
            assertThat(small.awaitIdle(Duration.ofSeconds(30))).isTrue();
            assertThat(seen).hasSize(20);
            assertThat(small.backlog().dropped()).isZero();
        }
    }

    @Test
    void aReplayThatFindsNoRoomForTenMinutesEndsAtThePositionThatItHasReached() {
        ManualClock clock = new ManualClock();
        try (EventGateway small = EventGateway.builder()
                .backlog(1, BacklogPolicy.REJECT)
                .clock(clock)
                .stores(InMemoryStores.builder()
                        .history(Retention.of(Duration.ofDays(1), 1_000))
                        .build())
                .build()) {
            small.emit("a", 1);
            small.emit("b", 2);
            small.subscribe("a", event -> {});
            small.subscribe("b", event -> {});
            small.subscribe("b", event -> {}); // two deliveries never have room

            Replay replay = small.history()
                    .replay(EventQuery.all(), ReplayOptions.toAll().named("stuck"));
            Awaitility.await().until(() -> {
                clock.advance(Duration.ofSeconds(50));
                return replay.completion().isDone();
            });

            assertThatThrownBy(() -> replay.completion().join())
                    .cause()
                    .isInstanceOf(BacklogFullException.class)
                    .hasMessageContaining("'stuck' stopped after position 1 and 1 events")
                    .hasMessageContaining("PT10M");
            assertThat(small.history().position("stuck")).isEqualTo(1);
        }
    }

    /** A store in memory that refuses to keep deliveries of replays while that is wanted. */
    private static EventStore failing(ManualClock clock, AtomicBoolean fails) {
        EventStore store = EventStore.inMemory(
                10, DeadLetterOverflow.DISCARD_OLDEST, Retention.of(Duration.ofDays(1), 1_000), clock);
        return (EventStore) Proxy.newProxyInstance(
                HistoryTest.class.getClassLoader(), new Class<?>[] {EventStore.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("append") && fails.get() && isOfReplay((List<?>) arguments[0])) {
                        throw new StoreFailedException("the disk is full", new IllegalStateException());
                    }
                    return method.invoke(store, arguments);
                });
    }

    private static boolean isOfReplay(List<?> appended) {
        return ((EventStore.Accepted) appended.get(0)).replayOf() > 2;
    }

    @Test
    void aReplayWhoseStoreFailsForAMinuteEndsAtThePositionThatItHasReachedAndTheNextGoesOnThere() {
        ManualClock clock = new ManualClock();
        AtomicBoolean fails = new AtomicBoolean(true);
        List<Integer> seen = new CopyOnWriteArrayList<>();
        try (EventGateway failing = EventGateway.builder()
                .clock(clock)
                .eventStore(failing(clock, fails))
                .build()) {
            for (int i = 1; i <= 5; i++) {
                failing.emit("a", i);
            }
            failing.subscribe("a", event -> seen.add(event.dataAs(Integer.class)));

            Replay stopped = failing.history()
                    .replay(EventQuery.all(), ReplayOptions.toAll().named("all"));
            Awaitility.await().until(() -> {
                clock.advance(Duration.ofSeconds(5));
                return stopped.completion().isDone();
            });

            assertThatThrownBy(() -> stopped.completion().join())
                    .cause()
                    .isInstanceOf(StoreFailedException.class)
                    .hasMessageContaining("'all' stopped after position 2 and 2 events")
                    .hasMessageContaining("the disk is full");
            assertThat(failing.history().position("all")).isEqualTo(2);
            fails.set(false);
            Replay on = failing.history()
                    .replay(EventQuery.all(), ReplayOptions.toAll().named("all"));
            assertThat(on.completion().orTimeout(30, TimeUnit.SECONDS).join().events())
                    .isEqualTo(3);
            Awaitility.await().untilAsserted(() -> assertThat(seen).containsExactlyInAnyOrder(1, 2, 3, 4, 5));
        }
    }

    @Test
    void aReplayDoesNotDeliverWhatIsErasedAfterItsPageWasRead() {
        List<Integer> seen = new CopyOnWriteArrayList<>();
        gateway.emit(Event.builder("a").subject("bob").data(1).build());
        gateway.emit(Event.builder("a").subject("ada").data(2).build());
        gateway.emit(Event.builder("a").subject("bob").data(3).build());
        gateway.functions().register("f", (event, context) -> {
            gateway.history().erase("ada");
            return seen.add(event.dataAs(Integer.class));
        });
        gateway.subscribe("a", "f");

        Replay replay = gateway.history()
                .replay(EventQuery.all(), ReplayOptions.toAll().rate(RateLimit.of(1, Duration.ofMillis(50))));

        assertThat(replay.completion().orTimeout(30, TimeUnit.SECONDS).join())
                .isEqualTo(new Replay.Progress(3, 2, 0, true));
        gateway.awaitIdle(Duration.ofSeconds(30));
        assertThat(seen).containsExactly(1, 3);
    }

    @Test
    void aRunningReplayLeavesAPositionAloneThatIsFurtherOrWasSetBack() {
        Subscription subscription = gateway.subscribe("a", event -> {});
        for (int i = 1; i <= 4; i++) {
            gateway.emit("a", i);
        }
        Replay further = gateway.history().replay(EventQuery.all(), everyFewMinutes(subscription));
        Awaitility.await().until(() -> further.progress().events() == 1);
        gateway.history().position("slow", 3);
        further.cancel();
        further.completion().orTimeout(30, TimeUnit.SECONDS).join();
        assertThat(gateway.history().position("slow")).isEqualTo(3);

        Replay setBack = gateway.history().replay(EventQuery.all(), everyFewMinutes(subscription));
        Awaitility.await().until(() -> setBack.progress().events() == 1);
        gateway.history().position("slow", 2);
        setBack.cancel();
        setBack.completion().orTimeout(30, TimeUnit.SECONDS).join();
        assertThat(gateway.history().position("slow")).isEqualTo(2);
    }

    @Test
    void aReplayDeliversAsManyEventsAsItsQueryIsLimitedTo() {
        for (int i = 1; i <= 4; i++) {
            gateway.emit("a", i);
        }
        ReplayOptions named = ReplayOptions.toAll().named("two");

        assertThat(replayed(EventQuery.all().limit(2), named)).isEqualTo(new Replay.Progress(2, 2, 0, true));
        assertThat(replayed(EventQuery.all().limit(2), named)).isEqualTo(new Replay.Progress(4, 2, 0, true));
    }

    @Test
    void refusesAReplayToASubscriptionThatIsNotThereAndOneWithoutAHistory() {
        assertThatThrownBy(() -> gateway.history().replay(EventQuery.all(), ReplayOptions.to("nobody")))
                .isInstanceOf(SubscriptionNotFoundException.class)
                .hasMessageContaining("'nobody'");
        try (EventGateway without = EventGateway.create()) {
            assertThatThrownBy(() -> without.history().events(EventQuery.all()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("InMemoryStores.builder().history(");
            assertThatThrownBy(() -> without.history().position("projection"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("no consumer has a position");
            assertThatThrownBy(() -> without.history().replay(EventQuery.all()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("no history");
        }
    }

    @Test
    void forgetsTheEventsOfASubject() {
        gateway.emit(Event.builder("a").subject("ada").data(1).build());
        gateway.emit(Event.builder("a").subject("bob").data(2).build());

        assertThat(gateway.history().erase("ada")).isEqualTo(1);

        assertThat(recorded(EventQuery.all())).containsExactly(2);
    }

    @Test
    void aTransactionOfAConnectionIsRefusedInMemory() {
        assertThatThrownBy(() -> gateway.emit(Event.of("a", 1), EmitOptions.inTransaction((java.sql.Connection)
                        java.lang.reflect.Proxy.newProxyInstance(
                                getClass().getClassLoader(),
                                new Class<?>[] {java.sql.Connection.class},
                                (proxy, method, arguments) -> null))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("in memory");
        assertThat(recorded(EventQuery.all())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "order.placed, order.placed, true",
        "order.*, order.placed, true",
        "order.*, order, false",
        "order.*, order.item.added, false",
        "order.**, order, true",
        "order.**, order.item.added, true",
        "**.added, order.item.added, true",
        "**, gateway.event.received, false",
        "gateway.**, gateway.event.received, true",
        "a.*.c.**, a.b.c, true",
        "a.*.c.**, a.b.d.c, false"
    })
    void aQueryTakesThePatternsOfSubscriptions(String pattern, String type, boolean matches) {
        assertThat(EventTypePattern.of(pattern).matches(type)).isEqualTo(matches);
    }

    @Test
    void refusesAQueryThatCannotBeMeant() {
        assertThatThrownBy(() -> EventQuery.all().ofType("order.pl*"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'pl*'");
        assertThatThrownBy(() -> EventQuery.all().limit(0)).hasMessageContaining("1 to 10000");
    }

    @Test
    void anAgeThatNoClockCanGoBackIsRefused() {
        assertThatThrownBy(() -> Retention.of(ChronoUnit.FOREVER.getDuration(), 10))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("age must be zero to PT876000H, was PT");
        assertThat(Retention.of(Duration.ofDays(36_500), 10).isNone()).isFalse();
    }
}
