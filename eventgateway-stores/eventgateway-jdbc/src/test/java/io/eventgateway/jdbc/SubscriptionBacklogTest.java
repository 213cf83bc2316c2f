package io.eventgateway.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.eventgateway.Event;
import io.eventgateway.spi.EventStore;
import io.eventgateway.spi.EventStore.Callable;
import io.eventgateway.spi.EventStore.FunctionName;
import io.eventgateway.test.TestClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the store says of the pending deliveries of each subscription. */
class SubscriptionBacklogTest extends DurableGateways {
    private final TestClock clock = new TestClock();

    private EventStore.Delivery delivery(
            long number, String subscription, @Nullable String key, @Nullable Instant notBefore) {
        Event event = Event.builder("a").id("e" + number).source("/s").build();
        return new EventStore.Delivery(
                new EventStore.DeliveryId("g", number),
                "default",
                event,
                new EventStore.Terms(clock.instant(), notBefore, null),
                subscription,
                "f-" + subscription,
                key);
    }

    private static EventStore.Accepted held(EventStore.Delivery delivery) {
        return new EventStore.Accepted(
                delivery.space(), delivery.event(), delivery.terms(), List.of(delivery), List.of(), 0);
    }

    private static EventStore.Accepted free(EventStore.Delivery delivery) {
        return new EventStore.Accepted(
                delivery.space(), delivery.event(), delivery.terms(), List.of(), List.of(delivery), 0);
    }

    private static SubscriptionBacklog.Count count(long number, int oldestSeconds) {
        return new SubscriptionBacklog.Count(number, Duration.ofSeconds(oldestSeconds));
    }

    @OnEachDatabase
    void countsWhatIsFreeWaitsAndIsPutOffWithTheAgeOfTheOldest(TestDatabase database) {
        HikariDataSource pool = emptied(database);
        JdbcStores stores = JdbcStores.builder(pool).clock(clock).build();
        EventStore store = stores.eventStore();
        store.renew("g", Duration.ofHours(1));
        store.announce("g", Set.of(new Callable(new FunctionName("default", "f-ordered"), false)));
        EventStore.Delivery first = delivery(1, "ordered", "k", null);
        long position = store.append(List.of(held(first)), null)[0];
        store.takeTurn(new EventStore.Turn(first.id(), 1, "default", "ordered", position, "k", 0))
                .join();
        clock.advance(Duration.ofSeconds(10));
        store.append(List.of(held(delivery(2, "ordered", "k", null)), held(delivery(3, "ordered", "k", null))), null);
        store.append(
                List.of(
                        free(delivery(4, "plain", null, null)),
                        free(delivery(5, "plain", null, clock.instant().plusSeconds(3_600)))),
                null);
        clock.advance(Duration.ofSeconds(5));
        store.append(List.of(free(delivery(6, "plain", null, null))), null);

        assertThat(stores.subscriptions())
                .containsExactly(
                        new SubscriptionBacklog(
                                "default",
                                "ordered",
                                "f-ordered",
                                count(3, 15),
                                count(0, 0),
                                count(2, 5),
                                count(0, 0),
                                false),
                        new SubscriptionBacklog(
                                "default",
                                "plain",
                                "f-plain",
                                count(3, 5),
                                count(2, 5),
                                count(0, 0),
                                count(1, 5),
                                true));
        assertThat(stores.status().unreachable()).isEqualTo(3);
    }
}
