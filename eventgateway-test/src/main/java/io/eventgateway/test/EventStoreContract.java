package io.eventgateway.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventgateway.Event;
import io.eventgateway.InvocationException;
import io.eventgateway.delivery.DeadLetter;
import io.eventgateway.delivery.DeadLetterQuery;
import io.eventgateway.delivery.DeliveryAttempt;
import io.eventgateway.history.EventQuery;
import io.eventgateway.history.RecordedEvent;
import io.eventgateway.spi.EventStore;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link EventStore} does. An implementor extends it and gives a new, empty store that goes by the clock. What is about
 * recorded events is skipped where the store {@linkplain EventStore#hasHistory has no history}, and says so.
 */
public abstract class EventStoreContract {
    private static final EventStore.Terms TERMS =
            new EventStore.Terms(Instant.parse("2026-01-01T00:00:00Z"), null, null);
    private static final Duration LEASE = Duration.ofMinutes(1);

    private final TestClock clock = new TestClock();

    @SuppressWarnings("NullAway.Init") // before each test
    private EventStore store;

    /** Creates the test. */
    protected EventStoreContract() {}

    /** A new, empty store whose due times and leases go by the clock; with a history of more than a day if it can have one. */
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
                500,
                "member");
    }

    private List<EventStore.Lease> claim(String holder, int atMost) {
        return store.claim(
                new EventStore.Claim(holder, LEASE, atMost, LEASE, (space, function) -> function.equals("f")));
    }

    private static EventStore.Accepted accepted(EventStore.Delivery delivery) {
        return new EventStore.Accepted(
                delivery.space(), delivery.event(), delivery.terms(), List.of(delivery), List.of(), 0);
    }

    private static EventStore.Accepted free(EventStore.Delivery delivery) {
        return new EventStore.Accepted(
                delivery.space(), delivery.event(), delivery.terms(), List.of(), List.of(delivery), 0);
    }

    private long[] append(EventStore.Delivery... deliveries) {
        return store.append(
                Stream.of(deliveries).map(EventStoreContract::accepted).toList(), null);
    }

    private static boolean done(CompletableFuture<Boolean> told) {
        return told.orTimeout(30, TimeUnit.SECONDS).join();
    }

    private List<EventStore.Pending> pending() {
        return store.read(new EventStore.Query("default", null, 100));
    }

    private List<DeadLetter> deadLetters() {
        return store.deadLetters("default", DeadLetterQuery.all());
    }

    private void giveUp(long number, DeadLetter.Reason reason) {
        assertThat(done(store.deadLetter(
                        delivery(number).id(), EventStore.FIRST_TOKEN, reason, "no stock", failed(1), false)))
                .isTrue();
    }

    @Test
    final void leasesWhatIsAppendedToTheGatewayThatAppendsIt() {
        append(delivery(1), delivery(2));

        assertThat(pending()).extracting(EventStore.Pending::delivery).containsExactly(delivery(1), delivery(2));
        assertThat(claim("gateway-2", 10)).isEmpty();
        assertThat(done(store.complete(delivery(1).id(), EventStore.FIRST_TOKEN)))
                .isTrue();
        assertThat(done(store.complete(delivery(1).id(), EventStore.FIRST_TOKEN)))
                .isFalse();
        assertThat(pending()).hasSize(1);
    }

    @Test
    final void keepsTheAttemptsOfADeliveryWhoseLeaseGoesOn() {
        append(delivery(1));
        Instant dueAt = clock.instant().plusSeconds(10);

        assertThat(done(store.retry(delivery(1).id(), EventStore.FIRST_TOKEN, dueAt, failed(1))))
                .isTrue();

        assertThat(claim("gateway-2", 10)).isEmpty();
        assertThat(pending()).singleElement().satisfies(kept -> assertThat(kept.attempts())
                .containsExactly(failed(1)));
        assertThat(done(store.complete(delivery(1).id(), EventStore.FIRST_TOKEN)))
                .isTrue();
        assertThat(pending()).isEmpty();
    }

    @Test
    final void leasesAReleasedDeliveryWithItsAttemptsToOneGateway() {
        append(delivery(1));
        Instant dueAt = clock.instant().plusSeconds(10);
        done(store.retry(delivery(1).id(), EventStore.FIRST_TOKEN, dueAt, failed(1)));
        assertThat(done(store.release(delivery(1).id(), EventStore.FIRST_TOKEN)))
                .isTrue();

        List<EventStore.Lease> leases = claim("gateway-2", 10);

        assertThat(leases).singleElement().satisfies(lease -> {
            assertThat(lease.delivery()).isEqualTo(delivery(1));
            assertThat(lease.attempts()).containsExactly(failed(1));
            assertThat(lease.dueAt()).isEqualTo(dueAt);
        });
        assertThat(claim("gateway-3", 10)).isEmpty();
        assertThat(done(store.complete(delivery(1).id(), EventStore.FIRST_TOKEN)))
                .isFalse();
        assertThat(done(store.complete(delivery(1).id(), leases.get(0).token())))
                .isTrue();
    }

    @Test
    final void aDeadHoldersDeliveriesAreTakenOverAndItsTokensAreStale() {
        append(delivery(1));
        done(store.release(delivery(1).id(), EventStore.FIRST_TOKEN));
        EventStore.Lease first = claim("gateway-2", 10).get(0);
        clock.advance(LEASE.dividedBy(2));
        assertThat(store.renew("gateway-2", LEASE)).isTrue();
        clock.advance(LEASE.dividedBy(2));
        assertThat(claim("gateway-3", 10)).isEmpty();

        clock.advance(LEASE);
        EventStore.Lease second = claim("gateway-3", 10).get(0);

        assertThat(store.renew("gateway-2", LEASE)).isFalse();
        assertThat(second.token()).isGreaterThan(first.token());
        assertThat(done(store.complete(delivery(1).id(), first.token()))).isFalse();
        assertThat(done(store.retry(delivery(1).id(), first.token(), clock.instant(), failed(1))))
                .isFalse();
        assertThat(done(store.deadLetter(
                        delivery(1).id(), first.token(), DeadLetter.Reason.EXPIRED, "late", null, false)))
                .isFalse();
        assertThat(done(store.complete(delivery(1).id(), second.token()))).isTrue();
    }

    @Test
    final void claimsOnlyWhatTheGatewayCanCallAndNoMoreThanItAsksFor() {
        List<EventStore.Delivery> deliveries = List.of(delivery(1), delivery(2), delivery(3));
        append(deliveries.toArray(EventStore.Delivery[]::new));
        deliveries.forEach(each -> done(store.release(each.id(), EventStore.FIRST_TOKEN)));

        assertThat(store.claim(new EventStore.Claim("gateway-2", LEASE, 10, LEASE, (space, function) -> false)))
                .isEmpty();
        assertThat(claim("gateway-2", 2)).hasSize(2);
        assertThat(claim("gateway-2", 2)).hasSize(1);
    }

    @Test
    final void claimsWhatWasReleasedAfterWhatHasWaitedForLonger() {
        append(delivery(1), delivery(2));
        done(store.release(delivery(2).id(), EventStore.FIRST_TOKEN));
        clock.advance(Duration.ofSeconds(1));
        done(store.release(delivery(1).id(), EventStore.FIRST_TOKEN));

        assertThat(claim("gateway-2", 1))
                .extracting(lease -> lease.delivery().id().number())
                .containsExactly(2L);
        assertThat(claim("gateway-2", 1))
                .extracting(lease -> lease.delivery().id().number())
                .containsExactly(1L);
    }

    @Test
    final void keepsADeadLetterWithItsReasonAndAttempts() {
        append(delivery(1));

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
            append(delivery(i));
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
        append(delivery(1));
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
        assertThat(done(store.complete(delivery(1).id(), EventStore.FIRST_TOKEN)))
                .isFalse();
        assertThat(done(store.deadLetter(
                        delivery(1).id(), lease.token(), DeadLetter.Reason.NOT_RETRYABLE, "again", failed(2), false)))
                .isTrue();
        assertThat(deadLetters()).singleElement().satisfies(letter -> assertThat(letter.attempts())
                .containsExactly(failed(1), failed(2)));
    }

    @Test
    final void purgesADeadLetter() {
        append(delivery(1));
        giveUp(1, DeadLetter.Reason.ATTEMPTS_EXHAUSTED);

        assertThat(store.purge("other", delivery(1).id())).isFalse();
        assertThat(store.purge("default", delivery(1).id())).isTrue();
        assertThat(store.purge("default", delivery(1).id())).isFalse();
        assertThat(deadLetters()).isEmpty();
    }

    @Test
    final void readsInPages() {
        append(delivery(1), delivery(2), delivery(3));

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
        append(deliveries.toArray(EventStore.Delivery[]::new));
        deliveries.forEach(each -> done(store.release(each.id(), EventStore.FIRST_TOKEN)));
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

    @Test
    final void aLeaseThatHasRunOutIsRenewedUnlessAnotherGatewayHasClaimedSince() {
        append(delivery(1));
        done(store.release(delivery(1).id(), EventStore.FIRST_TOKEN));
        EventStore.Lease lease = claim("gateway-2", 10).get(0);
        clock.advance(LEASE.plusSeconds(1));

        assertThat(store.renew("gateway-2", LEASE)).isTrue();

        assertThat(claim("gateway-3", 10)).isEmpty();
        assertThat(done(store.complete(delivery(1).id(), lease.token()))).isTrue();
    }

    @Test
    final void whatAHolderThatLeavesStillHasIsForOthersAtOnce() {
        append(delivery(1));
        done(store.release(delivery(1).id(), EventStore.FIRST_TOKEN));
        EventStore.Lease lease = claim("gateway-2", 10).get(0);

        store.leave("gateway-2");

        assertThat(claim("gateway-3", 10)).hasSize(1);
        assertThat(done(store.complete(delivery(1).id(), lease.token()))).isFalse();
    }

    @Test
    final void freeDeliveriesAreClaimedWhenTheyAreDueSoon() {
        EventStore.Terms later = new EventStore.Terms(
                clock.instant(), clock.instant().plus(LEASE).plusSeconds(30), null);
        EventStore.Delivery now = delivery(1);
        EventStore.Delivery putOff =
                new EventStore.Delivery(delivery(2).id(), "default", delivery(2).event(), later, "subscription", "f");
        store.append(List.of(free(now), free(putOff)), null);

        assertThat(claim("gateway-2", 10))
                .extracting(EventStore.Lease::delivery)
                .containsExactly(now);
        clock.advance(Duration.ofSeconds(31));
        assertThat(claim("gateway-2", 10)).singleElement().satisfies(lease -> {
            assertThat(lease.delivery()).isEqualTo(putOff);
            assertThat(lease.dueAt()).isEqualTo(later.notBefore());
        });
    }

    @Test
    final void tellsWhoListensOfFreeDeliveries() throws InterruptedException {
        Semaphore told = new Semaphore(0);
        try (EventStore.Watch watch = store.listen(told::release)) {
            assertThat(watch).isNotNull();
            store.append(List.of(free(delivery(1))), null);

            assertThat(told.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    final void knowsWhereDeliveriesAre() {
        long[] positions = append(delivery(1), delivery(2), delivery(3));
        done(store.complete(delivery(1).id(), EventStore.FIRST_TOKEN));
        giveUp(2, DeadLetter.Reason.NOT_RETRYABLE);

        assertThat(store.states(Map.of(
                        delivery(1).id(), positions[0],
                        delivery(2).id(), positions[1],
                        delivery(3).id(), positions[2],
                        delivery(4).id(), positions[2] + 1_000)))
                .containsOnly(
                        Map.entry(delivery(1).id(), EventStore.State.ENDED),
                        Map.entry(delivery(2).id(), EventStore.State.DEAD_LETTER),
                        Map.entry(delivery(3).id(), EventStore.State.PENDING),
                        Map.entry(delivery(4).id(), EventStore.State.UNKNOWN));
    }

    private static EventStore.Delivery keyed(long number, @Nullable String key) {
        EventStore.Delivery plain = delivery(number);
        return new EventStore.Delivery(
                plain.id(),
                plain.space(),
                plain.event(),
                plain.terms(),
                plain.subscriptionId(),
                plain.functionId(),
                key);
    }

    private boolean takeTurn(EventStore.Delivery delivery, long position, int maxConcurrency) {
        return takeTurn(delivery, EventStore.FIRST_TOKEN, position, maxConcurrency);
    }

    private boolean takeTurn(EventStore.Delivery delivery, long token, long position, int maxConcurrency) {
        return done(store.takeTurn(new EventStore.Turn(
                delivery.id(),
                token,
                delivery.space(),
                delivery.subscriptionId(),
                position,
                delivery.orderKey(),
                maxConcurrency)));
    }

    @Test
    final void givesTheDeliveriesOfAKeyTheirTurnInTheOrderOfTheirPositions() {
        EventStore.Delivery first = keyed(1, "k");
        EventStore.Delivery second = keyed(2, "k");
        EventStore.Delivery other = keyed(3, "other");
        long[] at = append(first, second, other);

        assertThat(takeTurn(second, at[1], 0)).isFalse();
        assertThat(takeTurn(other, at[2], 0)).isTrue();
        assertThat(takeTurn(first, at[0], 0)).isTrue();
        assertThat(takeTurn(first, at[0], 0)).isTrue();
        done(store.retry(first.id(), EventStore.FIRST_TOKEN, clock.instant(), failed(1)));
        assertThat(takeTurn(second, at[1], 0)).isFalse();
        done(store.complete(first.id(), EventStore.FIRST_TOKEN));
        assertThat(takeTurn(second, at[1], 0)).isTrue();
        assertThat(takeTurn(first, at[0], 0)).isFalse();
    }

    @Test
    final void aDeliveryThatIsNotDueYetHoldsUpNoneOfItsKey() {
        Instant dueAt = clock.instant().plusSeconds(3600);
        EventStore.Delivery plain = keyed(1, "k");
        EventStore.Delivery putOff = new EventStore.Delivery(
                plain.id(),
                plain.space(),
                plain.event(),
                new EventStore.Terms(clock.instant(), dueAt, null),
                plain.subscriptionId(),
                plain.functionId(),
                "k");
        EventStore.Delivery second = keyed(2, "k");
        EventStore.Delivery third = keyed(3, "k");
        long[] at = append(putOff, second, third);

        assertThat(takeTurn(second, at[1], 0)).isTrue();
        done(store.complete(second.id(), EventStore.FIRST_TOKEN));
        clock.advance(Duration.ofSeconds(3601));

        assertThat(takeTurn(third, at[2], 0)).isFalse();
        assertThat(takeTurn(putOff, at[0], 0)).isTrue();
    }

    @Test
    final void givesNoMoreTurnsThanAreAllowedAtATime() {
        EventStore.Delivery[] deliveries = {keyed(1, null), keyed(2, null), keyed(3, null)};
        long[] at = append(deliveries);

        assertThat(takeTurn(deliveries[0], at[0], 2)).isTrue();
        assertThat(takeTurn(deliveries[2], at[2], 2)).isTrue();
        assertThat(takeTurn(deliveries[1], at[1], 2)).isFalse();
        done(store.retry(deliveries[0].id(), EventStore.FIRST_TOKEN, clock.instant(), failed(1)));
        assertThat(takeTurn(deliveries[1], at[1], 2)).isTrue();
        assertThat(takeTurn(deliveries[0], at[0], 2)).isFalse();
        done(store.complete(deliveries[2].id(), EventStore.FIRST_TOKEN));
        assertThat(takeTurn(deliveries[0], at[0], 2)).isTrue();
    }

    @Test
    final void aDeadLetterMayHoldItsKeyUntilItIsRedrivenOrPurged() {
        EventStore.Delivery first = keyed(1, "k");
        EventStore.Delivery second = keyed(2, "k");
        EventStore.Delivery third = keyed(3, "k");
        long[] at = append(first, second, third);
        takeTurn(first, at[0], 0);
        done(store.deadLetter(
                first.id(), EventStore.FIRST_TOKEN, DeadLetter.Reason.NOT_RETRYABLE, "no", failed(1), true));
        assertThat(takeTurn(second, at[1], 0)).isFalse();

        EventStore.Lease redriven = Objects.requireNonNull(store.redrive("default", first.id(), "gateway-1", null));
        assertThat(takeTurn(second, at[1], 0)).isFalse();
        assertThat(done(store.complete(first.id(), redriven.token()))).isTrue();
        assertThat(takeTurn(second, at[1], 0)).isTrue();

        done(store.deadLetter(
                second.id(), EventStore.FIRST_TOKEN, DeadLetter.Reason.NOT_RETRYABLE, "no", failed(1), true));
        assertThat(takeTurn(third, at[2], 0)).isFalse();
        assertThat(store.purge("default", second.id())).isTrue();
        assertThat(takeTurn(third, at[2], 0)).isTrue();
    }

    @Test
    final void aRedrivenDeliveryAndALaterOneThatIsTakenOverDoNotWaitForEachOther() {
        EventStore.Delivery first = keyed(1, "k");
        EventStore.Delivery second = keyed(2, "k");
        long[] at = append(first, second);
        giveUp(1, DeadLetter.Reason.ATTEMPTS_EXHAUSTED);
        assertThat(takeTurn(second, at[1], 0)).isTrue();
        done(store.release(second.id(), EventStore.FIRST_TOKEN));

        EventStore.Lease redriven = redrive(first);
        EventStore.Lease takenOver = claim("gateway-2", 10).get(0);

        assertThat(takeTurn(second, takenOver.token(), at[1], 0)).isFalse();
        assertThat(takeTurn(first, redriven.token(), at[0], 0)).isTrue();
        assertThat(takeTurn(second, takenOver.token(), at[1], 0)).isFalse();
        assertThat(done(store.complete(first.id(), redriven.token()))).isTrue();
        assertThat(takeTurn(second, takenOver.token(), at[1], 0)).isTrue();
    }

    @Test
    final void aRedrivenDeliveryGetsTheTurnOfAGatewayThatIsGone() {
        EventStore.Delivery first = keyed(1, "k");
        EventStore.Delivery second = keyed(2, "k");
        long[] at = append(first, second);
        giveUp(1, DeadLetter.Reason.ATTEMPTS_EXHAUSTED);
        done(store.release(second.id(), EventStore.FIRST_TOKEN));
        EventStore.Lease begun = claim("gateway-3", 10).get(0);
        assertThat(takeTurn(second, begun.token(), at[1], 0)).isTrue();

        EventStore.Lease redriven = redrive(first);
        assertThat(takeTurn(first, redriven.token(), at[0], 0)).isFalse();
        store.leave("gateway-3");
        claim("gateway-2", 10);

        assertThat(takeTurn(first, redriven.token(), at[0], 0)).isTrue();
    }

    @Test
    final void aLaterDeliveryThatHasBegunKeepsItsTurnWhenAnEarlierOneIsRedriven() {
        EventStore.Delivery first = keyed(1, "k");
        EventStore.Delivery second = keyed(2, "k");
        long[] at = append(first, second);
        giveUp(1, DeadLetter.Reason.ATTEMPTS_EXHAUSTED);
        assertThat(takeTurn(second, at[1], 0)).isTrue();

        EventStore.Lease redriven = redrive(first);

        assertThat(takeTurn(first, redriven.token(), at[0], 0)).isFalse();
        assertThat(takeTurn(second, at[1], 0)).isTrue();
        done(store.retry(second.id(), EventStore.FIRST_TOKEN, clock.instant(), failed(1)));
        assertThat(takeTurn(second, at[1], 0)).isTrue();
        done(store.complete(second.id(), EventStore.FIRST_TOKEN));
        assertThat(takeTurn(first, redriven.token(), at[0], 0)).isTrue();
    }

    @Test
    final void aPlaceUnderALimitIsFreeWhenTheLeaseHasEndedThatItWasTakenUnder() {
        EventStore.Delivery[] deliveries = {keyed(1, null), keyed(2, null)};
        long[] at = append(deliveries);
        assertThat(takeTurn(deliveries[0], at[0], 1)).isTrue();
        done(store.release(deliveries[0].id(), EventStore.FIRST_TOKEN));
        EventStore.Lease again = claim("gateway-3", 10).get(0);
        assertThat(takeTurn(deliveries[0], again.token(), at[0], 1)).isTrue();
        store.leave("gateway-3");
        claim("gateway-2", 10);

        assertThat(takeTurn(deliveries[1], at[1], 1)).isTrue();
    }

    private EventStore.Lease redrive(EventStore.Delivery delivery) {
        return Objects.requireNonNull(store.redrive("default", delivery.id(), "gateway-2", null), "a dead letter");
    }

    /** Where there is no history there is nothing to find, and no more to check. */
    private boolean hasNoHistory() {
        if (store.hasHistory()) {
            return false;
        }
        append(delivery(1));
        assertThat(store.events("default", EventQuery.all()))
                .as("a store without a history")
                .isEmpty();
        return true;
    }

    private static EventStore.Accepted event(long number, String type, @Nullable String subject) {
        Event.Builder event = Event.builder(type)
                .id("e" + number)
                .source("/s/" + number % 2)
                .time(OffsetDateTime.parse("2026-01-01T10:00:00+02:00"))
                .extension("tenant", "acme")
                .extension("count", 3)
                .data("application/json", ("{\"n\":" + number + "}").getBytes(StandardCharsets.UTF_8));
        if (subject != null) {
            event.subject(subject);
        }
        return new EventStore.Accepted("default", event.build(), TERMS, List.of(), List.of(), 0);
    }

    @Test
    final void recordsEventsAsTheyAreAndFindsThemByQueryAndInPages() {
        if (hasNoHistory()) {
            return;
        }
        List<EventStore.Accepted> all = new ArrayList<>();
        for (int i = 1; i <= 5; i++) {
            all.add(event(i, i < 4 ? "order.placed" : "order.item.added", "s" + i % 2));
            clock.advance(Duration.ofSeconds(1));
        }
        long[] positions = new long[5];
        for (int i = 0; i < 5; i++) {
            positions[i] = store.append(List.of(all.get(i)), null)[0];
            clock.advance(Duration.ofSeconds(1));
        }

        assertThat(positions).isSorted();
        assertThat(store.hasHistory()).isTrue();
        assertThat(store.extent().last()).isEqualTo(positions[4]);
        List<RecordedEvent> found = store.events("default", EventQuery.all());
        assertThat(found)
                .extracting(RecordedEvent::event)
                .isEqualTo(all.stream().map(EventStore.Accepted::event).toList());
        assertThat(found)
                .extracting(RecordedEvent::position)
                .containsExactly(positions[0], positions[1], positions[2], positions[3], positions[4]);
        assertThat(found.get(0).event().getExtension("count")).isEqualTo(3);
        assertThat(ids(EventQuery.all().limit(2))).containsExactly("e1", "e2");
        assertThat(ids(EventQuery.all().after(positions[1]).limit(2))).containsExactly("e3", "e4");
        assertThat(ids(EventQuery.all().ofType("order.*"))).containsExactly("e1", "e2", "e3");
        assertThat(ids(EventQuery.all().ofType("order.item.added"))).containsExactly("e4", "e5");
        assertThat(ids(EventQuery.all().ofType("**.added").ofSource("/s/1"))).containsExactly("e5");
        assertThat(ids(EventQuery.all().ofSubject("s0"))).containsExactly("e2", "e4");
        assertThat(ids(EventQuery.all()
                        .since(found.get(1).recordedAt())
                        .until(found.get(3).recordedAt())))
                .containsExactly("e2", "e3");
        assertThat(store.events("other", EventQuery.all())).isEmpty();
    }

    @Test
    final void findsEventsSinceTheBeginningAndUntilTheEndOfTime() {
        if (hasNoHistory()) {
            return;
        }
        append(delivery(1));

        assertThat(ids(EventQuery.all().since(Instant.MIN).until(Instant.MAX))).containsExactly("e1");
        assertThat(ids(EventQuery.all().since(Instant.MAX))).isEmpty();
        assertThat(ids(EventQuery.all().until(Instant.MIN))).isEmpty();
    }

    @Test
    final void anEventThatIsStillToBeDeliveredOrIsADeadLettersOutlivesTheHistory() {
        if (hasNoHistory()) {
            return;
        }
        append(delivery(1), delivery(2), delivery(3));
        giveUp(2, DeadLetter.Reason.NOT_RETRYABLE);
        done(store.complete(delivery(3).id(), EventStore.FIRST_TOKEN));
        clock.advance(Duration.ofDays(4_000));
        append(delivery(4));

        assertThat(ids(EventQuery.all())).contains("e1", "e2", "e4");
    }

    private List<String> ids(EventQuery query) {
        return store.events("default", query).stream()
                .map(recorded -> recorded.event().getId())
                .toList();
    }

    @Test
    final void findsTheEventsOfAChain() {
        if (hasNoHistory()) {
            return;
        }
        Event root = Event.builder("a").id("root").source("/s").build();
        Event child = Event.builder("b")
                .id("child")
                .source("/s")
                .extension("correlationid", "root")
                .extension("causationid", "root")
                .build();
        for (Event event : List.of(root, child)) {
            store.append(List.of(new EventStore.Accepted("default", event, TERMS, List.of(), List.of(), 0)), null);
        }

        assertThat(ids(EventQuery.all().ofChain("root"))).containsExactly("child");
        assertThat(store.events("default", EventQuery.all().ofChain("root"))
                        .get(0)
                        .event())
                .isEqualTo(child);
    }

    @Test
    final void aReplayedEventIsDeliveredAndNotRecordedAgain() {
        long position = append(delivery(1))[0];
        done(store.complete(delivery(1).id(), EventStore.FIRST_TOKEN));
        Event replayed =
                delivery(1).event().toBuilder().extension("replay", "r").build();
        EventStore.Delivery again =
                new EventStore.Delivery(delivery(2).id(), "default", replayed, TERMS, "subscription", "f");

        store.append(
                List.of(new EventStore.Accepted("default", replayed, TERMS, List.of(), List.of(again), position)),
                null);

        assertThat(claim("gateway-2", 10))
                .singleElement()
                .satisfies(lease -> assertThat(lease.delivery().event()).isEqualTo(replayed));
        assertThat(ids(EventQuery.all())).isEqualTo(store.hasHistory() ? List.of("e1") : List.of());
    }

    @Test
    final void keepsThePositionsOfConsumersByNameAndSpace() {
        assertThat(store.consumed("default", "projection")).isZero();
        store.consumed("default", "projection", 7);
        store.consumed("default", "projection", 9);

        assertThat(store.consumed("default", "projection")).isEqualTo(9);
        assertThat(store.consumed("other", "projection")).isZero();
        store.consumed("default", "projection", 0);
        assertThat(store.consumed("default", "projection")).isZero();
    }

    @Test
    final void forgetsEverythingAboutASubject() {
        EventStore.Accepted personal = event(1, "a", "ada");
        EventStore.Delivery pendingOne =
                new EventStore.Delivery(delivery(1).id(), "default", personal.event(), TERMS, "subscription", "f");
        EventStore.Accepted dead = event(2, "a", "ada");
        EventStore.Delivery deadOne =
                new EventStore.Delivery(delivery(2).id(), "default", dead.event(), TERMS, "subscription", "f");
        append(pendingOne, deadOne);
        giveUp(2, DeadLetter.Reason.NOT_RETRYABLE);
        store.append(List.of(event(3, "a", "bob")), null);

        assertThat(store.erase("other", "ada")).isZero();
        assertThat(store.erase("default", "ada")).isEqualTo(2);

        assertThat(pending()).isEmpty();
        assertThat(deadLetters()).isEmpty();
        assertThat(ids(EventQuery.all())).isEqualTo(store.hasHistory() ? List.of("e3") : List.of());
        assertThat(done(store.complete(delivery(1).id(), EventStore.FIRST_TOKEN)))
                .isFalse();
    }

    @Test
    final void aDeadLetterThatIsErasedHoldsItsKeyNoLonger() {
        EventStore.Delivery second = keyed(2, "k");
        Event personal = second.event().toBuilder().subject("ada").build();
        EventStore.Delivery first = new EventStore.Delivery(
                delivery(1).id(), "default", personal, TERMS, second.subscriptionId(), second.functionId(), "k");
        long[] at = append(first, second);
        takeTurn(first, at[0], 0);
        done(store.deadLetter(
                first.id(), EventStore.FIRST_TOKEN, DeadLetter.Reason.NOT_RETRYABLE, "no", failed(1), true));
        assertThat(takeTurn(second, at[1], 0)).isFalse();

        store.erase("default", "ada");

        assertThat(takeTurn(second, at[1], 0)).isTrue();
    }
}
