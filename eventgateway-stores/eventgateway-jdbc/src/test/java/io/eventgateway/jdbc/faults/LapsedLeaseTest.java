package io.eventgateway.jdbc.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.eventgateway.Emission;
import io.eventgateway.EventGateway;
import io.eventgateway.Subscription;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.error.StoreFailedException;
import io.eventgateway.jdbc.JdbcStores;
import io.eventgateway.jdbc.server.PostgresServer;
import io.eventgateway.spi.EventStore;
import io.eventgateway.spi.Stores;
import io.eventgateway.spi.SubscriptionStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway whose lease lapses here and is renewed in time there, because the answers to its renewals are lost for a while. */
class LapsedLeaseTest {
    private static final Duration LEASE = Duration.ofSeconds(1);
    private static final Duration LEASE_IN_THE_STORE = Duration.ofMinutes(1);

    @TempDir
    Path directory;

    /** The stores of a gateway whose renewals can be made to fail; the lease in the database is long. */
    private static final class FailingRenewals implements Stores {
        private final JdbcStores stores;
        private volatile boolean failing;

        FailingRenewals(JdbcStores stores) {
            this.stores = stores;
        }

        @Override
        public SubscriptionStore subscriptionStore() {
            return stores.subscriptionStore();
        }

        @Override
        public EventStore eventStore() {
            EventStore events = stores.eventStore();
            return (EventStore) Proxy.newProxyInstance(
                    EventStore.class.getClassLoader(),
                    new Class<?>[] {EventStore.class},
                    (proxy, method, arguments) -> {
                        if (method.getName().equals("renew")) {
                            if (failing) {
                                throw new StoreFailedException("the answer is lost");
                            }
                            return events.renew((String) arguments[0], LEASE_IN_THE_STORE);
                        }
                        try {
                            return method.invoke(events, arguments);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
        }

        @Override
        public Duration lease() {
            return LEASE;
        }
    }

    /** A delivery that got a place under the limit may not begin while its lease has lapsed, and waits behind others then. */
    @Test
    void placesUnderALimitAreGivenBackByDeliveriesThatMayNotBegin() throws Exception {
        String url = FaultDatabase.POSTGRESQL.url(directory);
        FaultRun.migrate(url);
        List<Emission> emissions = new ArrayList<>();
        try (HikariDataSource pool = PostgresServer.pool(url, 8)) {
            FailingRenewals stores = new FailingRenewals(JdbcStores.of(pool));
            try (EventGateway gateway = EventGateway.builder()
                    .stores(stores)
                    .shutdownTimeout(Duration.ofSeconds(1))
                    .build()) {
                gateway.functions().register("f", (event, context) -> null);
                gateway.subscriptions()
                        .create(Subscription.to("a")
                                .id("a")
                                .function("f")
                                .delivery(DeliveryPolicy.builder()
                                        .maxConcurrency(2)
                                        .build())
                                .build());
                gateway.emit("a", 0).await(Duration.ofSeconds(30));

                stores.failing = true;
                long until = System.nanoTime() + LEASE.multipliedBy(3).toNanos();
                while (System.nanoTime() - until < 0) {
                    emissions.add(gateway.emit("a", emissions.size()));
                    ToxicProxy.pause(Duration.ofMillis(20));
                }
                stores.failing = false;

                Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(emissions)
                        .as(() -> "emissions that are not delivered; the tables have\n"
                                + String.join("\n", FaultRun.stuck(pool)))
                        .filteredOn(emission -> !emission.completion().isDone())
                        .isEmpty());
            }
        }
    }
}
