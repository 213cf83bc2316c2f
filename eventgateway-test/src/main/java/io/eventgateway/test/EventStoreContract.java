package io.eventgateway.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventgateway.DeadLetter;
import io.eventgateway.DeadLetterQuery;
import io.eventgateway.DeliveryAttempt;
import io.eventgateway.Event;
import io.eventgateway.InvocationException;
import io.eventgateway.spi.EventStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
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
    private static final EventStore.Terms TERMS =
            new EventStore.Terms(Instant.parse("2026-01-01T00:00:00Z"), null, null);
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
                TERMS,
                "subscription",
                "f");
    }

    private DeliveryAttempt failed(int number) {
        return new DeliveryAttempt(
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

    private List<EventStore.Pending> pending() {
        return store.read(new EventStore.Query("default", null, 100));
    }

    private List<DeadLetter> deadLetters() {
        return store.deadLetters("default", DeadLetterQuery.all());
    }

    private void giveUp(long number, DeadLetter.Reason reason) {
        assertThat(store.deadLetter(delivery(number).id(), EventStore.FIRST_TOKEN, reason, "no stock", failed(1)))
                .isTrue();
    }

    @Test
    final void leasesWhatIsAppendedToTheGatewayThatAppendsIt() {
        store.append(List.of(delivery(1), delivery(2)));

        assertThat(pending()).extracting(EventStore.Pending::delivery).containsExactly(delivery(1), delivery(2));
        assertThat(claim("gateway-2", 10)).isEmpty();
        assertThat(store.complete(delivery(1).id(), EventStore.FIRST_TOKEN)).isTrue();
        assertThat(store.complete(delivery(1).id(), EventStore.FIRST_TOKEN)).isFalse();
        assertThat(pending()).hasSize(1);
    }

    @Test
    final void keepsTheAttemptsOfADeliveryWhoseLeaseGoesOn() {
        store.append(List.of(delivery(1)));
        Instant dueAt = clock.instant().plusSeconds(10);

        assertThat(store.retry(delivery(1).id(), EventStore.FIRST_TOKEN, dueAt, failed(1)))
                .isTrue();

        assertThat(claim("gateway-2", 10)).isEmpty();
        assertThat(pending()).singleElement().satisfies(kept -> assertThat(kept.attempts())
                .containsExactly(failed(1)));
        assertThat(store.complete(delivery(1).id(), EventStore.FIRST_TOKEN)).isTrue();
        assertThat(pending()).isEmpty();
    }

    @Test
    final void leasesAReleasedDeliveryWithItsAttemptsToOneGateway() {
        store.append(List.of(delivery(1)));
        Instant dueAt = clock.instant().plusSeconds(10);
        store.retry(delivery(1).id(), EventStore.FIRST_TOKEN, dueAt, failed(1));
        assertThat(store.release(delivery(1).id(), EventStore.FIRST_TOKEN)).isTrue();

        List<EventStore.Lease> leases = claim("gateway-2", 10);

        assertThat(leases).singleElement().satisfies(lease -> {
            assertThat(lease.delivery()).isEqualTo(delivery(1));
            assertThat(lease.attempts()).containsExactly(failed(1));
            assertThat(lease.dueAt()).isEqualTo(dueAt);
        });
        assertThat(claim("gateway-3", 10)).isEmpty();
        assertThat(store.complete(delivery(1).id(), EventStore.FIRST_TOKEN)).isFalse();
        assertThat(store.complete(delivery(1).id(), leases.get(0).token())).isTrue();
    }

    @Test
    final void aDeadHoldersDeliveriesAreTakenOverAndItsTokensAreStale() {
        store.append(List.of(delivery(1)));
        store.release(delivery(1).id(), EventStore.FIRST_TOKEN);
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
        assertThat(store.retry(delivery(1).id(), first.token(), clock.instant(), failed(1)))
                .isFalse();
        assertThat(store.deadLetter(delivery(1).id(), first.token(), DeadLetter.Reason.EXPIRED, "late", null))
                .isFalse();
        assertThat(store.complete(delivery(1).id(), second.token())).isTrue();
    }

    @Test
    final void claimsOnlyWhatTheGatewayCanCallAndNoMoreThanItAsksFor() {
        List<EventStore.Delivery> deliveries = List.of(delivery(1), delivery(2), delivery(3));
        store.append(deliveries);
        deliveries.forEach(each -> store.release(each.id(), EventStore.FIRST_TOKEN));

        assertThat(store.claim(new EventStore.Claim("gateway-2", LEASE, 10, (space, function) -> false)))
                .isEmpty();
        assertThat(claim("gateway-2", 2)).hasSize(2);
        assertThat(claim("gateway-2", 2)).hasSize(1);
    }

    @Test
    final void keepsADeadLetterWithItsReasonAndAttempts() {
        store.append(List.of(delivery(1)));

        giveUp(1, DeadLetter.Reason.ATTEMPTS_EXHAUSTED);

        assertThat(pending()).isEmpty();
        assertThat(deadLetters()).singleElement().satisfies(letter -> {
            assertThat(letter.id()).isEqualTo(delivery(1).id().toString());
            assertThat(letter.event()).isEqualTo(delivery(1).event());
            assertThat(letter.subscriptionId()).isEqualTo("subscription");
            assertThat(letter.functionId()).isEqualTo("f");
            assertThat(letter.reason()).isEqualTo(DeadLetter.Reason.ATTEMPTS_EXHAUSTED);
            assertThat(letter.message()).isEqualTo("no stock");
            assertThat(letter.attempts()).containsExactly(failed(1));
            assertThat(store.deadLetter("default", delivery(1).id())).isEqualTo(letter);
        });
        assertThat(store.deadLetter("other", delivery(1).id())).isNull();
        assertThat(store.countDeadLetters("default")).isEqualTo(1);
        assertThat(store.countDeadLetters("other")).isZero();
    }

    @Test
    final void listsDeadLettersNewestFirstByQueryAndInPages() {
        for (int i = 1; i <= 4; i++) {
            store.append(List.of(delivery(i)));
            giveUp(i, i == 2 ? DeadLetter.Reason.EXPIRED : DeadLetter.Reason.NOT_RETRYABLE);
            clock.advance(Duration.ofMinutes(1));
        }

        assertThat(deadLetters()).extracting(letter -> letter.event().getId()).containsExactly("e4", "e3", "e2", "e1");
        DeadLetterQuery notRetryable = DeadLetterQuery.all().because(DeadLetter.Reason.NOT_RETRYABLE);
        List<DeadLetter> page = store.deadLetters("default", notRetryable.limit(2));
        assertThat(page).extracting(letter -> letter.event().getId()).containsExactly("e4", "e3");
        assertThat(store.deadLetters("default", notRetryable.after(page.get(1).id())))
                .extracting(letter -> letter.event().getId())
                .containsExactly("e1");
        assertThat(store.deadLetters("default", DeadLetterQuery.all().ofType("b")))
                .isEmpty();
        assertThat(store.deadLetters(
                        "default",
                        DeadLetterQuery.all()
                                .since(page.get(1).at())
                                .until(page.get(0).at())))
                .extracting(letter -> letter.event().getId())
                .containsExactly("e3");
    }

    @Test
    final void redrivesADeadLetterOnceUnderANewLeaseWithItsHistory() {
        store.append(List.of(delivery(1)));
        giveUp(1, DeadLetter.Reason.ATTEMPTS_EXHAUSTED);

        assertThat(store.redrive("other", delivery(1).id(), "gateway-2", null)).isNull();
        EventStore.Lease lease =
                Objects.requireNonNull(store.redrive("default", delivery(1).id(), "gateway-2", "g"), "a dead letter");

        assertThat(lease).satisfies(given -> {
            assertThat(given.delivery().functionId()).isEqualTo("g");
            assertThat(given.attempts()).containsExactly(failed(1));
            assertThat(given.token()).isGreaterThan(EventStore.FIRST_TOKEN);
        });
        assertThat(store.redrive("default", delivery(1).id(), "gateway-2", null))
                .isNull();
        assertThat(deadLetters()).isEmpty();
        assertThat(store.complete(delivery(1).id(), EventStore.FIRST_TOKEN)).isFalse();
        assertThat(store.deadLetter(
                        delivery(1).id(), lease.token(), DeadLetter.Reason.NOT_RETRYABLE, "again", failed(2)))
                .isTrue();
        assertThat(deadLetters()).singleElement().satisfies(letter -> assertThat(letter.attempts())
                .containsExactly(failed(1), failed(2)));
    }

    @Test
    final void purgesADeadLetter() {
        store.append(List.of(delivery(1)));
        giveUp(1, DeadLetter.Reason.ATTEMPTS_EXHAUSTED);

        assertThat(store.purge("other", delivery(1).id())).isFalse();
        assertThat(store.purge("default", delivery(1).id())).isTrue();
        assertThat(store.purge("default", delivery(1).id())).isFalse();
        assertThat(deadLetters()).isEmpty();
    }

    @Test
    final void readsInPages() {
        store.append(List.of(delivery(1), delivery(2), delivery(3)));

        List<EventStore.Pending> first = store.read(new EventStore.Query("default", null, 2));
        List<EventStore.Pending> second = store.read(
                new EventStore.Query("default", first.get(1).delivery().id(), 2));

        assertThat(first).extracting(kept -> kept.delivery().id().number()).containsExactly(1L, 2L);
        assertThat(second).extracting(kept -> kept.delivery().id().number()).containsExactly(3L);
        assertThat(store.read(new EventStore.Query("other", null, 2))).isEmpty();
    }

    @Test
    final void leasesEachDeliveryOnceWhenManyClaim() throws Exception {
        List<EventStore.Delivery> deliveries = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            deliveries.add(delivery(i));
        }
        store.append(deliveries);
        deliveries.forEach(each -> store.release(each.id(), EventStore.FIRST_TOKEN));
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
