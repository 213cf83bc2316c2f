package io.eventgateway.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.eventgateway.Emission;
import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.Explanation.SubscriptionExplanation;
import io.eventgateway.FunctionDefinition;
import io.eventgateway.InvocationResult;
import io.eventgateway.Subscription;
import io.eventgateway.delivery.DeliveryStatus;
import io.eventgateway.error.InvalidFunctionException;
import io.eventgateway.spi.Invocation;
import io.eventgateway.spi.Invoker;
import io.eventgateway.spi.InvokerContext;
import io.eventgateway.spi.InvokerProvider;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
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

    private static final class Provider implements InvokerProvider {
        private final boolean allows;

        Provider(boolean allows) {
            this.allows = allows;
        }

        @Override
        public String type() {
            return "guarded";
        }

        @Override
        public Invoker create(FunctionDefinition function, InvokerContext context) {
            if (!allows) {
                throw new InvalidFunctionException("this process allows no guarded functions");
            }
            return invocation -> CompletableFuture.completedFuture(InvocationResult.empty());
        }
    }

    @OnEachDatabase
    void waitForAGatewayThatCanMakeTheirInvoker(TestDatabase database) {
        HikariDataSource pool = emptied(database);
        EventGateway able = gateway(stores(pool), builder -> builder.invoker(new Provider(true)));
        able.functions().register(FunctionDefinition.of("f", "guarded", Map.of()));
        able.subscriptions().create(Subscription.to("a").id("s").function("f").build());
        able.close();

        for (EventGateway unable : List.of(
                gateway(stores(pool), builder -> builder.invoker(new Provider(false))), gateway(stores(pool)))) {
            Emission waiting = unable.emit("a", 1);

            assertThat(explained(unable).isUnreachable()).isTrue();
            assertThat(waiting.completion()).isNotDone();
        }
        JdbcStores stores = stores(pool);
        gateway(stores, builder -> builder.invoker(new Provider(true)));

        Awaitility.await().until(() -> stores.status().pending() == 0);
        assertThat(count(pool, "dead_letter")).isZero();
    }

    /** Groups that call one function. */
    private static final class Groups implements InvokerProvider {
        @Override
        public String type() {
            return "group";
        }

        private static String memberOf(FunctionDefinition function) {
            return String.valueOf(function.configuration().get("member"));
        }

        @Override
        public Set<String> references(FunctionDefinition function) {
            return Set.of(memberOf(function));
        }

        @Override
        public Invoker create(FunctionDefinition function, InvokerContext context) {
            String member = memberOf(function);
            return new Invoker() {
                @Override
                public CompletionStage<InvocationResult> invoke(Invocation invocation) {
                    return context.invoke(member, invocation);
                }

                @Override
                public boolean isCallable() {
                    return context.isCallable(member);
                }
            };
        }
    }

    @OnEachDatabase
    void ofAGroupWaitForAGatewayThatCanCallItsFunctions(TestDatabase database) {
        HikariDataSource pool = emptied(database);
        EventGateway able = gateway(
                stores(pool), builder -> builder.invoker(new Provider(true)).invoker(new Groups()));
        able.functions().register(FunctionDefinition.of("f", "guarded", Map.of()));
        able.functions().register(FunctionDefinition.of("inner", "group", Map.of("member", "f")));
        able.functions().register(FunctionDefinition.of("outer", "group", Map.of("member", "inner")));
        able.subscriptions()
                .create(Subscription.to("a").id("s").function("outer").build());
        able.close();
        EventGateway unable = gateway(
                stores(pool), builder -> builder.invoker(new Provider(false)).invoker(new Groups()));

        Emission waiting = unable.emit("a", 1);

        assertThat(explained(unable).isUnreachable()).isTrue();
        assertThat(waiting.completion()).isNotDone();
        JdbcStores stores = stores(pool);
        gateway(stores, builder -> builder.invoker(new Provider(true)).invoker(new Groups()));
        Awaitility.await().until(() -> stores.status().pending() == 0);
        assertThat(count(pool, "dead_letter")).isZero();
    }
}
