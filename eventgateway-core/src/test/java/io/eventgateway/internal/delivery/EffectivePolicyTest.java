package io.eventgateway.internal.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventgateway.SubscriptionMode;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.delivery.OrderBy;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EffectivePolicyTest {
    private static EffectivePolicy of(DeliveryPolicy own, DeliveryPolicy gateways) {
        return EffectivePolicy.of(own, gateways, SubscriptionMode.ASYNC, Map.of());
    }

    @Test
    void takesEachPartFromTheFirstThatSetsIt() {
        EffectivePolicy policy = of(
                DeliveryPolicy.builder().maxConcurrency(3).build(),
                DeliveryPolicy.builder()
                        .maxConcurrency(9)
                        .maxAttempts(7)
                        .deadLetter("graveyard")
                        .build());

        assertThat(policy.maxConcurrency()).hasValue(3);
        assertThat(policy.maxAttempts()).isEqualTo(7);
        assertThat(policy.deadLetter()).isEqualTo("graveyard");
        assertThat(policy.timeout()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void capsADefaultTimeoutAtATimeToLiveOfItsOwn() {
        EffectivePolicy policy =
                of(DeliveryPolicy.builder().timeToLive(Duration.ofSeconds(5)).build(), DeliveryPolicy.defaults());

        assertThat(policy.timeout()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void leavesOutOfTheDefaultWhatTheOwnPolicyExcludes() {
        DeliveryPolicy holding = DeliveryPolicy.builder()
                .orderBy("subject", OrderBy.OnDeadLetter.HOLD)
                .build();
        DeliveryPolicy batching =
                DeliveryPolicy.builder().batching(5, Duration.ofSeconds(1)).build();

        assertThat(of(holding, batching).batching()).isNull();
        assertThat(of(holding, batching).orderBy()).isEqualTo(holding.orderBy());
        assertThat(of(batching, holding).batching()).isEqualTo(batching.batching());
        assertThat(of(batching, holding).orderBy()).isEqualTo(new OrderBy("subject", OrderBy.OnDeadLetter.RELEASE));
    }

    @Test
    void severalAttemptsOfItsOwnOverrideAGatewaysAtMostOnce() {
        DeliveryPolicy five = DeliveryPolicy.builder().maxAttempts(5).build();

        assertThat(of(five, DeliveryPolicy.atMostOnce()).isAtMostOnce()).isFalse();
        assertThat(of(DeliveryPolicy.builder().build(), DeliveryPolicy.atMostOnce())
                        .isAtMostOnce())
                .isTrue();
        assertThat(of(DeliveryPolicy.builder().atLeastOnce().build(), DeliveryPolicy.atMostOnce())
                        .isAtMostOnce())
                .isFalse();
    }
}
