package io.eventgateway.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.eventgateway.Emission;
import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.Explanation.SubscriptionExplanation;
import io.eventgateway.Subscription;
import io.eventgateway.delivery.DeliveryStatus;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Timeout;

/** Subscriptions of functions that were removed from the code. */
@Timeout(120)
class UnreachableSubscriptionsTest extends DurableGateways {
    private JdbcStores stores(HikariDataSource pool) {
        return JdbcStores.builder(pool).lease(Duration.ofSeconds(1)).build();
    }

    private EventGateway withFunction(HikariDataSource pool) {
        EventGateway gateway = gateway(stores(pool));
        gateway.functions().registerOrUpdate("f", (event, context) -> null);
        gateway.subscriptions()
                .createOrUpdate(Subscription.to("a").id("s").function("f").build());
        return gateway;
    }

    private static SubscriptionExplanation explained(EventGateway gateway) {
        return gateway.explain(Event.of("a", 1)).of("s").orElseThrow();
    }

    @OnEachDatabase
    void areToldByExplainAndByTheStatusAndPruned(TestDatabase database) {
        HikariDataSource pool = emptied(database);
        JdbcStores stores = stores(pool);
        withFunction(pool).close();
        EventGateway gateway = gateway(stores);
        Emission waiting = gateway.emit("a", 1);

        assertThat(explained(gateway).isUnreachable()).isTrue();
        assertThat(gateway.explain(Event.of("a", 1)).toString())
                .contains("no gateway that is alive can call function 'f'")
                .contains("would be accepted and wait");
        assertThat(stores.status().unreachable()).isEqualTo(1);
        assertThat(stores.subscriptions()).singleElement().satisfies(each -> {
            assertThat(each.subscriptionId()).isEqualTo("s");
            assertThat(each.isUnreachable()).isTrue();
            assertThat(each.free().number()).isEqualTo(1);
        });

        assertThat(gateway.subscriptions().prune()).extracting(Subscription::id).containsExactly("s");

        assertThat(reportOf(waiting).deliveries().get(0).status()).isEqualTo(DeliveryStatus.DEAD_LETTERED);
        assertThat(gateway.subscriptions().list()).isEmpty();
        assertThat(gateway.deadLetters().list()).singleElement().satisfies(dead -> assertThat(dead.message())
                .contains("when subscriptions were pruned"));
        assertThat(stores.status().pending()).isZero();
    }

    @OnEachDatabase
    void areNotThoseWhoseFunctionAnotherLivingGatewayHas(TestDatabase database) {
        HikariDataSource pool = emptied(database);
        withFunction(pool);
        EventGateway gateway = gateway(stores(pool));
        Awaitility.await().until(() -> !explained(gateway).isUnreachable());

        assertThat(gateway.subscriptions().prune()).isEmpty();

        assertThat(gateway.subscriptions().get("s")).isPresent();
        assertThat(reportOf(gateway.emit("a", 1)).allDelivered()).isTrue();
    }
}
