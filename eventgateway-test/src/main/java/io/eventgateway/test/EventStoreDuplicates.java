package io.eventgateway.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.Event;
import io.eventgateway.spi.DuplicateEventException;
import io.eventgateway.spi.EventStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How an event store keeps an event once that must not be kept twice, as far as it {@linkplain EventStore#deduplicates does}. */
abstract class EventStoreDuplicates extends EventStoreHistory {
    private static final Duration WINDOW = Duration.ofMinutes(10);
    private static final int AT_ONCE = 4;

    private static EventStore.Accepted once(long number, String eventId, @Nullable String key) {
        EventStore.Delivery plain = delivery(number);
        Event event = Event.builder("a").id(eventId).source("/s").build();
        EventStore.Delivery delivery = new EventStore.Delivery(
                plain.id(), plain.space(), event, plain.terms(), plain.subscriptionId(), plain.functionId());
        return new EventStore.Accepted(
                plain.space(), event, plain.terms(), List.of(delivery), List.of(), 0, new EventStore.Once(key, WINDOW));
    }

    private void assertDuplicates(List<EventStore.Accepted> events, int... places) {
        assertThatThrownBy(() -> store.append(events, null))
                .isInstanceOfSatisfying(DuplicateEventException.class, e -> assertThat(e.duplicates())
                        .containsExactly(places));
    }

    @Test
    final void anEventOfTheSameSourceAndIdIsKeptOnceUntilItsWindowHasEnded() {
        if (!store.deduplicates()) {
            return;
        }
        store.append(List.of(once(1, "e", null)), null);

        assertDuplicates(List.of(once(2, "e", null)), 0);
        store.append(List.of(once(3, "other", null)), null);
        assertThat(pending()).hasSize(2);
        clock.advance(WINDOW);
        store.append(List.of(once(4, "e", null)), null);

        assertDuplicates(List.of(once(5, "e", null)), 0);
        assertThat(pending()).hasSize(3);
    }

    @Test
    final void anEventOfTheSameKeyIsKeptOnceWhateverItsIdIs() {
        if (!store.deduplicates()) {
            return;
        }
        store.append(List.of(once(1, "e1", "k")), null);

        assertDuplicates(List.of(once(2, "e2", "k")), 0);
        store.append(List.of(once(3, "k", null), once(4, "e1", "other")), null);
        assertThat(pending()).hasSize(3);
    }

    @Test
    final void noneOfTheEventsIsKeptWhenSomeAreDuplicatesAndTheOthersMayComeAgain() {
        if (!store.deduplicates()) {
            return;
        }
        store.append(List.of(once(1, "e1", null)), null);

        assertDuplicates(
                List.of(once(2, "e2", null), once(3, "e1", null), once(4, "e3", null), once(5, "e2", null)), 1, 3);
        assertThat(pending()).hasSize(1);
        store.append(List.of(once(6, "e2", null), once(7, "e3", null)), null);

        assertThat(pending()).hasSize(3);
    }

    @Test
    final void anEventThatWasForgottenIsKeptAgain() {
        if (!store.deduplicates()) {
            return;
        }
        store.append(List.of(once(1, "e", null), once(2, "x", "k")), null);

        store.forget("default", once(1, "e", null).event(), null);
        store.forget("default", once(1, "y", null).event(), "k");
        store.forget("default", once(1, "never seen", null).event(), null);
        store.append(List.of(once(3, "e", null), once(4, "x", "k")), null);

        assertThat(pending()).hasSize(4);
    }

    @Test
    final void ofManyWhoKeepTheSameEventAtOnceOneDoes() throws Exception {
        if (!store.deduplicates()) {
            return;
        }
        ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
        try {
            for (int round = 0; round < 10; round++) {
                String id = "e" + round;
                CyclicBarrier start = new CyclicBarrier(AT_ONCE);
                List<Callable<Boolean>> appends = IntStream.range(0, AT_ONCE)
                        .<Callable<Boolean>>mapToObj(i -> () -> {
                            start.await();
                            try {
                                store.append(List.of(once(Long.parseLong(id.substring(1)) * 10 + i, id, null)), null);
                                return true;
                            } catch (DuplicateEventException e) {
                                return false;
                            }
                        })
                        .toList();
                int kept = 0;
                for (Future<Boolean> each : threads.invokeAll(appends, 1, TimeUnit.MINUTES)) {
                    kept += each.get() ? 1 : 0;
                }
                assertThat(kept).isEqualTo(1);
            }
            assertThat(pending()).hasSize(10);
        } finally {
            threads.shutdownNow();
        }
    }
}
