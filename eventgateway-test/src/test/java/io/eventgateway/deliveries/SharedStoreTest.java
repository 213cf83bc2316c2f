package io.eventgateway.deliveries;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventgateway.Emission;
import io.eventgateway.Event;
import io.eventgateway.Subscription;
import io.eventgateway.delivery.Backlog;
import io.eventgateway.delivery.BacklogPolicy;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.delivery.DeliveryStatus;
import io.eventgateway.spi.EventStore;
import io.eventgateway.test.RecordingFunction;
import io.eventgateway.test.TestClock;
import io.eventgateway.test.TestGateway;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A gateway whose store has deliveries that other gateways accepted, or take over. */
class SharedStoreTest {
    private static final EventStore.Query PENDING = new EventStore.Query("default", null, 100);

    private final TestClock clock = new TestClock();
    private final EventStore store = EventStore.inMemory(10, clock);
    private final RecordingFunction f = new RecordingFunction();
    private TestGateway gateway = TestGateway.create();

    private void gateway(Backlog backlog, UnaryOperator<DeliveryPolicy.Builder> policy) {
        gateway = TestGateway.create(clock, builder -> builder.eventStore(store).backlog(backlog));
        gateway.functions().register("f", f);
        gateway.subscriptions()
                .create(Subscription.to("a")
                        .id("s")
                        .function("f")
                        .delivery(policy.apply(DeliveryPolicy.builder()).build())
                        .build());
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    private static Event event(String id, @Nullable String subject) {
        return Event.builder("a").id(id).source("/s").subject(subject).build();
    }

    /** A delivery that another gateway accepted before. */
    private EventStore.Delivery ofAnother(String eventId, @Nullable String key) {
        return new EventStore.Delivery(
                new EventStore.DeliveryId("0-another", 1),
                "default",
                event(eventId, key),
                new EventStore.Terms(clock.instant(), null, null),
                "s",
                "f",
                key);
    }

    private void append(List<EventStore.Delivery> held, List<EventStore.Delivery> free) {
        EventStore.Delivery first = held.isEmpty() ? free.get(0) : held.get(0);
        store.append(List.of(new EventStore.Accepted("default", first.event(), first.terms(), held, free, 0)), null);
    }

    private static DeliveryStatus statusOf(Emission emission) {
        return Objects.requireNonNull(emission.completion().getNow(null), "the emission has not ended")
                .deliveries()
                .get(0)
                .status();
    }

    private List<String> calledWith() {
        return f.events().stream().map(Event::getId).toList();
    }

    @Test
    void aFullBacklogMakesRoomForTheEarlierDeliveryOfAKeyHoweverSmallItIs() {
        gateway(Backlog.of(1), policy -> policy.orderBy("subject"));
        append(List.of(ofAnother("e1", "k")), List.of());
        Emission later = gateway.emit(event("e2", "k"));

        store.leave("0-another");
        clock.advance(Duration.ofSeconds(10));

        assertThat(calledWith()).containsExactly("e1", "e2");
        assertThat(statusOf(later)).isEqualTo(DeliveryStatus.DELIVERED);
    }

    @Test
    void dropOldestGivesBackToTheStoreWhatAnotherGatewayAccepted() {
        gateway(Backlog.of(3).withPolicy(BacklogPolicy.DROP_OLDEST), policy -> policy.maxConcurrency(1));
        f.blocking();
        Emission running = gateway.emit(event("e1", null));
        append(List.of(), List.of(ofAnother("e2", null)));
        clock.advance(Duration.ofSeconds(1));
        assertThat(gateway.backlog().pending()).isEqualTo(2);

        Emission third = gateway.emit(event("e3", null));
        Emission fourth = gateway.emit(event("e4", null));

        assertThat(gateway.backlog().dropped()).isZero();
        assertThat(store.read(PENDING)).hasSize(4);
        Emission fifth = gateway.emit(event("e5", null)); // what this gateway accepted is its own to drop
        assertThat(statusOf(third)).isEqualTo(DeliveryStatus.DROPPED);
        assertThat(gateway.backlog().dropped()).isEqualTo(1);

        f.release();
        clock.advance(Duration.ofSeconds(10));
        assertThat(calledWith()).containsExactlyInAnyOrder("e1", "e2", "e4", "e5");
        assertThat(List.of(statusOf(running), statusOf(fourth), statusOf(fifth)))
                .containsOnly(DeliveryStatus.DELIVERED);
        assertThat(store.read(PENDING)).isEmpty();
    }

    @Test
    void whatAnotherGatewayErasedEndsWhereItWaitsForTheTurnOfItsKey() {
        gateway(Backlog.of(10), policy -> policy.orderBy("subject"));
        append(List.of(ofAnother("e1", "k")), List.of());
        Emission later = gateway.emit(event("e2", "k"));

        store.erase("default", "k");
        clock.advance(Duration.ofSeconds(1));

        assertThat(statusOf(later)).isEqualTo(DeliveryStatus.DROPPED);
        assertThat(gateway.backlog().pending()).isZero();
        assertThat(f.events()).isEmpty();
    }

    @Test
    void whatAnotherGatewayErasedEndsWhereItWaitsForAPlaceAmongTheCallsOfAllGateways() {
        gateway(Backlog.of(10), policy -> policy.maxConcurrency(1));
        EventStore.Delivery running = ofAnother("e1", null);
        append(List.of(running), List.of());
        store.takeTurn(new EventStore.Turn(running.id(), EventStore.FIRST_TOKEN, "default", "s", 1, null, 1));
        Emission erased = gateway.emit(event("e2", "k"));
        Emission next = gateway.emit(event("e3", null));

        store.erase("default", "k");
        clock.advance(Duration.ofSeconds(1));
        assertThat(statusOf(erased)).isEqualTo(DeliveryStatus.DROPPED);

        store.complete(running.id(), EventStore.FIRST_TOKEN);
        clock.advance(Duration.ofSeconds(1));
        assertThat(statusOf(next)).isEqualTo(DeliveryStatus.DELIVERED);
        assertThat(calledWith()).containsExactly("e3");
    }

    @Test
    void aGatewayWithoutRoomGetsThePlaceOfOneThatDied() {
        gateway(Backlog.of(1), policy -> policy.maxConcurrency(1));
        store.renew("0-another", Duration.ofSeconds(30)); // and never again
        EventStore.Delivery running = ofAnother("e1", null);
        append(List.of(running), List.of());
        store.takeTurn(new EventStore.Turn(running.id(), EventStore.FIRST_TOKEN, "default", "s", 1, null, 1));
        Emission waiting = gateway.emit(event("e2", null));
        assertThat(f.events()).isEmpty();

        clock.advance(Duration.ofMinutes(1));

        assertThat(statusOf(waiting)).isEqualTo(DeliveryStatus.DELIVERED);
    }

    @Test
    void aCallThatFindsNoPlaceTakesNothingOfTheRate() {
        gateway(Backlog.of(10), policy -> policy.maxConcurrency(1).rateLimit(1, Duration.ofHours(1)));
        EventStore.Delivery running = ofAnother("e1", null);
        append(List.of(running), List.of());
        store.takeTurn(new EventStore.Turn(running.id(), EventStore.FIRST_TOKEN, "default", "s", 1, null, 1));
        Emission waiting = gateway.emit(event("e2", null));
        clock.advance(Duration.ofSeconds(1));
        assertThat(f.events()).isEmpty();

        store.complete(running.id(), EventStore.FIRST_TOKEN);
        clock.advance(Duration.ofSeconds(1));

        assertThat(statusOf(waiting)).isEqualTo(DeliveryStatus.DELIVERED);
    }

    @Test
    void whatWaitsEndsAsSoonAsTheLeaseIsLost() {
        gateway(Backlog.of(10), policy -> policy.orderBy("subject").rateLimit(1, Duration.ofHours(1)));
        gateway.emit(event("e1", "k"));
        Emission limited = gateway.emit(event("e2", "k"));
        Emission behind = gateway.emit(event("e3", "k"));
        assertThat(calledWith()).containsExactly("e1");

        store.leave(store.read(PENDING).get(0).delivery().id().instance());
        List<EventStore.Lease> taken = store.claim(new EventStore.Claim(
                "another", Duration.ofHours(1), 10, Duration.ofHours(1), (space, function) -> true));
        assertThat(taken).hasSize(2);
        clock.advance(Duration.ofSeconds(10));

        assertThat(List.of(statusOf(limited), statusOf(behind))).containsOnly(DeliveryStatus.RELEASED);
        assertThat(gateway.backlog().pending()).isZero();
    }
}
