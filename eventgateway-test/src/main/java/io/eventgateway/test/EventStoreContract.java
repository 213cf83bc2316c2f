package io.eventgateway.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventgateway.Event;
import io.eventgateway.InvocationException;
import io.eventgateway.spi.EventStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link EventStore} does. An implementor extends it and gives a new, empty store that goes by the clock. */
public abstract class EventStoreContract {
    private static final Duration LEASE = Duration.ofMinutes(1);

    private final TestClock clock = new TestClock();

    @SuppressWarnings("NullAway.Init") // before each test
    private EventStore store;

    /** For extension. */
    protected EventStoreContract() {}

    /** A new, empty store, whose due times and leases go by the clock. */
    protected abstract EventStore createStore(TestClock clock);

    @BeforeEach
    final void open() {
        store = createStore(clock);
    }

    @AfterEach
    final void close() {
        store.close();
    }

    private static EventStore.Delivery delivery(long number) {
        return new EventStore.Delivery(
                new EventStore.DeliveryId("gateway-1", number),
                "default",
                Event.builder("a").id("e" + number).source("/s").build(),
                "subscription",
                "f");
    }

    private EventStore.Attempt failed(int number) {
        return new EventStore.Attempt(
                number,
                clock.instant(),
                Duration.ofMillis(5),
                InvocationException.Kind.FUNCTION_ERROR,
                "no stock",
                500);
    }

    private List<EventStore.Lease> claim(String holder, int atMost) {
        return store.claim(new EventStore.Claim(holder, LEASE, atMost, (space, function) -> function.equals("f")));
    }

    private List<EventStore.Kept> read(EventStore.State state) {
        return store.read(new EventStore.Query("default", state, null, 100));
    }

    @Test
    final void leasesWhatIsAppendedToTheGatewayThatAppendsIt() {
        store.append(List.of(delivery(1), delivery(2)));

        assertThat(read(EventStore.State.PENDING))
                .extracting(EventStore.Kept::delivery)
                .containsExactly(delivery(1), delivery(2));
        assertThat(claim("gateway-2", 10)).isEmpty();
        assertThat(store.complete(delivery(1).id(), EventStore.FIRST_TOKEN)).isTrue();
        assertThat(store.complete(delivery(1).id(), EventStore.FIRST_TOKEN)).isFalse();
        assertThat(read(EventStore.State.PENDING)).hasSize(1);
    }

    @Test
    final void leasesARescheduledDeliveryWhenItIsDueToOneGateway() {
        store.append(List.of(delivery(1)));
        assertThat(store.reschedule(
                        delivery(1).id(),
                        EventStore.FIRST_TOKEN,
                        clock.instant().plusSeconds(10),
                        failed(1)))
                .isTrue();
        assertThat(claim("gateway-2", 10)).isEmpty();

        clock.advance(Duration.ofSeconds(10));
        List<EventStore.Lease> leases = claim("gateway-2", 10);

        assertThat(leases).hasSize(1);
        assertThat(leases.get(0).attempts()).containsExactly(failedAt(leases.get(0)));
        assertThat(claim("gateway-3", 10)).isEmpty();
        assertThat(store.complete(delivery(1).id(), EventStore.FIRST_TOKEN)).isFalse();
        assertThat(store.complete(delivery(1).id(), leases.get(0).token())).isTrue();
    }

    private static EventStore.Attempt failedAt(EventStore.Lease lease) {
        assertThat(lease.attempts()).hasSize(1);
        EventStore.Attempt attempt = lease.attempts().get(0);
        assertThat(attempt.message()).isEqualTo("no stock");
        assertThat(attempt.statusCode()).isEqualTo(500);
        return attempt;
    }

    @Test
    final void aDeadHoldersDeliveriesAreTakenOverAndItsTokensAreStale() {
        store.append(List.of(delivery(1)));
        store.reschedule(delivery(1).id(), EventStore.FIRST_TOKEN, clock.instant(), null);
        EventStore.Lease first = claim("gateway-2", 10).get(0);
        clock.advance(LEASE.dividedBy(2));
        assertThat(store.renew("gateway-2", LEASE)).isTrue();
        clock.advance(LEASE.dividedBy(2));
        assertThat(claim("gateway-3", 10)).isEmpty();

        clock.advance(LEASE);
        assertThat(store.renew("gateway-2", LEASE)).isFalse();
        EventStore.Lease second = claim("gateway-3", 10).get(0);

        assertThat(second.token()).isGreaterThan(first.token());
        assertThat(store.complete(delivery(1).id(), first.token())).isFalse();
        assertThat(store.reschedule(delivery(1).id(), first.token(), clock.instant(), failed(1)))
                .isFalse();
        assertThat(store.deadLetter(delivery(1).id(), first.token(), "late", null))
                .isFalse();
        assertThat(store.complete(delivery(1).id(), second.token())).isTrue();
    }

    @Test
    final void claimsOnlyWhatTheGatewayCanCallAndNoMoreThanItAsksFor() {
        List<EventStore.Delivery> deliveries = List.of(delivery(1), delivery(2), delivery(3));
        store.append(deliveries);
        deliveries.forEach(each -> store.reschedule(each.id(), EventStore.FIRST_TOKEN, clock.instant(), null));

        assertThat(store.claim(new EventStore.Claim("gateway-2", LEASE, 10, (space, function) -> false)))
                .isEmpty();
        assertThat(claim("gateway-2", 2)).hasSize(2);
        assertThat(claim("gateway-2", 2)).hasSize(1);
    }

    @Test
    final void keepsADeadLetterWithItsReasonAndAttempts() {
        store.append(List.of(delivery(1)));

        assertThat(store.deadLetter(delivery(1).id(), EventStore.FIRST_TOKEN, "no stock", failed(1)))
                .isTrue();

        assertThat(read(EventStore.State.PENDING)).isEmpty();
        assertThat(read(EventStore.State.DEAD_LETTERED)).singleElement().satisfies(kept -> {
            assertThat(kept.delivery()).isEqualTo(delivery(1));
            assertThat(kept.reason()).isEqualTo("no stock");
            assertThat(kept.attempts()).containsExactly(failed(1));
        });
    }

    @Test
    final void readsInPages() {
        store.append(List.of(delivery(1), delivery(2), delivery(3)));

        List<EventStore.Kept> first = store.read(new EventStore.Query("default", EventStore.State.PENDING, null, 2));
        List<EventStore.Kept> second = store.read(new EventStore.Query(
                "default", EventStore.State.PENDING, first.get(1).delivery().id(), 2));

        assertThat(first).extracting(kept -> kept.delivery().id().number()).containsExactly(1L, 2L);
        assertThat(second).extracting(kept -> kept.delivery().id().number()).containsExactly(3L);
        assertThat(store.read(new EventStore.Query("other", EventStore.State.PENDING, null, 2)))
                .isEmpty();
    }

    @Test
    final void leasesEachDeliveryOnceWhenManyClaim() throws Exception {
        List<EventStore.Delivery> deliveries = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            deliveries.add(delivery(i));
        }
        store.append(deliveries);
        deliveries.forEach(each -> store.reschedule(each.id(), EventStore.FIRST_TOKEN, clock.instant(), null));
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Callable<List<EventStore.Lease>>> claims = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                String holder = "holder-" + i % 4;
                claims.add(() -> claim(holder, 10));
            }
            Set<EventStore.DeliveryId> leased = new HashSet<>();
            for (Future<List<EventStore.Lease>> claim : threads.invokeAll(claims)) {
                for (EventStore.Lease lease : claim.get()) {
                    assertThat(leased.add(lease.delivery().id())).isTrue();
                }
            }
            while (leased.size() < deliveries.size()) {
                List<EventStore.Lease> rest = claim("holder-0", 10);
                assertThat(rest).isNotEmpty();
                rest.forEach(lease -> leased.add(lease.delivery().id()));
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
