package io.eventgateway.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.eventgateway.FunctionDefinition;
import io.eventgateway.InvocationException;
import io.eventgateway.Subscription;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.delivery.Pause;
import io.eventgateway.spi.Invoker;
import io.eventgateway.spi.InvokerContext;
import io.eventgateway.spi.InvokerProvider;
import io.eventgateway.test.TestClock;
import io.eventgateway.test.TestGateway;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;

/** Subscriptions that are paused after days of failures, in a database that outlives the processes. */
class FailingSubscriptionsTest extends DurableGateways {
    private final TestClock clock = new TestClock();

    /** Functions that fail. */
    private static final class Broken implements InvokerProvider {
        @Override
        public String type() {
            return "broken";
        }

        @Override
        public Invoker create(FunctionDefinition function, InvokerContext context) {
            return invocation -> CompletableFuture.failedFuture(
                    new InvocationException(InvocationException.Kind.FUNCTION_ERROR, true, "no"));
        }
    }

    private TestGateway started(HikariDataSource pool) {
        TestGateway gateway = TestGateway.create(
                clock, builder -> builder.subscriptionStore(JdbcStores.of(pool).subscriptionStore())
                        .invoker(new Broken())
                        .defaultDelivery(DeliveryPolicy.builder().maxAttempts(1).build()));
        gateways.add(gateway);
        return gateway;
    }

    @OnEachDatabase
    void theTimeOutlivesTheProcessAndThePauseIsSeenByOtherGateways(TestDatabase database) {
        HikariDataSource pool = emptied(database);
        Instant start = clock.instant();
        TestGateway gateway = started(pool);
        gateway.functions().register(FunctionDefinition.of("f", "broken", Map.of()));
        gateway.subscriptions()
                .create(Subscription.to("a").id("s").function("f").build());
        for (int quarter = 0; quarter < 20; quarter++) {
            gateway.emit("a", quarter);
            gateway.advance(Duration.ofHours(6));
            if (quarter % 4 == 3) { // an application that is deployed each day
                assertThat(gateway.subscriptions().get("s").orElseThrow().pause())
                        .isNull();
                gateway.close();
                gateway = started(pool);
            }
        }
        assertThat(gateway.subscriptions().get("s").orElseThrow().failing())
                .satisfies(failing -> assertThat(failing.since()).isEqualTo(start));
        TestGateway other = started(pool);

        gateway.emit("a", 20);

        Pause pause = gateway.subscriptions().get("s").orElseThrow().pause();
        assertThat(pause).isNotNull();
        assertThat(pause.by()).isEqualTo("gateway");
        Awaitility.await()
                .until(() -> other.subscriptions().get("s").orElseThrow().pause() != null);
        assertThat(other.subscriptions().resume("s").failing()).isNull();
    }
}
