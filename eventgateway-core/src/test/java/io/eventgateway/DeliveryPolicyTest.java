package io.eventgateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.InvocationException.Kind;
import io.eventgateway.delivery.Backoff;
import io.eventgateway.delivery.CircuitBreakerPolicy;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.delivery.OrderBy;
import io.eventgateway.delivery.RateLimit;
import io.eventgateway.delivery.RetryOn;
import io.eventgateway.error.InvalidSubscriptionException;
import io.eventgateway.history.ChainLimits;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DeliveryPolicyTest {
    static Stream<DeliveryPolicy> policies() {
        return Stream.of(
                DeliveryPolicy.defaults(),
                DeliveryPolicy.atMostOnce(),
                DeliveryPolicy.builder()
                        .maxAttempts(7)
                        .backoff(Backoff.exponential(Duration.ofMillis(100), 1.5, Duration.ofHours(1))
                                .withJitter(Backoff.Jitter.FULL))
                        .timeout(Duration.ofSeconds(3))
                        .timeToLive(Duration.ofMinutes(3))
                        .retryOn(RetryOn.kinds(Kind.TIMEOUT, Kind.CALL_FAILED))
                        .deadLetter("graveyard")
                        .orderBy("$.data.items[0].sku", OrderBy.OnDeadLetter.HOLD)
                        .maxConcurrency(3)
                        .rateLimit(new RateLimit(10, Duration.ofSeconds(1), 5))
                        .build(),
                DeliveryPolicy.builder()
                        .backoff(Backoff.fixed(Duration.ofSeconds(2)))
                        .retryOn(RetryOn.statusCodes(429, 503))
                        .batching(10, Duration.ofSeconds(1))
                        .orderBy("subject")
                        .build(),
                DeliveryPolicy.builder()
                        .backoff(Backoff.delays(List.of(Duration.ofSeconds(1), Duration.ofHours(1))))
                        .retryOn(RetryOn.predicate("mine"))
                        .build());
    }

    @ParameterizedTest
    @MethodSource("policies")
    void survivesItsJsonForm(DeliveryPolicy policy) {
        Subscription subscription =
                Subscription.to("a").function("f").delivery(policy).build();

        assertThat(Subscription.fromJson(subscription.toJson())).isEqualTo(subscription);
        assertThat(Subscription.fromJson(subscription.toJson()).delivery()).isEqualTo(policy);
        assertThat(policy.toBuilder().build()).isEqualTo(policy);
    }

    @Test
    void whatItsJsonFormDoesNotSayIsTheDefault() {
        DeliveryPolicy policy = Subscription.fromJson("""
                        {"eventType": "a", "functionId": "f",
                         "delivery": {"maxAttempts": 2, "backoff": {"type": "exponential", "first": "PT1S", "cap": "PT9S"},
                                      "orderBy": {"key": "subject"}, "rateLimit": {"permits": 5, "per": "PT1S"}}}""").delivery();

        assertThat(policy)
                .isEqualTo(DeliveryPolicy.builder()
                        .maxAttempts(2)
                        .backoff(Backoff.exponential(Duration.ofSeconds(1), 2, Duration.ofSeconds(9)))
                        .orderBy("subject")
                        .rateLimit(5, Duration.ofSeconds(1))
                        .build());
    }

    @Test
    void theDefaultsAreTheDesigns() {
        DeliveryPolicy policy = DeliveryPolicy.defaults();

        assertThat(policy.maxAttempts()).isEqualTo(5);
        assertThat(policy.backoff())
                .isEqualTo(new Backoff.Exponential(
                        Duration.ofSeconds(1), 2, Duration.ofMinutes(1), new Backoff.Jitter(0.2, 0.2)));
        assertThat(policy.timeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(policy.timeToLive()).isEqualTo(Duration.ofHours(24));
    }

    static Stream<Arguments> contradictions() {
        return Stream.of(
                refused(() -> DeliveryPolicy.builder().maxAttempts(0).build(), "maxAttempts", "was 0"),
                refused(() -> DeliveryPolicy.builder().timeout(Duration.ZERO).build(), "timeout", "PT0S"),
                refused(
                        () -> DeliveryPolicy.builder()
                                .timeout(Duration.ofHours(2))
                                .timeToLive(Duration.ofHours(1))
                                .build(),
                        "timeToLive PT1H",
                        "PT2H"),
                refused(() -> DeliveryPolicy.builder().maxConcurrency(0), "maxConcurrency", "was 0"),
                refused(() -> DeliveryPolicy.builder().rateLimit(0, Duration.ofSeconds(1)), "permits", "was 0"),
                refused(() -> RateLimit.of(1, Duration.ZERO), "per", "PT0S"),
                refused(() -> RateLimit.perSecond(1).withBurst(0), "burst", "was 0"),
                refused(() -> Backoff.fixed(Duration.ofSeconds(-1)), "delay", "PT-1S"),
                refused(() -> Backoff.delays(List.of()), "at least one", "none"),
                refused(
                        () -> Backoff.exponential(Duration.ofSeconds(2), 2, Duration.ofSeconds(1)),
                        "cap must be at least the first delay PT2S",
                        "PT1S"),
                refused(
                        () -> Backoff.exponential(Duration.ofSeconds(1), 0.5, Duration.ofSeconds(1)),
                        "factor",
                        "was 0.5"),
                refused(() -> Backoff.Jitter.plusMinus(1.5), "jitter", "1.5"),
                refused(() -> RetryOn.statusCodes(42), "statusCodes", "42"),
                refused(() -> DeliveryPolicy.builder().orderBy("Data Base"), "orderBy", "'Data Base'"),
                refused(() -> DeliveryPolicy.builder().orderBy("data..x"), "orderBy", "'data..x'"),
                refused(() -> DeliveryPolicy.builder().batching(1, Duration.ofSeconds(1)), "maxEvents", "was 1"),
                refused(() -> DeliveryPolicy.builder().deadLetter("not valid!").build(), "deadLetter", "'not valid!'"),
                refused(
                        () -> DeliveryPolicy.builder()
                                .batching(2, Duration.ofSeconds(1))
                                .orderBy("subject", OrderBy.OnDeadLetter.HOLD)
                                .build(),
                        "batching",
                        "HOLD"),
                refused(() -> new CircuitBreakerPolicy(0, Duration.ofSeconds(1)), "failures", "was 0"),
                refused(() -> ChainLimits.defaults().withMaxDepth(0), "maxDepth", "was 0"));
    }

    private static Arguments refused(ThrowingCallable made, String what, String value) {
        return Arguments.of(made, what, value);
    }

    @ParameterizedTest(name = "{1} {2}")
    @MethodSource("contradictions")
    void whatContradictsItselfIsRefusedWithItsNameAndValue(ThrowingCallable made, String what, String value) {
        assertThatThrownBy(made)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(what)
                .hasMessageContaining(value);
    }

    @Test
    void aSubscriptionWithAPolicyThatIsNotValidIsRefused() {
        assertThatThrownBy(() -> Subscription.fromJson(
                        "{\"eventType\":\"a\",\"functionId\":\"f\",\"delivery\":{\"maxAttempts\":0}}"))
                .isInstanceOf(InvalidSubscriptionException.class)
                .hasMessageContaining("maxAttempts");
    }

    @Test
    void exponentialDelaysGrowToTheCapAndStayInTheirJitter() {
        Backoff backoff = Backoff.exponential(Duration.ofSeconds(1), 2, Duration.ofMinutes(1));

        assertThat(backoff.delay(1, 0.5)).isEqualTo(Duration.ofSeconds(1));
        assertThat(backoff.delay(4, 0.5)).isEqualTo(Duration.ofSeconds(8));
        assertThat(backoff.delay(1_000_000, 0.5)).isEqualTo(Duration.ofMinutes(1));
        assertThat(backoff.delay(1, 0)).isEqualTo(Duration.ofMillis(800));
        assertThat(backoff.delay(1, 0.999)).isLessThan(Duration.ofMillis(1200));
        assertThat(Backoff.fixed(Duration.ofSeconds(1))
                        .withJitter(Backoff.Jitter.FULL)
                        .delay(1, 0))
                .isZero();
    }

    @Test
    void aListOfDelaysEndsWithItsLast() {
        Backoff backoff = Backoff.delays(List.of(Duration.ofSeconds(1), Duration.ofSeconds(5)));

        assertThat(List.of(backoff.delay(1, 0.9), backoff.delay(2, 0.9), backoff.delay(9, 0.9)))
                .containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ofSeconds(5));
    }

    @Test
    void aBurstThatTakesMoreThanACenturyToFillIsRefused() {
        RateLimit daily = RateLimit.of(1, Duration.ofDays(1));

        assertThatThrownBy(() -> daily.withBurst(36_501))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "burst must be at most 36500 where a token comes each PT24H, so that the bucket fills within"
                                + " 36500 days, was 36501");
        assertThatThrownBy(() ->
                        DeliveryPolicy.fromJson("{\"rateLimit\":{\"permits\":1,\"per\":\"P1D\",\"burst\":200000}}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("rateLimit")
                .hasMessageContaining("was 200000");
        assertThat(RateLimit.perSecond(1).withBurst(Integer.MAX_VALUE).burst()).isEqualTo(Integer.MAX_VALUE);
        try (EventGateway gateway = EventGateway.create()) {
            gateway.functions().register("f", (event, context) -> null);
            gateway.subscriptions()
                    .create(Subscription.to("a")
                            .function("f")
                            .delivery(DeliveryPolicy.builder()
                                    .rateLimit(daily.withBurst(36_500))
                                    .build())
                            .build());
            assertThat(Outcomes.reportOf(gateway.emit("a", 1)).allDelivered()).isTrue();
        }
    }

    @Test
    void aSharedRateLimitIsSharedInItsJsonFormAndAnotherOneSaysNothingOfIt() {
        RateLimit shared = RateLimit.perSecond(10).shared().withBurst(5);
        DeliveryPolicy policy = DeliveryPolicy.builder().rateLimit(shared).build();

        DeliveryPolicy read = DeliveryPolicy.fromJson(policy.toJson());

        assertThat(read).isEqualTo(policy);
        assertThat(read.rateLimit())
                .isEqualTo(shared)
                .extracting(RateLimit::isShared)
                .isEqualTo(true);
        assertThat(policy.toJson()).contains("\"shared\":true");
        assertThat(DeliveryPolicy.builder()
                        .rateLimit(RateLimit.perSecond(10))
                        .build()
                        .toJson())
                .doesNotContain("shared");
    }
}
