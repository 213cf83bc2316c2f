package io.eventgateway.deliveries;

import static io.eventgateway.test.GatewayAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.Emission;
import io.eventgateway.EmitOptions;
import io.eventgateway.Event;
import io.eventgateway.InvocationException;
import io.eventgateway.InvocationException.Kind;
import io.eventgateway.Subscription;
import io.eventgateway.delivery.Backoff;
import io.eventgateway.delivery.DeadLetter;
import io.eventgateway.delivery.DeliveryAttempt;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.delivery.DeliveryResult;
import io.eventgateway.delivery.DeliveryStatus;
import io.eventgateway.delivery.RetryOn;
import io.eventgateway.error.InvalidSubscriptionException;
import io.eventgateway.test.RecordingFunction;
import io.eventgateway.test.TestGateway;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RetriesTest {
    private final TestGateway gateway = TestGateway.create(builder -> builder.retryPredicate(
            "notDisk", failure -> !String.valueOf(failure.getMessage()).contains("disk")));
    private final RecordingFunction audit = new RecordingFunction();

    @AfterEach
    void close() {
        gateway.close();
    }

    private void subscribe(DeliveryPolicy policy) {
        gateway.functions().register("audit", audit);
        gateway.subscriptions()
                .create(Subscription.to("order.placed")
                        .function("audit")
                        .delivery(policy)
                        .build());
    }

    private static DeliveryResult only(Emission emission) {
        assertThat(emission.completion()).isDone();
        assertThat(emission.completion().join().deliveries()).hasSize(1);
        return emission.completion().join().deliveries().get(0);
    }

    @Test
    void attemptsAgainAfterTheBackoffUntilTheFunctionTakesIt() {
        subscribe(DeliveryPolicy.builder()
                .backoff(Backoff.delays(List.of(Duration.ofSeconds(1), Duration.ofMinutes(1), Duration.ofHours(1))))
                .build());
        audit.failing(3, new IOException("disk")).answering("stored");

        Emission emission = gateway.emit("order.placed", 1);
        assertThat(audit.events()).hasSize(1);
        gateway.advance(Duration.ofMillis(999));
        assertThat(audit.events()).hasSize(1);
        gateway.advance(Duration.ofMillis(1));
        assertThat(audit.events()).hasSize(2);
        gateway.advance(Duration.ofMinutes(1));
        assertThat(audit.events()).hasSize(3);
        assertThat(emission.completion()).isNotDone();
        gateway.advance(Duration.ofHours(1));

        DeliveryResult result = only(emission);
        assertThat(result.status()).isEqualTo(DeliveryStatus.DELIVERED);
        assertThat(result.attempts()).isEqualTo(4);
        assertThat(result.result().valueAs(String.class)).isEqualTo("stored");
        assertThat(gateway.deadLetters().count()).isZero();
        assertThat(gateway).delivered("order.placed").to("audit").once().after(Duration.ofHours(1));
    }

    @Test
    void givesUpAfterTheLastAttemptAndKeepsEveryAttempt() {
        subscribe(DeliveryPolicy.builder()
                .maxAttempts(3)
                .backoff(Backoff.fixed(Duration.ofSeconds(10)))
                .build());
        audit.alwaysFailing(new IOException("disk"));

        Emission emission = gateway.emit("order.placed", 1);
        gateway.advance(Duration.ofDays(2));

        assertThat(audit.events()).hasSize(3);
        assertThat(only(emission).status()).isEqualTo(DeliveryStatus.DEAD_LETTERED);
        assertThat(only(emission).attempts()).isEqualTo(3);
        DeadLetter letter = gateway.deadLetters().list().get(0);
        assertThat(letter.reason()).isEqualTo(DeadLetter.Reason.ATTEMPTS_EXHAUSTED);
        assertThat(letter.message()).contains("all of its 3 attempts failed").contains("disk");
        assertThat(letter.event()).isSameAs(emission.event());
        assertThat(letter.functionId()).isEqualTo("audit");
        assertThat(letter.subscriptionId()).isEqualTo(emission.subscriptionIds().get(0));
        assertThat(letter.attempts()).extracting(DeliveryAttempt::number).containsExactly(1, 2, 3);
        assertThat(letter.attempts()).extracting(DeliveryAttempt::kind).containsOnly(Kind.FUNCTION_ERROR);
        assertThat(Duration.between(
                        letter.attempts().get(0).startedAt(),
                        letter.attempts().get(2).startedAt()))
                .isEqualTo(Duration.ofSeconds(20));
    }

    @Test
    void theDefaultPolicyIsTheDesigns() {
        gateway.functions().register("audit", audit.alwaysFailing(new IOException("disk")));
        gateway.subscribe("order.placed", "audit");

        gateway.emit("order.placed", 1);
        gateway.advance(Duration.ofSeconds(18)); // 1 + 2 + 4 + 8 = 15 seconds, +20 %

        assertThat(gateway).failedToDeliver("order.placed").times(5);
        assertThat(gateway).hasDeadLetters(1);
    }

    @Test
    void aFailureThatIsNotRetryableIsGivenUpAtOnce() {
        subscribe(DeliveryPolicy.defaults());
        audit.failing(1, Kind.ACCESS_DENIED);

        gateway.emit("order.placed", 1);

        assertThat(gateway.deadLetters().list()).singleElement().satisfies(letter -> {
            assertThat(letter.reason()).isEqualTo(DeadLetter.Reason.NOT_RETRYABLE);
            assertThat(letter.attempts()).hasSize(1);
        });
    }

    @Test
    void retriesTheKindsThatThePolicyNames() {
        subscribe(DeliveryPolicy.builder().retryOn(RetryOn.kinds(Kind.TIMEOUT)).build());
        audit.failing(1, Kind.FUNCTION_ERROR);

        gateway.emit("order.placed", 1);

        assertThat(gateway).hasDeadLetters(1);
    }

    @Test
    void retriesTheStatusCodesThatThePolicyNames() {
        subscribe(DeliveryPolicy.builder().retryOn(RetryOn.statusCodes(503)).build());
        audit.failing(1, new InvocationException(Kind.FUNCTION_ERROR, true, "not found").withStatusCode(404));

        gateway.emit("order.placed", 1);

        assertThat(gateway).hasDeadLetters(1);
        assertThat(gateway.deadLetters().list().get(0).attempts().get(0).statusCode())
                .isEqualTo(404);
        audit.failing(1, new InvocationException(Kind.FUNCTION_ERROR, false, "busy").withStatusCode(503));
        assertThat(gateway.track(() -> gateway.emit("order.placed", 2)).allDelivered())
                .isTrue();
    }

    @Test
    void retriesWhatANamedPredicateSays() {
        subscribe(DeliveryPolicy.builder().retryOn(RetryOn.predicate("notDisk")).build());

        audit.failing(1, new IOException("disk"));
        gateway.emit("order.placed", 1);
        assertThat(gateway).hasDeadLetters(1);

        audit.failing(1, new IOException("network"));
        assertThat(gateway.track(() -> gateway.emit("order.placed", 2)).allDelivered())
                .isTrue();
    }

    @Test
    void aPredicateThatThrowsLeavesItToTheFailure() {
        try (TestGateway own = TestGateway.create(builder -> builder.retryPredicate("broken", failure -> {
            throw new IllegalStateException("broken");
        }))) {
            own.functions().register("audit", audit.failing(1, new IOException("disk")));
            own.subscriptions()
                    .create(Subscription.to("a")
                            .function("audit")
                            .delivery(DeliveryPolicy.builder()
                                    .retryOn(RetryOn.predicate("broken"))
                                    .build())
                            .build());

            assertThat(own.track(() -> own.emit("a", 1)).allDelivered()).isTrue();
        }
    }

    @Test
    void refusesAPredicateThatNobodyGave() {
        assertThatThrownBy(() -> subscribe(DeliveryPolicy.builder()
                        .retryOn(RetryOn.predicate("unknown"))
                        .build()))
                .isInstanceOf(InvalidSubscriptionException.class)
                .hasMessageContaining("'unknown'");
        assertThat(gateway.subscriptions().list()).isEmpty();
    }

    @Test
    void waitsAsLongAsTheFunctionAsks() {
        subscribe(DeliveryPolicy.defaults());
        audit.failing(
                1, new InvocationException(Kind.FUNCTION_ERROR, true, "later").withRetryAfter(Duration.ofMinutes(30)));

        Emission emission = gateway.emit("order.placed", 1);
        gateway.advance(Duration.ofMinutes(29));
        assertThat(audit.events()).hasSize(1);
        gateway.advance(Duration.ofMinutes(1));

        assertThat(only(emission).status()).isEqualTo(DeliveryStatus.DELIVERED);
    }

    @Test
    void givesUpWhenTheFunctionAsksForMoreTimeThanThereIs() {
        subscribe(DeliveryPolicy.defaults());
        audit.failing(
                1, new InvocationException(Kind.FUNCTION_ERROR, true, "later").withRetryAfter(Duration.ofDays(400)));

        Emission emission = gateway.emit("order.placed", 1);

        assertThat(only(emission).status()).isEqualTo(DeliveryStatus.DEAD_LETTERED);
        assertThat(gateway.deadLetters().list().get(0).reason()).isEqualTo(DeadLetter.Reason.EXPIRED);
    }

    @Test
    void theTimeToLiveEndsTheAttempts() {
        subscribe(DeliveryPolicy.builder()
                .maxAttempts(1000)
                .backoff(Backoff.fixed(Duration.ofMinutes(1)))
                .timeToLive(Duration.ofMinutes(10))
                .build());
        audit.alwaysFailing(new IOException("disk"));

        Emission emission = gateway.emit("order.placed", 1);
        gateway.advance(Duration.ofDays(1));

        assertThat(audit.events()).hasSize(10);
        assertThat(only(emission).status()).isEqualTo(DeliveryStatus.DEAD_LETTERED);
    }

    @Test
    void theEmittersExpiryEndsThemEarlier() {
        subscribe(DeliveryPolicy.builder()
                .maxAttempts(1000)
                .backoff(Backoff.fixed(Duration.ofMinutes(1)))
                .build());
        audit.alwaysFailing(new IOException("disk"));

        gateway.emit(
                Event.of("order.placed", 1),
                EmitOptions.builder().expiry(Duration.ofSeconds(150)).build());
        gateway.advance(Duration.ofDays(1));

        assertThat(audit.events()).hasSize(3);
        assertThat(gateway.deadLetters().list().get(0).reason()).isEqualTo(DeadLetter.Reason.EXPIRED);
    }

    @Test
    void anAttemptThatTakesTooLongIsGivenUpAndAnotherOneMade() {
        subscribe(DeliveryPolicy.builder()
                .maxAttempts(2)
                .timeout(Duration.ofSeconds(5))
                .backoff(Backoff.fixed(Duration.ofSeconds(1)))
                .build());
        audit.blocking();

        Emission emission = gateway.emit("order.placed", 1);
        gateway.advance(Duration.ofSeconds(5));
        assertThat(audit.held()).as("the first attempt was cancelled").isZero();
        gateway.advance(Duration.ofSeconds(1));
        assertThat(audit.held()).isEqualTo(1);
        audit.release();

        assertThat(only(emission).status()).isEqualTo(DeliveryStatus.DELIVERED);
        assertThat(only(emission).attempts()).isEqualTo(2);
    }

    @Test
    void whatComesTooLateFromOneAttemptDoesNotEndTheNext() {
        subscribe(DeliveryPolicy.builder()
                .timeout(Duration.ofSeconds(5))
                .backoff(Backoff.fixed(Duration.ofSeconds(1)))
                .build());
        CompletableFuture<Object> stubborn = new CompletableFuture<>() {
            @Override
            public boolean cancel(boolean mayInterrupt) {
                return false;
            }
        };
        AtomicInteger calls = new AtomicInteger();
        audit.answering((event, context) -> calls.incrementAndGet() == 1 ? stubborn : new CompletableFuture<>());

        Emission emission = gateway.emit("order.placed", 1);
        gateway.advance(Duration.ofSeconds(7));
        stubborn.complete("late");

        assertThat(calls).hasValue(2);
        assertThat(emission.completion()).isNotDone();
    }

    @Test
    void tellsTheFunctionWhichAttemptItIs() {
        subscribe(DeliveryPolicy.builder().backoff(Backoff.fixed(Duration.ZERO)).build());
        StringBuilder attempts = new StringBuilder();
        audit.answering((event, context) -> {
            attempts.append(context.attempt());
            if (context.attempt() < 3) {
                throw new IOException("disk");
            }
            return null;
        });

        gateway.track(() -> gateway.emit("order.placed", 1));

        assertThat(attempts).hasToString("123");
    }

    @Test
    void atMostOnceIsOneAttempt() {
        subscribe(DeliveryPolicy.atMostOnce());
        audit.alwaysFailing(new IOException("disk"));

        gateway.track(() -> gateway.emit("order.placed", 1));

        assertThat(audit.events()).hasSize(1);
        assertThat(gateway.deadLetters().list().get(0).message()).contains("its only attempt failed");
    }

    @Test
    void aSyncSubscriptionMakesOneAttemptUnlessItsOwnPolicySaysMore() {
        gateway.functions().register("audit", audit.alwaysFailing(new IOException("disk")));
        gateway.subscriptions()
                .create(Subscription.to("a").function("audit").sync().build());
        gateway.subscriptions()
                .create(Subscription.to("b")
                        .function("audit")
                        .sync()
                        .delivery(DeliveryPolicy.builder().maxAttempts(3).build())
                        .build());

        assertThat(only(gateway.emit("a", 1)).attempts()).isEqualTo(1);
        assertThat(only(gateway.emit("b", 1)).attempts()).isEqualTo(3);
        audit.failing(1, new IOException("disk"));
        assertThat(only(gateway.emit("b", 1)).status()).isEqualTo(DeliveryStatus.DELIVERED);
        assertThat(gateway).hasDeadLetters(2);
    }

    @Test
    void aDeliveryToAFunctionThatWentWaitsForItToComeBack() {
        subscribe(DeliveryPolicy.builder()
                .backoff(Backoff.fixed(Duration.ofMinutes(1)))
                .build());
        audit.failing(1, new IOException("disk"));
        Emission emission = gateway.emit("order.placed", 1);
        gateway.subscriptions().delete(emission.subscriptionIds().get(0));
        gateway.functions().delete("audit");

        gateway.advance(Duration.ofMinutes(1));
        assertThat(emission.completion()).isNotDone();
        gateway.functions().register("audit", audit);
        gateway.advance(Duration.ofMinutes(1));

        assertThat(only(emission).attempts()).isEqualTo(3);
        assertThat(only(emission).status()).isEqualTo(DeliveryStatus.DELIVERED);
    }

    @Test
    void aFailingSubscriptionDoesNotDelayTheOthers() {
        subscribe(DeliveryPolicy.defaults());
        audit.alwaysFailing(new IOException("disk"));
        RecordingFunction mail = new RecordingFunction();
        gateway.functions().register("mail", mail);
        gateway.subscribe("order.placed", "mail");

        for (int i = 0; i < 100; i++) {
            gateway.emit("order.placed", i);
        }

        assertThat(gateway).delivered("order.placed").to("mail").times(100).within(Duration.ZERO);
    }
}
