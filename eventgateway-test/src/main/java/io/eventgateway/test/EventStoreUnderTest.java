package io.eventgateway.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventgateway.Event;
import io.eventgateway.InvocationException;
import io.eventgateway.delivery.DeadLetter;
import io.eventgateway.delivery.DeadLetterQuery;
import io.eventgateway.delivery.DeliveryAttempt;
import io.eventgateway.spi.EventStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A new, empty store for each test, and what the tests of {@link EventStoreContract} do with it. */
abstract class EventStoreUnderTest {
    static final EventStore.Terms TERMS = new EventStore.Terms(Instant.parse("2026-01-01T00:00:00Z"), null, null);
    static final Duration LEASE = Duration.ofMinutes(1);

    final TestClock clock = new TestClock();

    @SuppressWarnings("NullAway.Init") // before each test
    EventStore store;

    /** Creates the store, as {@link EventStoreContract#createStore} says. */
    abstract EventStore newStore(TestClock clock);

    @BeforeEach
    final void open() {
        store = newStore(clock);
    }

    @AfterEach
    final void close() {
        store.close();
    }

    static EventStore.Delivery delivery(long number) {
        return new EventStore.Delivery(
                new EventStore.DeliveryId("gateway-1", number),
                "default",
                Event.builder("a").id("e" + number).source("/s").build(),
                TERMS,
                "subscription",
                "f");
    }

    final DeliveryAttempt failed(int number) {
        return new DeliveryAttempt(
                number,
                clock.instant(),
                Duration.ofMillis(5),
                InvocationException.Kind.FUNCTION_ERROR,
                "no stock",
                500,
                "member");
    }

    final List<EventStore.Lease> claim(String holder, int atMost) {
        return store.claim(
                new EventStore.Claim(holder, LEASE, atMost, LEASE, (space, function) -> function.equals("f")));
    }

    static EventStore.Accepted accepted(EventStore.Delivery delivery) {
        return new EventStore.Accepted(
                delivery.space(), delivery.event(), delivery.terms(), List.of(delivery), List.of(), 0);
    }

    static EventStore.Accepted free(EventStore.Delivery delivery) {
        return new EventStore.Accepted(
                delivery.space(), delivery.event(), delivery.terms(), List.of(), List.of(delivery), 0);
    }

    final long[] append(EventStore.Delivery... deliveries) {
        return store.append(
                Stream.of(deliveries).map(EventStoreUnderTest::accepted).toList(), null);
    }

    static <T> T done(CompletableFuture<T> told) {
        return told.orTimeout(30, TimeUnit.SECONDS).join();
    }

    final List<EventStore.Pending> pending() {
        return store.read(new EventStore.Query("default", null, 100));
    }

    final List<DeadLetter> deadLetters() {
        return store.deadLetters("default", DeadLetterQuery.all());
    }

    final void giveUp(long number, DeadLetter.Reason reason) {
        assertThat(done(store.deadLetter(
                        delivery(number).id(), EventStore.FIRST_TOKEN, reason, "no stock", failed(1), false)))
                .isEqualTo(EventStore.OutcomeAnswer.DONE);
    }
}
