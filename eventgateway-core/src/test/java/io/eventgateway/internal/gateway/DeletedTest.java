package io.eventgateway.internal.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventgateway.Emission;
import io.eventgateway.EventGateway;
import io.eventgateway.Outcomes;
import io.eventgateway.Subscription;
import io.eventgateway.delivery.Backoff;
import io.eventgateway.delivery.CircuitBreakerPolicy;
import io.eventgateway.delivery.DeliveryPolicy;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What subscriptions and functions had goes with them. */
class DeletedTest {
    private final EventGateway gateway = EventGateway.builder()
            .circuitBreaker(new CircuitBreakerPolicy(100, Duration.ofSeconds(1)))
            .shutdownTimeout(Duration.ZERO)
            .build();

    @AfterEach
    void close() {
        gateway.close();
    }

    private void subscribe(String id, DeliveryPolicy policy) {
        gateway.subscriptions()
                .create(Subscription.to("a." + id)
                        .id(id)
                        .function(id)
                        .delivery(policy)
                        .build());
    }

    @Test
    void queuesRateLimitersAndBreakersGoWithTheirSubscriptionsAndFunctions() {
        int queues = EngineInspection.queues(gateway);
        for (int i = 0; i < 50; i++) {
            String id = "f" + i;
            gateway.functions().register(id, (event, context) -> null);
            subscribe(
                    id,
                    DeliveryPolicy.builder()
                            .orderBy("subject")
                            .rateLimit(1000, Duration.ofSeconds(1))
                            .circuitBreaker(new CircuitBreakerPolicy(2, Duration.ofSeconds(1)))
                            .build());
            Outcomes.reportOf(gateway.emit("a." + id, 1));
            gateway.subscriptions().delete(id);
            gateway.functions().delete(id);
        }

        Awaitility.await().untilAsserted(() -> {
            assertThat(EngineInspection.queues(gateway)).isEqualTo(queues);
            assertThat(EngineInspection.breakers(gateway)).isZero();
        });
    }

    @Test
    void aDeliveryThatOutlivesItsSubscriptionAndFunctionKeepsNothingOfThem() {
        CountDownLatch called = new CountDownLatch(1);
        gateway.functions().register("f", (event, context) -> {
            called.countDown();
            throw new IOException("down");
        });
        subscribe(
                "f",
                DeliveryPolicy.builder()
                        .maxAttempts(4)
                        .backoff(Backoff.fixed(Duration.ofMillis(30)))
                        .rateLimit(1000, Duration.ofSeconds(1))
                        .build());
        Emission emission = gateway.emit("a.f", 1);
        Outcomes.await(called);

        gateway.subscriptions().delete("f");
        gateway.functions().delete("f");

        assertThat(Outcomes.onlyDeliveryOf(emission).attempts()).isEqualTo(4);
        Awaitility.await().untilAsserted(() -> {
            assertThat(EngineInspection.queues(gateway)).isZero();
            assertThat(EngineInspection.breakers(gateway)).isZero();
        });
    }
}
