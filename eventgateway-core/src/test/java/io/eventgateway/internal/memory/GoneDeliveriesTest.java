package io.eventgateway.internal.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventgateway.Event;
import io.eventgateway.delivery.DeadLetter;
import io.eventgateway.delivery.DeadLetterOverflow;
import io.eventgateway.spi.EventStore;
import io.eventgateway.spi.EventStore.Accepted;
import io.eventgateway.spi.EventStore.Delivery;
import io.eventgateway.spi.EventStore.DeliveryId;
import io.eventgateway.spi.EventStore.State;
import io.eventgateway.spi.EventStore.Terms;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A store says of a delivery that it does not keep any more what became of it. */
class GoneDeliveriesTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-01-01T00:00:00Z"));

    private final Map<DeliveryId, Long> positions = new HashMap<>();

    private EventStore store(int deadLetters, DeadLetterOverflow overflow) {
        return EventStore.inMemory(deadLetters, overflow, CLOCK);
    }

    private DeliveryId append(EventStore store, int number) {
        DeliveryId id = new DeliveryId("g", number);
        Event event = Event.builder("a")
                .id("e" + number)
                .source("/test")
                .subject("ada")
                .build();
        Terms terms = new Terms(CLOCK.instant(), null, null);
        Delivery delivery = new Delivery(id, "default", event, terms, "s", "f");
        long[] placed =
                store.append(List.of(new Accepted("default", event, terms, List.of(delivery), List.of(), 0)), null);
        positions.put(id, placed[0]);
        return id;
    }

    private DeliveryId deadLetter(EventStore store, int number) {
        DeliveryId id = append(store, number);
        assertThat(store.deadLetter(id, EventStore.FIRST_TOKEN, DeadLetter.Reason.NOT_RETRYABLE, "no", null, false)
                        .join())
                .isEqualTo(EventStore.OutcomeAnswer.DONE);
        return id;
    }

    private State state(EventStore store, DeliveryId id) {
        return store.states(positions).get(id);
    }

    @ParameterizedTest
    @EnumSource(DeadLetterOverflow.class)
    void aDiscardedDeadLetterWasNotDelivered(DeadLetterOverflow overflow) {
        EventStore store = store(1, overflow);
        DeliveryId first = deadLetter(store, 1);
        DeliveryId second = deadLetter(store, 2);

        assertThat(state(store, first)).isEqualTo(State.DEAD_LETTER);
        assertThat(state(store, second)).isEqualTo(State.DEAD_LETTER);
    }

    @Test
    void aPurgedDeadLetterWasNotDelivered() {
        EventStore store = store(10, DeadLetterOverflow.DISCARD_OLDEST);
        DeliveryId id = deadLetter(store, 1);
        store.purge("default", id);

        assertThat(state(store, id)).isEqualTo(State.DEAD_LETTER);
    }

    @Test
    void whatWasErasedIsUnknown() {
        EventStore store = store(10, DeadLetterOverflow.DISCARD_OLDEST);
        DeliveryId id = append(store, 1);
        store.erase("default", "ada");

        assertThat(state(store, id)).isEqualTo(State.UNKNOWN);
    }

    @Test
    void whatWasDeliveredHasEnded() {
        EventStore store = store(10, DeadLetterOverflow.DISCARD_OLDEST);
        DeliveryId id = append(store, 1);
        store.complete(id, EventStore.FIRST_TOKEN).join();

        assertThat(state(store, id)).isEqualTo(State.DELIVERED);
    }
}
