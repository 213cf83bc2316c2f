package io.eventgateway.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.eventgateway.Event;
import io.eventgateway.delivery.DeadLetter;
import io.eventgateway.history.EventQuery;
import io.eventgateway.history.Retention;
import io.eventgateway.spi.EventStore;
import io.eventgateway.test.TestClock;
import java.time.Duration;
import java.util.List;

/** What is forgotten, and what is not. */
class MaintenanceTest {
    private final TestClock clock = new TestClock();

    private static EventStore.Accepted event(long number, boolean withDelivery, TestClock clock) {
        Event event = Event.builder("a").id("e" + number).source("/s").build();
        EventStore.Terms terms = new EventStore.Terms(clock.instant(), null, null);
        EventStore.Delivery delivery = new EventStore.Delivery(
                new EventStore.DeliveryId("g", number), "default", event, terms, "subscription", "f");
        return new EventStore.Accepted(
                "default", event, terms, withDelivery ? List.of(delivery) : List.of(), List.of(), 0);
    }

    private static List<String> ids(EventStore store) {
        return store.events("default", EventQuery.all().limit(10_000)).stream()
                .map(recorded -> recorded.event().getId())
                .toList();
    }

    @OnEachDatabase
    void forgetsOldEventsButNotThoseThatAreStillNeeded(TestDatabase database) {
        try (HikariDataSource pool = database.migrated()) {
            JdbcStores stores = JdbcStores.builder(pool)
                    .history(Retention.of(Duration.ofDays(1), 1_000))
                    .clock(clock)
                    .build();
            EventStore store = stores.eventStore();
            store.append(List.of(event(1, false, clock), event(2, true, clock), event(3, true, clock)), null);
            store.deadLetter(new EventStore.DeliveryId("g", 3), 1, DeadLetter.Reason.EXPIRED, "late", null, false)
                    .join();
            clock.advance(Duration.ofDays(2));
            store.append(List.of(event(4, false, clock)), null);

            stores.purge();
            assertThat(ids(store)).containsExactly("e2", "e3", "e4");

            store.complete(new EventStore.DeliveryId("g", 2), 1).join();
            store.purge("default", new EventStore.DeliveryId("g", 3));
            stores.purge();
            assertThat(ids(store)).containsExactly("e4");
            assertThat(stores.status().pending()).isZero();
        }
    }

    @OnEachDatabase
    void keepsNoMoreEventsAndDeadLettersThanAllowed(TestDatabase database) {
        try (HikariDataSource pool = database.migrated()) {
            JdbcStores stores = JdbcStores.builder(pool)
                    .history(Retention.of(Duration.ofDays(1), 10))
                    .deadLetters(3)
                    .clock(clock)
                    .build();
            EventStore store = stores.eventStore();
            for (int i = 1; i <= 40; i++) {
                store.append(List.of(event(i, i > 30, clock)), null);
                if (i > 30) {
                    store.deadLetter(
                                    new EventStore.DeliveryId("g", i),
                                    1,
                                    DeadLetter.Reason.EXPIRED,
                                    "late",
                                    null,
                                    false)
                            .join();
                }
            }

            stores.purge();

            assertThat(store.countDeadLetters("default")).isEqualTo(3);
            assertThat(ids(store)).hasSize(10).contains("e40", "e31");
            assertThat(stores.status().deadLetters()).isEqualTo(3);
        }
    }
}
