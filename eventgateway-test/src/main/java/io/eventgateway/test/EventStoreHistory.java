package io.eventgateway.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventgateway.Event;
import io.eventgateway.delivery.DeadLetter;
import io.eventgateway.history.EventQuery;
import io.eventgateway.history.RecordedEvent;
import io.eventgateway.spi.EventStore;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What every event store does with recorded events, as far as it has a history, with the positions of consumers, and
 * when a subject is erased.
 */
abstract class EventStoreHistory extends EventStoreTurns {
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
    final void aRecordedEventThatWasErasedIsNotDeliveredAgain() {
        if (hasNoHistory()) {
            return;
        }
        EventStore.Accepted personal = event(1, "a", "ada");
        long position = store.append(List.of(personal), null)[0];
        store.erase("default", "ada");
        EventStore.Delivery again =
                new EventStore.Delivery(delivery(1).id(), "default", personal.event(), TERMS, "subscription", "f");

        long[] positions = store.append(
                List.of(new EventStore.Accepted(
                        "default", personal.event(), TERMS, List.of(), List.of(again), position)),
                null);

        assertThat(positions).containsExactly(0);
        assertThat(pending()).isEmpty();
        assertThat(claim("gateway-2", 10)).isEmpty();
    }

    @Test
    final void movesThePositionOfAConsumerOnlyFromTheOneThatIsExpected() {
        assertThat(store.advance("default", "projection", 0, 7)).isEqualTo(7);
        assertThat(store.advance("default", "projection", 0, 8)).isEqualTo(7);
        assertThat(store.advance("default", "projection", 7, 9)).isEqualTo(9);
        assertThat(store.advance("default", "projection", 7, 8)).isEqualTo(9);
        assertThat(store.advance("other", "projection", 7, 8)).isZero();
        assertThat(store.consumed("default", "projection")).isEqualTo(9);
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
                .isEqualTo(EventStore.OutcomeAnswer.NOT_YOURS);
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
