package io.eventgateway.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventgateway.delivery.DeadLetter;
import io.eventgateway.spi.EventStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What every event store does with pending deliveries: it leases each to one gateway at a time. */
abstract class EventStoreLeases extends EventStoreUnderTest {
    @Test
    final void leasesWhatIsAppendedToTheGatewayThatAppendsIt() {
        append(delivery(1), delivery(2));

        assertThat(pending()).extracting(EventStore.Pending::delivery).containsExactly(delivery(1), delivery(2));
        assertThat(claim("gateway-2", 10)).isEmpty();
        assertThat(done(store.complete(delivery(1).id(), EventStore.FIRST_TOKEN)))
                .isEqualTo(EventStore.OutcomeAnswer.DONE);
        assertThat(done(store.complete(delivery(1).id(), EventStore.FIRST_TOKEN)))
                .isEqualTo(EventStore.OutcomeAnswer.NOT_YOURS);
        assertThat(pending()).hasSize(1);
    }

    @Test
    final void keepsTheAttemptsOfADeliveryWhoseLeaseGoesOn() {
        append(delivery(1));
        Instant dueAt = clock.instant().plusSeconds(10);

        assertThat(done(store.retry(delivery(1).id(), EventStore.FIRST_TOKEN, dueAt, failed(1))))
                .isEqualTo(EventStore.OutcomeAnswer.DONE);

        assertThat(claim("gateway-2", 10)).isEmpty();
        assertThat(pending()).singleElement().satisfies(kept -> assertThat(kept.attempts())
                .containsExactly(failed(1)));
        assertThat(done(store.complete(delivery(1).id(), EventStore.FIRST_TOKEN)))
                .isEqualTo(EventStore.OutcomeAnswer.DONE);
        assertThat(pending()).isEmpty();
    }

    @Test
    final void leasesAReleasedDeliveryWithItsAttemptsToOneGateway() {
        append(delivery(1));
        Instant dueAt = clock.instant().plusSeconds(10);
        done(store.retry(delivery(1).id(), EventStore.FIRST_TOKEN, dueAt, failed(1)));
        assertThat(done(store.release(delivery(1).id(), EventStore.FIRST_TOKEN)))
                .isEqualTo(EventStore.OutcomeAnswer.DONE);

        List<EventStore.Lease> leases = claim("gateway-2", 10);

        assertThat(leases).singleElement().satisfies(lease -> {
            assertThat(lease.delivery()).isEqualTo(delivery(1));
            assertThat(lease.attempts()).containsExactly(failed(1));
            assertThat(lease.dueAt()).isEqualTo(dueAt);
        });
        assertThat(claim("gateway-3", 10)).isEmpty();
        assertThat(done(store.complete(delivery(1).id(), EventStore.FIRST_TOKEN)))
                .isEqualTo(EventStore.OutcomeAnswer.NOT_YOURS);
        assertThat(done(store.complete(delivery(1).id(), leases.get(0).token())))
                .isEqualTo(EventStore.OutcomeAnswer.DONE);
    }

    @Test
    final void releasesNothingUnderAStaleToken() {
        append(delivery(1));
        done(store.release(delivery(1).id(), EventStore.FIRST_TOKEN));
        EventStore.Lease lease = claim("gateway-2", 10).get(0);

        assertThat(done(store.release(delivery(1).id(), EventStore.FIRST_TOKEN)))
                .isEqualTo(EventStore.OutcomeAnswer.NOT_YOURS);
        assertThat(done(store.complete(delivery(1).id(), lease.token()))).isEqualTo(EventStore.OutcomeAnswer.DONE);
    }

    @Test
    final void aClaimIsHeldForAsLongAsItAskedFor() {
        append(delivery(1));
        done(store.release(delivery(1).id(), EventStore.FIRST_TOKEN));
        assertThat(claim("gateway-2", 10)).hasSize(1);
        clock.advance(LEASE.minusMillis(1));
        assertThat(claim("gateway-3", 10)).isEmpty();
        clock.advance(Duration.ofSeconds(1));
        assertThat(claim("gateway-3", 10)).hasSize(1);
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
        assertThat(done(store.complete(delivery(1).id(), first.token()))).isEqualTo(EventStore.OutcomeAnswer.NOT_YOURS);
        assertThat(done(store.retry(delivery(1).id(), first.token(), clock.instant(), failed(1))))
                .isEqualTo(EventStore.OutcomeAnswer.NOT_YOURS);
        assertThat(done(store.deadLetter(
                        delivery(1).id(), first.token(), DeadLetter.Reason.EXPIRED, "late", null, false)))
                .isEqualTo(EventStore.OutcomeAnswer.NOT_YOURS);
        assertThat(done(store.complete(delivery(1).id(), second.token()))).isEqualTo(EventStore.OutcomeAnswer.DONE);
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
        assertThat(done(store.complete(delivery(1).id(), lease.token()))).isEqualTo(EventStore.OutcomeAnswer.DONE);
    }

    @Test
    final void aGatewayWhoseLeaseHasRunOutTakesNothingOverFromItself() {
        append(delivery(1));
        done(store.release(delivery(1).id(), EventStore.FIRST_TOKEN));
        EventStore.Lease lease = claim("gateway-2", 10).get(0);
        clock.advance(LEASE.plusSeconds(1));

        assertThat(claim("gateway-2", 10)).isEmpty();
        assertThat(done(store.complete(delivery(1).id(), lease.token()))).isEqualTo(EventStore.OutcomeAnswer.DONE);
    }

    @Test
    final void aGatewayThatAnotherTookOverFromClaimsNothing() {
        append(delivery(1), delivery(2));
        done(store.release(delivery(1).id(), EventStore.FIRST_TOKEN));
        done(store.release(delivery(2).id(), EventStore.FIRST_TOKEN));
        assertThat(claim("gateway-2", 1)).hasSize(1);
        clock.advance(LEASE.plusSeconds(1));
        assertThat(claim("gateway-3", 1)).hasSize(1);

        assertThat(claim("gateway-2", 10)).isEmpty();
        assertThat(claim("gateway-3", 10)).hasSize(1);
    }

    @Test
    final void whatAHolderThatLeavesStillHasIsForOthersAtOnce() {
        append(delivery(1));
        done(store.release(delivery(1).id(), EventStore.FIRST_TOKEN));
        EventStore.Lease lease = claim("gateway-2", 10).get(0);

        store.leave("gateway-2");

        assertThat(claim("gateway-3", 10)).hasSize(1);
        assertThat(done(store.complete(delivery(1).id(), lease.token()))).isEqualTo(EventStore.OutcomeAnswer.NOT_YOURS);
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
    final void tellsNobodyWhoHasStoppedListening() throws InterruptedException {
        Semaphore told = new Semaphore(0);
        Semaphore toldToo = new Semaphore(0);
        try (EventStore.Watch watch = store.listen(toldToo::release)) {
            assertThat(watch).isNotNull();
            store.listen(told::release).close();
            told.drainPermits();
            store.append(List.of(free(delivery(1))), null);

            assertThat(toldToo.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
            assertThat(told.availablePermits()).isZero();
        }
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
                        Map.entry(delivery(1).id(), EventStore.State.DELIVERED),
                        Map.entry(delivery(2).id(), EventStore.State.DEAD_LETTER),
                        Map.entry(delivery(3).id(), EventStore.State.PENDING),
                        Map.entry(delivery(4).id(), EventStore.State.UNKNOWN));
    }
}
