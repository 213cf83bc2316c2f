package io.eventgateway.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.spi.EventStore;
import io.eventgateway.spi.EventStore.Callable;
import io.eventgateway.spi.EventStore.FunctionName;
import io.eventgateway.test.TestClock;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Timeout;

/** Deliveries to handlers without a name, which nobody can call after their process. */
@Timeout(120)
class OwnFunctionsTest extends DurableGateways {
    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final Set<Callable> OWN = Set.of(new Callable(new FunctionName("default", "anonymous-1"), true));

    private final TestClock clock = new TestClock();

    private EventStore.Accepted toOwnFunction(String instance, long number) {
        Event event = Event.builder("a").id("e" + number).source("/s").build();
        EventStore.Terms terms = new EventStore.Terms(clock.instant(), null, null);
        EventStore.Delivery delivery = new EventStore.Delivery(
                new EventStore.DeliveryId(instance, number), "default", event, terms, "s", "anonymous-1");
        return new EventStore.Accepted("default", event, terms, List.of(delivery), List.of(), 0);
    }

    private static List<EventStore.Lease> claim(EventStore store, String holder) {
        return store.claim(new EventStore.Claim(holder, LEASE, 10, LEASE, (space, function) -> false));
    }

    @OnEachDatabase
    void areDroppedAndCountedWhenTheirGatewayHasBeenClosed(TestDatabase database) {
        HikariDataSource pool = emptied(database);
        JdbcStores others = JdbcStores.of(pool);
        EventGateway gateway = gateway(pool);
        gateway.subscribe("a", event -> {
            throw new IOException("disk");
        });
        gateway.emit("a", 1);
        Awaitility.await().until(() -> others.subscriptions().stream()
                .anyMatch(each -> each.putOff().number() == 1));
        others.purge();
        assertThat(others.status().pending()).isEqualTo(1);

        gateway.close();
        claim(others.eventStore(), "other"); // as any living gateway does, which frees what the closed one held
        others.purge();

        assertThat(others.status().pending()).isZero();
        assertThat(others.status().dropped()).isEqualTo(1);
    }

    @OnEachDatabase
    void areDroppedWhenTheirProcessIsGoneForLongerThanItCouldHaveBeenStopped(TestDatabase database) {
        HikariDataSource pool = emptied(database);
        JdbcStores stores = JdbcStores.builder(pool).clock(clock).build();
        EventStore store = stores.eventStore();
        store.renew("killed", LEASE);
        store.announce("killed", OWN);
        store.append(List.of(toOwnFunction("killed", 1), toOwnFunction("killed", 2)), null);

        clock.advance(LEASE.plusSeconds(1));
        claim(store, "other");
        stores.purge();
        assertThat(stores.status().pending()).isEqualTo(2);

        clock.advance(Duration.ofMinutes(1));
        claim(store, "other");
        stores.purge();
        assertThat(stores.status().pending()).isZero();
        assertThat(stores.status().dropped()).isEqualTo(2);
        assertThat(stores.status().oldestUnclaimed()).isZero();
    }

    @OnEachDatabase
    void areKeptWhenTheirProcessGoesOnUnderAnotherName(TestDatabase database) {
        HikariDataSource pool = emptied(database);
        JdbcStores stores = JdbcStores.builder(pool).clock(clock).build();
        EventStore store = stores.eventStore();
        store.renew("stopped", LEASE);
        store.announce("stopped", OWN);
        store.append(List.of(toOwnFunction("stopped", 1)), null);
        clock.advance(LEASE.plusSeconds(1));
        claim(store, "other");
        store.renew("resumed", Duration.ofHours(1));
        store.announce("resumed", OWN);

        clock.advance(Duration.ofMinutes(2));
        stores.purge();

        assertThat(stores.status().pending()).isEqualTo(1);
    }
}
