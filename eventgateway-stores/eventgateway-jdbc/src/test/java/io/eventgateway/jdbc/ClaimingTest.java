package io.eventgateway.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.eventgateway.Event;
import io.eventgateway.error.StoreFailedException;
import io.eventgateway.spi.EventStore;
import io.eventgateway.spi.EventStore.Accepted;
import io.eventgateway.spi.EventStore.Claim;
import io.eventgateway.spi.EventStore.Delivery;
import io.eventgateway.spi.EventStore.DeliveryId;
import io.eventgateway.spi.EventStore.Lease;
import io.eventgateway.spi.EventStore.OutcomeAnswer;
import io.eventgateway.spi.EventStore.Terms;
import io.eventgateway.spi.EventStore.Turn;
import io.eventgateway.spi.EventStore.TurnAnswer;
import io.eventgateway.test.TestClock;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;

/** Which free deliveries a claim takes, and what becomes of those that nobody holds. */
class ClaimingTest {
    private static final Duration LEASE = Duration.ofSeconds(30);

    private final TestClock clock = new TestClock();
    private final AtomicLong numbers = new AtomicLong();

    @AfterAll
    static void closePools() {
        DurableGateways.closePools();
    }

    private JdbcEventStore store(DataSource dataSource) {
        return (JdbcEventStore)
                JdbcStores.builder(dataSource).clock(clock).build().eventStore();
    }

    private Delivery delivery(String instance, String function) {
        Event event = Event.builder("a")
                .id("e" + numbers.incrementAndGet())
                .source("/s")
                .build();
        return new Delivery(
                new DeliveryId(instance, numbers.get()),
                "default",
                event,
                new Terms(clock.instant(), null, null),
                "subscription",
                function);
    }

    private void appendFree(EventStore store, String function, int number) {
        List<Accepted> events = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            Delivery delivery = delivery("emitter", function);
            events.add(new Accepted("default", delivery.event(), delivery.terms(), List.of(), List.of(delivery), 0));
        }
        store.append(events, null);
    }

    private static List<Lease> claim(EventStore store, String holder, int atMost) {
        return store.claim(new Claim(holder, LEASE, atMost, Duration.ofSeconds(1), (space, function) -> true));
    }

    private static List<String> functions(List<Lease> leases) {
        return leases.stream().map(lease -> lease.delivery().functionId()).toList();
    }

    @OnEachDatabase
    void aFunctionWithManyFreeDeliveriesLeavesRoomForThoseAfterIt(TestDatabase database) {
        EventStore store = store(DurableGateways.emptied(database));
        appendFree(store, "a", 500);
        appendFree(store, "b", 3);
        appendFree(store, "c", 70);

        assertThat(functions(claim(store, "g", 200)))
                .hasSize(200)
                .contains("a", "b", "c")
                .filteredOn(function -> !function.equals("a"))
                .hasSize(73);
    }

    @OnEachDatabase
    void roomThatOneFunctionDoesNotNeedGoesToTheOthers(TestDatabase database) {
        EventStore store = store(DurableGateways.emptied(database));
        appendFree(store, "a", 150);
        appendFree(store, "b", 1);

        assertThat(claim(store, "g", 200)).hasSize(151);
    }

    @OnEachDatabase
    void everyFunctionComesFirstInItsTurn(TestDatabase database) {
        EventStore store = store(DurableGateways.emptied(database));
        for (int i = 0; i < 60; i++) {
            appendFree(store, "f" + (10 + i), 4);
        }

        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 7; i++) {
            seen.addAll(functions(claim(store, "g", 10)));
        }

        assertThat(seen).hasSize(60);
    }

    @OnEachDatabase
    void leasesOfAClaimWhoseAnswerWasLostAreClaimedAgain(TestDatabase database) {
        HikariDataSource pool = DurableGateways.emptied(database);
        LostAnswers lost = new LostAnswers(pool);
        EventStore store = store(lost);
        appendFree(store, "f", 5);
        assertThat(store.renew("g", LEASE)).isTrue();
        lost.lose(1);
        assertThatThrownBy(() -> claim(store, "g", 10)).isInstanceOf(StoreFailedException.class);

        List<Lease> leases = claim(store, "g", 10);

        assertThat(leases).hasSize(5);
        leases.forEach(
                lease -> store.complete(lease.delivery().id(), lease.token()).join());
        assertThat(DurableGateways.count(pool, "delivery")).isZero();
    }

    @OnEachDatabase
    void leasesThatAnotherGatewayHasAfterAClaimFailedStayTheOthers(TestDatabase database) {
        HikariDataSource pool = DurableGateways.emptied(database);
        AtomicLong failures = new AtomicLong();
        EventStore failing = store(new FailingCommits(pool, () -> {
            if (failures.getAndDecrement() > 0) {
                throw new SQLException("the connection was lost before the commit", "08006");
            }
        }));
        EventStore other = store(pool);
        appendFree(other, "f", 5);
        assertThat(failing.renew("g", LEASE)).isTrue();
        failures.set(1);
        assertThatThrownBy(() -> claim(failing, "g", 10)).isInstanceOf(StoreFailedException.class);
        assertThat(claim(other, "h", 10)).hasSize(5);

        assertThat(claim(failing, "g", 10)).isEmpty();
    }

    @OnEachDatabase
    void whatIsCommittedLongAfterItsGatewayWasForgottenIsClaimed(TestDatabase database) {
        JdbcEventStore store = store(DurableGateways.emptied(database));
        assertThat(store.renew("early", LEASE)).isTrue();
        store.leave("early");
        clock.advance(Duration.ofMinutes(11));
        assertThat(store.maintenance().round()).isEmpty(); // forgets the gateway
        Delivery late = delivery("early", "f");
        store.append(List.of(new Accepted("default", late.event(), late.terms(), List.of(late), List.of(), 0)), null);
        assertThat(claim(store, "g", 10)).isEmpty();

        assertThat(store.maintenance().round()).isEmpty();

        assertThat(claim(store, "g", 10))
                .extracting(lease -> lease.delivery().id())
                .containsExactly(late.id());
    }

    @OnEachDatabase
    void whatIsCommittedSomeMinutesAfterItsGatewayHasLeftIsClaimed(TestDatabase database) {
        JdbcEventStore store = store(DurableGateways.emptied(database));
        assertThat(store.renew("early", LEASE)).isTrue();
        store.leave("early");
        assertThat(claim(store, "g", 10)).isEmpty();
        Delivery late = delivery("early", "f");
        store.append(List.of(new Accepted("default", late.event(), late.terms(), List.of(late), List.of(), 0)), null);

        assertThat(store.maintenance().round()).isEmpty();

        assertThat(claim(store, "g", 10))
                .extracting(lease -> lease.delivery().id())
                .containsExactly(late.id());
    }

    @OnEachDatabase
    void turnsThatNobodyGaveBackAreForgottenAndOthersAreKept(TestDatabase database) {
        HikariDataSource pool = DurableGateways.emptied(database);
        JdbcEventStore store = store(pool);
        assertThat(store.renew("g", LEASE)).isTrue();
        Delivery held = delivery("g", "f");
        store.append(List.of(new Accepted("default", held.event(), held.terms(), List.of(held), List.of(), 0)), null);
        turn(pool, "k:leased", held.id(), 1, false);
        turn(pool, "k:taken over", held.id(), 0, false);
        turn(pool, "k:of nothing", new DeliveryId("g", 4711), 1, false);
        turn(pool, "k:of a dead letter that is gone", new DeliveryId("g", 4712), 1, true);

        assertThat(store.maintenance().round()).isEmpty();

        assertThat(DurableGateways.count(pool, "turn WHERE turn_key = 'k:leased'"))
                .isEqualTo(1);
        assertThat(DurableGateways.count(pool, "turn")).isEqualTo(1);
    }

    @OnEachDatabase
    void aPlaceIsGivenBackByItsEndAfterAnEarlierTenureOfTheSameGatewayWasRefused(TestDatabase database) {
        HikariDataSource pool = DurableGateways.emptied(database);
        EventStore store = store(pool);
        assertThat(store.renew("g", LEASE)).isTrue();
        appendFree(store, "f", 1);
        Lease first = claim(store, "g", 1).get(0);
        DeliveryId id = first.delivery().id();
        store.release(id, first.token()).join();
        Lease second = claim(store, "g", 1).get(0);
        assertThat(store.takeTurn(new Turn(id, second.token(), "default", "subscription", 1, null, 3))
                        .join())
                .isEqualTo(TurnAnswer.GRANTED);

        assertThat(store.complete(id, first.token()).join()).isEqualTo(OutcomeAnswer.NOT_YOURS);
        assertThat(store.complete(id, second.token()).join()).isEqualTo(OutcomeAnswer.DONE);

        assertThat(DurableGateways.count(pool, "turn")).isZero();
    }

    private static void turn(HikariDataSource pool, String key, DeliveryId id, long token, boolean isHeld) {
        FaultyDatabase.execute(
                pool,
                "INSERT INTO eg_turn (space, subscription_id, turn_key, instance, number, token, held) VALUES ('default',"
                        + " 's', '" + key + "', '" + id.instance() + "', " + id.number() + ", " + token + ", "
                        + (isHeld ? 1 : 0) + ")");
    }
}
