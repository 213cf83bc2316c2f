package io.eventgateway;

import static io.eventgateway.Outcomes.onlyDeliveryOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.delivery.Backoff;
import io.eventgateway.delivery.DeadLetter;
import io.eventgateway.delivery.DeliveryPolicy;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PolicyDefaultsTest {
    private final EventGateway gateway = EventGateway.builder()
            .defaultDelivery(DeliveryPolicy.builder()
                    .maxAttempts(2)
                    .backoff(Backoff.fixed(Duration.ofMillis(1)))
                    .build())
            .build();
    private final AtomicInteger calls = new AtomicInteger();

    @AfterEach
    void close() {
        gateway.close();
    }

    private Emission emitTo(Subscription.Builder subscription) {
        gateway.functions().register("f", (event, context) -> {
            calls.incrementAndGet();
            throw new IOException("disk");
        });
        gateway.subscriptions().create(subscription.function("f").build());
        return gateway.emit("a", 1);
    }

    @Test
    void whatAPolicyDoesNotSetComesFromTheGateways() {
        DeliveryPolicy timeoutOnly =
                DeliveryPolicy.builder().timeout(Duration.ofSeconds(9)).build();

        assertThat(onlyDeliveryOf(emitTo(Subscription.to("a").delivery(timeoutOnly)))
                        .attempts())
                .isEqualTo(2);
        assertThat(calls).hasValue(2);
    }

    @Test
    void aSyncSubscriptionMakesOneAttemptThoughItsPolicySetsATimeout() {
        DeliveryPolicy timeoutOnly =
                DeliveryPolicy.builder().timeout(Duration.ofSeconds(9)).build();

        assertThat(onlyDeliveryOf(emitTo(Subscription.to("a").sync().delivery(timeoutOnly)))
                        .attempts())
                .isEqualTo(1);
    }

    @Test
    void aSyncSubscriptionMakesTheAttemptsThatItsPolicyNamesWithTheGatewaysBackoff() {
        DeliveryPolicy three = DeliveryPolicy.builder().maxAttempts(3).build();

        assertThat(onlyDeliveryOf(emitTo(Subscription.to("a").sync().delivery(three)))
                        .attempts())
                .isEqualTo(3);
        assertThat(gateway.deadLetters().list().get(0).reason()).isEqualTo(DeadLetter.Reason.ATTEMPTS_EXHAUSTED);
    }

    @Test
    void theJsonFormHasOnlyWhatIsSet() {
        DeliveryPolicy policy = DeliveryPolicy.builder()
                .timeout(Duration.ofSeconds(5))
                .maxConcurrency(2)
                .build();

        assertThat(policy.toJson()).isEqualTo("{\"timeout\":\"PT5S\",\"maxConcurrency\":2}");
        assertThat(DeliveryPolicy.fromJson(policy.toJson())).isEqualTo(policy).hasSameHashCodeAs(policy);
        assertThat(DeliveryPolicy.builder().build().toJson()).isEqualTo("{}");
        assertThat(policy.maxAttempts()).isNull();
        assertThat(policy).isNotEqualTo(policy.toBuilder().maxAttempts(5).build());
    }

    @Test
    void atMostOnceAndSeveralAttemptsExcludeEachOther() {
        assertThat(DeliveryPolicy.fromJson("{\"guarantee\":\"AT_MOST_ONCE\"}")).isEqualTo(DeliveryPolicy.atMostOnce());
        assertThatThrownBy(() ->
                        DeliveryPolicy.builder().atMostOnce().maxAttempts(3).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at most once")
                .hasMessageContaining("was 3");
    }
}
