package io.eventgateway.simulation;

import io.eventgateway.delivery.Backoff;
import io.eventgateway.delivery.CircuitBreakerPolicy;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.delivery.OrderBy;
import io.eventgateway.delivery.RateLimit;
import java.time.Duration;
import java.util.SplittableRandom;

/** Delivery policies at random, as far as a history's features let them go. */
final class Policies {
    /** What waits for this rate waits until the rate is raised. */
    static final RateLimit SLOW = RateLimit.of(1, Duration.ofHours(1));

    private Policies() {}

    static DeliveryPolicy of(SplittableRandom random, Setting setting, boolean sync) {
        DeliveryPolicy.Builder policy = DeliveryPolicy.builder()
                .maxAttempts(1 + random.nextInt(4))
                .backoff(Backoff.fixed(Duration.ofMillis(50 + random.nextInt(2000))))
                .timeout(Duration.ofMillis(200 + random.nextInt(3000)));
        if (sync) {
            return policy.build();
        }
        boolean hold = setting.has(Feature.HOLD) && random.nextInt(2) == 0;
        boolean ordered = (setting.has(Feature.ORDER) || hold) && random.nextInt(3) < 2;
        if (ordered) {
            policy.orderBy("subject", hold ? OrderBy.OnDeadLetter.HOLD : OrderBy.OnDeadLetter.RELEASE);
        }
        if (setting.has(Feature.CONCURRENCY) && random.nextInt(2) == 0) {
            policy.maxConcurrency(1 + random.nextInt(3));
        }
        boolean rated = false;
        if (setting.has(Feature.RATE) && random.nextInt(2) == 0) {
            policy.rateLimit(
                    RateLimit.of(1 + random.nextInt(5), Duration.ofSeconds(1)).withBurst(1 + random.nextInt(2)));
            rated = !setting.has(Feature.TWO_TIMES);
        } else if (setting.has(Feature.RATE_RAISED) && random.nextInt(3) == 0) {
            policy.rateLimit(SLOW);
            rated = !setting.has(Feature.TWO_TIMES);
        }
        if (setting.has(Feature.BATCHES) && !rated && !(ordered && hold) && random.nextInt(2) == 0) {
            policy.batching(2 + random.nextInt(3), Duration.ofMillis(100 + random.nextInt(8_000)));
        } else if (setting.has(Feature.AT_MOST_ONCE) && !(ordered && hold) && random.nextInt(4) == 0) {
            policy.atMostOnce();
        }
        if (setting.has(Feature.SUBSCRIPTION_BREAKER) && random.nextInt(2) == 0) {
            policy.circuitBreaker(
                    new CircuitBreakerPolicy(1 + random.nextInt(3), Duration.ofMillis(500 + random.nextInt(4_000))));
        }
        if (setting.has(Feature.GRAVEYARD) && random.nextInt(2) == 0) {
            policy.deadLetter("graveyard");
        }
        if (setting.has(Feature.SHORT_LIFE) && random.nextInt(3) == 0) {
            policy.timeToLive(Duration.ofSeconds(4 + random.nextInt(20)));
        }
        return policy.build();
    }
}
