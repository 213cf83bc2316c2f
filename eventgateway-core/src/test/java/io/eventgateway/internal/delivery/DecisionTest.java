package io.eventgateway.internal.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventgateway.InvocationException;
import io.eventgateway.InvocationException.Kind;
import io.eventgateway.InvocationResult;
import io.eventgateway.delivery.Backoff;
import io.eventgateway.delivery.DeadLetter.Reason;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.delivery.RetryOn;
import io.eventgateway.internal.delivery.Decision.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DecisionTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final DeliveryPolicy POLICY = DeliveryPolicy.builder()
            .maxAttempts(3)
            .backoff(Backoff.delays(List.of(Duration.ofSeconds(1), Duration.ofSeconds(10))))
            .timeout(Duration.ofSeconds(1))
            .build();

    private static Outcome decide(DeliveryPolicy policy, int attempts, Duration left, InvocationException failure) {
        return Decision.decide(
                EffectivePolicy.of(policy),
                new Decision.Progress(attempts, NOW.plus(left)),
                new Decision.Result(null, failure),
                NOW,
                0.5);
    }

    private static InvocationException failure(boolean retryable, int retryAfterSeconds) {
        InvocationException failure = new InvocationException(Kind.FUNCTION_ERROR, retryable, "no stock");
        return retryAfterSeconds < 0 ? failure : failure.withRetryAfter(Duration.ofSeconds(retryAfterSeconds));
    }

    /** An outcome in short: seconds until the next attempt, or why it is given up. */
    private static String inShort(Outcome outcome) {
        return outcome instanceof Outcome.Retry retry
                ? "in " + Duration.between(NOW, retry.at()).toSeconds()
                : String.valueOf(((Outcome.GivenUp) outcome).reason());
    }

    @ParameterizedTest(name = "attempt {0}, {1} s left, retryable {2}, retry after {3} s: {4}")
    @CsvSource({
        "1, 100, true,  -1,  in 1",
        "2, 100, true,  -1,  in 10",
        "3, 100, true,  -1,  ATTEMPTS_EXHAUSTED",
        "4, 100, true,  -1,  ATTEMPTS_EXHAUSTED",
        "1, 100, false, -1,  NOT_RETRYABLE",
        "3, 100, false, -1,  NOT_RETRYABLE",
        "1, 100, true,  0,   in 1",
        "1, 100, true,  5,   in 5",
        "2, 100, true,  5,   in 10",
        "1, 100, true,  99,  in 99",
        "1, 100, true,  100, EXPIRED",
        "1, 100, true,  999, EXPIRED",
        "1, 1,   true,  -1,  EXPIRED",
        "1, 2,   true,  -1,  in 1",
        "1, 0,   true,  -1,  EXPIRED",
        "1, -5,  true,  -1,  EXPIRED",
    })
    void table(int attempts, int left, boolean retryable, int retryAfter, String expected) {
        Outcome outcome = decide(POLICY, attempts, Duration.ofSeconds(left), failure(retryable, retryAfter));

        assertThat(inShort(outcome)).isEqualTo(expected);
    }

    @Test
    void aResultIsDeliveredWhateverTheProgress() {
        InvocationResult result = InvocationResult.of(1);

        Outcome outcome = Decision.decide(
                EffectivePolicy.of(POLICY),
                new Decision.Progress(99, NOW.minusSeconds(99)),
                new Decision.Result(result, null),
                NOW,
                0.5);

        assertThat(outcome).isEqualTo(new Outcome.Delivered(result));
    }

    @Test
    void saysWhyItGivesUp() {
        Outcome.GivenUp givenUp = (Outcome.GivenUp) decide(POLICY, 3, Duration.ofDays(1), failure(true, -1));

        assertThat(givenUp.message()).isEqualTo("all of its 3 attempts failed: no stock");
        assertThat(givenUp.cause()).hasMessage("no stock");
    }

    @Test
    void theRuleForRetriesDecidesAndNotTheFailure() {
        DeliveryPolicy kinds =
                POLICY.toBuilder().retryOn(RetryOn.kinds(Kind.TIMEOUT)).build();

        assertThat(inShort(decide(kinds, 1, Duration.ofDays(1), failure(true, -1))))
                .isEqualTo("NOT_RETRYABLE");
        assertThat(inShort(decide(kinds, 1, Duration.ofDays(1), new InvocationException(Kind.TIMEOUT, false, "late"))))
                .isEqualTo("in 1");
    }

    @Property
    void neverRetriesBeyondThePolicyOrItsTime(
            @ForAll @IntRange(min = 1, max = 10) int maxAttempts,
            @ForAll @IntRange(min = 1, max = 20) int attempts,
            @ForAll @IntRange(min = -10, max = 10_000) int left,
            @ForAll @IntRange(min = -1, max = 20_000) int retryAfter,
            @ForAll @DoubleRange(max = 0.99) double random) {
        DeliveryPolicy policy =
                DeliveryPolicy.builder().maxAttempts(maxAttempts).build();
        Instant expiresAt = NOW.plusSeconds(left);

        Outcome outcome = Decision.decide(
                EffectivePolicy.of(policy),
                new Decision.Progress(attempts, expiresAt),
                new Decision.Result(null, failure(true, retryAfter)),
                NOW,
                random);

        if (outcome instanceof Outcome.Retry retry) {
            assertThat(attempts).isLessThan(maxAttempts);
            assertThat(retry.at()).isBefore(expiresAt).isAfterOrEqualTo(NOW.plusSeconds(Math.max(0, retryAfter)));
        } else {
            Reason reason = ((Outcome.GivenUp) outcome).reason();
            assertThat(reason).isEqualTo(attempts >= maxAttempts ? Reason.ATTEMPTS_EXHAUSTED : Reason.EXPIRED);
        }
    }

    @Test
    void aRetryPredicateThatThrowsLeavesItToTheFailure() {
        for (boolean retryable : new boolean[] {true, false}) {
            assertThat(Decision.retried(RetryOn.predicate("broken"), failure -> {
                                throw new AssertionError("broken");
                            })
                            .test(failure(retryable, -1)))
                    .isEqualTo(retryable);
        }
    }
}
