package io.eventgateway.internal.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventgateway.Event;
import io.eventgateway.delivery.DeadLetter;
import io.eventgateway.delivery.DeadLetterOverflow;
import io.eventgateway.history.EventQuery;
import io.eventgateway.history.Retention;
import io.eventgateway.spi.EventStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class InMemoryHistoryTest {
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    private EventStore store(int deadLetters, DeadLetterOverflow overflow, Retention retention) {
        return new InMemoryEventStore(deadLetters, overflow, retention, () -> now);
    }

    private static EventStore.Delivery delivery(int number, Event event) {
        return new EventStore.Delivery(
                new EventStore.DeliveryId("g", number),
                "default",
                event,
                new EventStore.Terms(Instant.EPOCH, null, null),
                "s",
                "f");
    }

    private static long append(EventStore store, int number, boolean delivered) {
        Event event = Event.builder("a").id("e" + number).source("/s").build();
        EventStore.Delivery delivery = delivery(number, event);
        long position = store.append(
                        List.of(new EventStore.Accepted(
                                "default", event, delivery.terms(), List.of(delivery), List.of(), 0)),
                        null)[0];
        if (delivered) {
            store.complete(delivery.id(), EventStore.FIRST_TOKEN);
        }
        return position;
    }

    private static void giveUp(EventStore store, int number) {
        store.deadLetter(
                new EventStore.DeliveryId("g", number),
                EventStore.FIRST_TOKEN,
                DeadLetter.Reason.NOT_RETRYABLE,
                "no",
                null,
                false);
    }

    private static List<String> ids(EventStore store) {
        return store.events("default", EventQuery.all()).stream()
                .map(each -> each.event().getId())
                .toList();
    }

    @Test
    void anEventThatIsStillToBeDeliveredOrADeadLettersStaysBeyondTheNumber() {
        EventStore store = store(10, DeadLetterOverflow.DISCARD_OLDEST, Retention.of(Duration.ofDays(1), 2));
        append(store, 1, false);
        append(store, 2, false);
        giveUp(store, 2);
        for (int i = 3; i <= 6; i++) {
            append(store, i, true);
        }
        assertThat(ids(store)).containsExactly("e1", "e2", "e5", "e6");

        store.complete(new EventStore.DeliveryId("g", 1), EventStore.FIRST_TOKEN);
        assertThat(ids(store)).containsExactly("e2", "e5", "e6");
        store.redrive("default", new EventStore.DeliveryId("g", 2), "g", null);
        assertThat(ids(store)).containsExactly("e2", "e5", "e6");
        store.complete(new EventStore.DeliveryId("g", 2), EventStore.FIRST_TOKEN + 1);
        assertThat(ids(store)).containsExactly("e5", "e6");
    }

    @Test
    void soItDoesBeyondTheAge() {
        EventStore store = store(10, DeadLetterOverflow.DISCARD_OLDEST, Retention.of(Duration.ofDays(1), 100));
        append(store, 1, false);
        append(store, 2, true);
        now = now.plus(Duration.ofDays(2));

        assertThat(ids(store)).containsExactly("e1");
    }

    @Test
    void theEventOfADeadLetterGoesWithIt() {
        EventStore store = store(1, DeadLetterOverflow.DISCARD_OLDEST, Retention.of(Duration.ofDays(1), 1));
        append(store, 1, false);
        giveUp(store, 1);
        append(store, 2, false);
        assertThat(ids(store)).containsExactly("e1", "e2");

        giveUp(store, 2);
        assertThat(ids(store)).as("discarded at the bound").containsExactly("e2");

        append(store, 3, true);
        assertThat(ids(store)).containsExactly("e2", "e3");
        store.purge("default", new EventStore.DeliveryId("g", 2));
        assertThat(ids(store)).as("purged").containsExactly("e3");
    }

    @Test
    void soItDoesWhenTheNewestDeadLetterIsDiscarded() {
        EventStore store = store(0, DeadLetterOverflow.DISCARD_NEWEST, Retention.of(Duration.ofDays(1), 1));
        append(store, 1, false);
        append(store, 2, true);
        assertThat(ids(store)).containsExactly("e1", "e2");

        giveUp(store, 1);

        assertThat(ids(store)).containsExactly("e2");
    }

    @Test
    void anEventThatIsReplayedStaysUntilItIsDelivered() {
        EventStore store = store(10, DeadLetterOverflow.DISCARD_OLDEST, Retention.of(Duration.ofDays(1), 1));
        long position = append(store, 1, true);
        Event event = Event.builder("a").id("e1").source("/s").build();
        EventStore.Delivery again = delivery(9, event);
        store.append(
                List.of(new EventStore.Accepted("default", event, again.terms(), List.of(), List.of(again), position)),
                null);
        append(store, 2, true);
        assertThat(ids(store)).containsExactly("e1", "e2");

        store.claim(new EventStore.Claim("g", Duration.ofMinutes(1), 1, Duration.ZERO, (space, function) -> true));
        store.complete(again.id(), EventStore.FIRST_TOKEN + 1);
        assertThat(ids(store)).containsExactly("e2");
    }

    @Test
    void theGreatestAgeKeepsEventsForACentury() {
        EventStore store = store(10, DeadLetterOverflow.DISCARD_OLDEST, Retention.of(Duration.ofDays(36_500), 2));
        append(store, 1, true);
        now = now.plus(Duration.ofDays(36_499));

        assertThat(ids(store)).containsExactly("e1");
    }
}
