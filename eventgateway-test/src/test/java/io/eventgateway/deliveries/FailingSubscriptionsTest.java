package io.eventgateway.deliveries;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.Event;
import io.eventgateway.FunctionDefinition;
import io.eventgateway.InvocationException;
import io.eventgateway.InvocationResult;
import io.eventgateway.Subscription;
import io.eventgateway.SystemEvent;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.delivery.FailingPeriod;
import io.eventgateway.delivery.Pause;
import io.eventgateway.error.InvalidSubscriptionException;
import io.eventgateway.spi.Invoker;
import io.eventgateway.spi.InvokerContext;
import io.eventgateway.spi.InvokerProvider;
import io.eventgateway.spi.SubscriptionStore;
import io.eventgateway.test.TestClock;
import io.eventgateway.test.TestGateway;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FailingSubscriptionsTest {
    private static final Duration QUARTER = Duration.ofHours(6);

    private final TestClock clock = new TestClock();
    private final Instant start = clock.instant();
    private final SubscriptionStore store = SubscriptionStore.inMemory();
    private final List<SystemEvent.SubscriptionPaused> told = new ArrayList<>();
    private final List<Integer> calls = new ArrayList<>();
    private @Nullable InvocationException failure =
            new InvocationException(InvocationException.Kind.FUNCTION_ERROR, true, "no");
    private TestGateway gateway = started();

    private TestGateway started() {
        TestGateway made = TestGateway.create(clock, builder -> builder.subscriptionStore(store)
                .invoker(new Remote())
                .defaultDelivery(DeliveryPolicy.builder().maxAttempts(1).build()));
        made.functions().register("told", (event, context) -> {
            told.add(event.dataAs(SystemEvent.SubscriptionPaused.class));
            return null;
        });
        made.subscriptions()
                .create(Subscription.to(SystemEvent.SUBSCRIPTION_PAUSED)
                        .function("told")
                        .sync()
                        .build());
        return made;
    }

    private final class Remote implements InvokerProvider {
        @Override
        public String type() {
            return "remote";
        }

        @Override
        public Invoker create(FunctionDefinition function, InvokerContext context) {
            return invocation -> {
                calls.add(invocation.event().dataAs(Integer.class));
                return failure == null
                        ? CompletableFuture.completedFuture(InvocationResult.empty())
                        : CompletableFuture.failedFuture(failure);
            };
        }
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    private void subscribe(DeliveryPolicy policy) {
        gateway.functions().register(FunctionDefinition.of("f", "remote", Map.of()));
        gateway.subscriptions()
                .create(Subscription.to("a")
                        .id("s")
                        .function("f")
                        .delivery(policy)
                        .build());
    }

    private void subscribe() {
        subscribe(DeliveryPolicy.builder().build());
    }

    private Subscription subscription() {
        return gateway.subscriptions().get("s").orElseThrow();
    }

    private void emitFor(Duration time) {
        emitFor(time, QUARTER);
    }

    private void emitFor(Duration time, Duration every) {
        Instant end = clock.instant().plus(time);
        while (clock.instant().isBefore(end)) {
            gateway.emit("a", 1);
            gateway.advance(every);
        }
    }

    private boolean isPaused() {
        return subscription().pause() != null;
    }

    @Test
    void aFunctionElsewhereThatFailsForFiveDaysIsPausedAndThatIsTold() {
        subscribe();
        emitFor(Duration.ofDays(5));
        assertThat(isPaused()).isFalse();

        Event last = gateway.emit("a", 2).event();

        Pause pause = subscription().pause();
        assertThat(pause).isNotNull();
        assertThat(pause.by()).isEqualTo("gateway");
        assertThat(pause.since()).isEqualTo(clock.instant());
        assertThat(pause.reason()).isEqualTo("all calls have failed since " + start);
        assertThat(told).singleElement().satisfies(paused -> {
            assertThat(paused.subscriptionId()).isEqualTo("s");
            assertThat(paused.functionId()).isEqualTo("f");
            assertThat(paused.failingSince()).isEqualTo(start);
            assertThat(paused.event().getId()).isEqualTo(last.getId());
        });
    }

    @Test
    void whatWaitsIsDeliveredAfterTheResumeWhichBeginsTheTimeAnew() {
        subscribe();
        emitFor(Duration.ofDays(5).plus(QUARTER));
        assertThat(isPaused()).isTrue();
        calls.clear();
        gateway.emit("a", 7);
        assertThat(calls).isEmpty();

        gateway.subscriptions().resume("s");

        assertThat(calls).containsExactly(7);
        emitFor(Duration.ofDays(4));
        assertThat(isPaused()).isFalse();
        emitFor(Duration.ofDays(1).plus(QUARTER));
        assertThat(isPaused()).isTrue();
    }

    @Test
    void aSuccessInBetweenBeginsTheTimeAnew() {
        subscribe();
        emitFor(Duration.ofDays(4));
        assertThat(subscription().failing()).isNotNull();
        InvocationException no = failure;
        failure = null;
        gateway.emit("a", 1);
        assertThat(subscription().failing()).isNull();
        failure = no;

        emitFor(Duration.ofDays(4));

        assertThat(isPaused()).isFalse();
    }

    @Test
    void aDayWithoutAnAttemptBeginsTheTimeAnew() {
        subscribe();
        emitFor(Duration.ofDays(20), Duration.ofHours(25));
        assertThat(isPaused()).isFalse();
    }

    @Test
    void theTimeIsShownAndOutlivesTheProcess() {
        subscribe();
        emitFor(Duration.ofHours(1), Duration.ofMinutes(10));
        assertThat(subscription().failing()).isNull();
        gateway.emit("a", 1);
        FailingPeriod shown = subscription().failing();
        assertThat(shown).isEqualTo(new FailingPeriod(start, clock.instant()));
        for (int day = 0; day < 5; day++) {
            emitFor(Duration.ofDays(1));
            assertThat(isPaused()).isFalse();
            gateway.close();
            gateway = started();
        }

        gateway.emit("a", 1);

        assertThat(isPaused()).isTrue();
        assertThat(told).singleElement().satisfies(paused -> assertThat(paused.failingSince())
                .isEqualTo(start));
    }

    @Test
    void itIsWrittenRarely() {
        subscribe();
        long before = version();
        emitFor(Duration.ofHours(18), Duration.ofMinutes(10));
        assertThat(version() - before).isBetween(1L, 4L);
    }

    private long version() {
        return store.load().stream()
                .filter(entry -> entry.key().id().equals("s"))
                .findFirst()
                .orElseThrow()
                .version();
    }

    @Test
    void oneOfTwoGatewaysPausesAndASuccessOfEitherCounts() {
        subscribe();
        try (TestGateway other = started()) {
            emitFor(Duration.ofDays(5));
            InvocationException no = failure;
            failure = null;
            other.emit("a", 1);
            failure = no;
            gateway.emit("a", 1);
            assertThat(isPaused()).isFalse();

            emitFor(Duration.ofDays(6));

            assertThat(isPaused()).isTrue();
            assertThat(other.subscriptions().get("s").orElseThrow().pause()).isNotNull();
            assertThat(told).hasSize(1);
        }
    }

    @Test
    void aFunctionOfThisProcessIsPausedOnlyWhereThePolicySaysSo() {
        gateway.functions().register("java", (event, context) -> {
            throw new IllegalStateException("no");
        });
        gateway.subscriptions()
                .create(Subscription.to("a").id("s").function("java").build());
        gateway.subscriptions()
                .create(Subscription.to("a")
                        .id("watched")
                        .function("java")
                        .delivery(DeliveryPolicy.builder()
                                .pauseAfterFailing(Duration.ofHours(2))
                                .build())
                        .build());

        emitFor(Duration.ofDays(7));

        assertThat(isPaused()).isFalse();
        assertThat(gateway.subscriptions().get("watched").orElseThrow().pause()).isNotNull();
    }

    @Test
    void isNotPausedWhereThePolicySaysNever() {
        subscribe(DeliveryPolicy.builder().pauseAfterFailing(Duration.ZERO).build());
        emitFor(Duration.ofDays(10));
        assertThat(isPaused()).isFalse();
    }

    @Test
    void anEventThatCanNotBeSentSaysNothingOfTheFunction() {
        failure = new InvocationException(InvocationException.Kind.CALL_FAILED, false, "too large");
        subscribe();
        emitFor(Duration.ofDays(10));
        assertThat(isPaused()).isFalse();
    }

    @Test
    void thePolicyHasAJsonFormAndItsBounds() {
        DeliveryPolicy policy =
                DeliveryPolicy.builder().pauseAfterFailing(Duration.ofDays(3)).build();
        assertThat(DeliveryPolicy.fromJson(policy.toJson())).isEqualTo(policy);
        assertThat(policy.toJson()).contains("\"pauseAfterFailing\":\"PT72H\"");
        assertThatThrownBy(() -> DeliveryPolicy.builder()
                        .pauseAfterFailing(Duration.ofSeconds(1))
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("pauseAfterFailing must be PT1M to PT8760H, or zero for never, was PT1S");
        assertThatThrownBy(() -> Subscription.to("a")
                        .function("f")
                        .sync()
                        .delivery(policy)
                        .build())
                .isInstanceOf(InvalidSubscriptionException.class)
                .hasMessageContaining("pauseAfterFailing");
    }
}
