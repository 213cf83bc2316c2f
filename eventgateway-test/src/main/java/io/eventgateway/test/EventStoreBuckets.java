package io.eventgateway.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventgateway.delivery.RateLimit;
import io.eventgateway.spi.EventStore;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How an event store gives tokens of rate limits, as far as gateways {@linkplain EventStore#sharesRateLimits share them}. */
abstract class EventStoreBuckets extends EventStoreDuplicates {
    private static final RateLimit TEN_A_SECOND =
            RateLimit.perSecond(10).withBurst(5).shared();

    private EventStore.TokenLease lease(String subscriptionId, int wanted) {
        return done(store.leaseTokens(new EventStore.TokenRequest("default", subscriptionId, TEN_A_SECOND, wanted)));
    }

    @Test
    final void aBucketGivesItsBurstAndThenWhatComesAtItsRate() {
        if (!store.sharesRateLimits()) {
            return;
        }
        assertThat(lease("s", 3).tokens()).isEqualTo(3);
        assertThat(lease("s", 3).tokens()).isEqualTo(2);
        EventStore.TokenLease none = lease("s", 3);
        assertThat(none.tokens()).isZero();
        assertThat(none.next()).isPositive().isLessThanOrEqualTo(Duration.ofMillis(100));

        clock.advance(Duration.ofMillis(250));
        assertThat(lease("s", 3).tokens()).isEqualTo(2);
        clock.advance(Duration.ofMinutes(1));
        assertThat(lease("s", 100).tokens()).isEqualTo(5);
    }

    @Test
    final void eachSubscriptionHasABucketOfItsOwn() {
        if (!store.sharesRateLimits()) {
            return;
        }
        assertThat(lease("s", 5).tokens()).isEqualTo(5);

        assertThat(lease("other", 5).tokens()).isEqualTo(5);
        assertThat(lease("s", 5).tokens()).isZero();
    }
}
