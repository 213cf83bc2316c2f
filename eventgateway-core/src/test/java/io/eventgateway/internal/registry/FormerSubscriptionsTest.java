package io.eventgateway.internal.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventgateway.Filter;
import io.eventgateway.Subscription;
import io.eventgateway.delivery.DeliveryPolicy;
import org.junit.jupiter.api.Test;

class FormerSubscriptionsTest {
    private final FormerSubscriptions former = new FormerSubscriptions();

    @Test
    void keepWhatDeliveryNeedsAndNoCode() {
        DeliveryPolicy policy = DeliveryPolicy.builder().maxConcurrency(2).build();

        former.add(
                "default",
                Subscription.to("a")
                        .function("f")
                        .id("s")
                        .filter(Filter.where(event -> true))
                        .delivery(policy)
                        .build());

        assertThat(former.get("default", "s"))
                .isEqualTo(Subscription.to("a")
                        .function("f")
                        .id("s")
                        .delivery(policy)
                        .build());
        assertThat(former.get("other", "s")).isNull();
        former.remove("default", "s");
        assertThat(former.get("default", "s")).isNull();
    }

    @Test
    void areTheThousandThatWereDeletedLast() {
        for (int i = 0; i < 1_001; i++) {
            former.add("default", Subscription.to("a").function("f" + i).build());
        }

        assertThat(former.get("default", "a->f0")).isNull();
        assertThat(former.get("default", "a->f1")).isNotNull();
        assertThat(former.get("default", "a->f1000")).isNotNull();
    }
}
