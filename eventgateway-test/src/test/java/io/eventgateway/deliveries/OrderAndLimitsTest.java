package io.eventgateway.deliveries;

import static io.eventgateway.test.GatewayAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.FunctionContext;
import io.eventgateway.FunctionHandler;
import io.eventgateway.Subscription;
import io.eventgateway.delivery.Backoff;
import io.eventgateway.delivery.BatchResult;
import io.eventgateway.delivery.CircuitBreakerPolicy;
import io.eventgateway.delivery.DeadLetterQuery;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.delivery.OrderBy;
import io.eventgateway.delivery.RateLimit;
import io.eventgateway.test.RecordingFunction;
import io.eventgateway.test.TestGateway;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OrderAndLimitsTest {
    private final TestGateway gateway = TestGateway.create();
    private final RecordingFunction f = new RecordingFunction();

    @AfterEach
    void close() {
        gateway.close();
    }

    private void subscribe(EventGateway to, DeliveryPolicy policy) {
        to.functions().register("f", f);
        to.subscriptions()
                .create(Subscription.to("a")
                        .id("s")
                        .function("f")
                        .delivery(policy)
                        .build());
    }

    private void emit(String subject, Object data) {
        gateway.emit(Event.builder("a").subject(subject).data(data).build());
    }

    private List<String> seen() {
        return f.events().stream()
                .map(event -> event.getSubject() + event.dataAs(Integer.class))
                .toList();
    }

    private static DeliveryPolicy.Builder everySecond() {
        return DeliveryPolicy.builder().backoff(Backoff.fixed(Duration.ofSeconds(1)));
    }

    @Test
    void theEventsOfAKeyWaitForItsRetriesWhileOtherKeysFlow() {
        subscribe(gateway, everySecond().orderBy("subject").build());
        f.failing(1, new IOException("disk"));

        emit("x", 1);
        emit("x", 2);
        emit("y", 1);
        emit("x", 3);
        assertThat(seen()).containsExactly("x1", "y1");
        gateway.advance(Duration.ofSeconds(1));

        assertThat(seen()).containsExactly("x1", "y1", "x1", "x2", "x3");
    }

    @Test
    void oneOfAKeyIsDeliveredAtATime() {
        subscribe(gateway, DeliveryPolicy.builder().orderBy("data.customer").build());
        f.blocking();

        gateway.emit("a", Map.of("customer", 1));
        gateway.emit("a", Map.of("customer", 1));
        gateway.emit("a", Map.of("customer", 2));

        assertThat(f.held()).isEqualTo(2);
        f.release();
        assertThat(f.events()).hasSize(3);
    }

    @Test
    void aKeyIsOneHoweverItsNumberIsWritten() {
        subscribe(gateway, DeliveryPolicy.builder().orderBy("data.customer").build());
        f.blocking();

        for (Object seven : List.of(7, 7L, 7.0, new BigDecimal("7.00"))) {
            gateway.emit("a", Map.of("customer", seven));
        }
        gateway.emit("a", Map.of("customer", "7"));

        assertThat(f.held()).as("7 and \"7\"").isEqualTo(2);
    }

    @Test
    void anEventWithoutTheKeyIsNotOrdered() {
        subscribe(gateway, DeliveryPolicy.builder().orderBy("subject").build());
        f.blocking();

        gateway.emit("a", 1);
        gateway.emit("a", 2);

        assertThat(f.held()).isEqualTo(2);
    }

    @Test
    void aDeadLetterReleasesItsKey() {
        subscribe(gateway, everySecond().maxAttempts(2).orderBy("subject").build());
        f.failing(2, new IOException("disk"));

        emit("x", 1);
        emit("x", 2);
        gateway.advance(Duration.ofSeconds(1));

        assertThat(seen()).containsExactly("x1", "x1", "x2");
    }

    @Test
    void orHoldsItUntilItIsDelivered() {
        subscribe(
                gateway,
                everySecond()
                        .maxAttempts(1)
                        .orderBy("subject", OrderBy.OnDeadLetter.HOLD)
                        .build());
        f.failing(1, new IOException("disk"));
        emit("x", 1);
        emit("x", 2);
        emit("y", 1);
        assertThat(seen()).containsExactly("x1", "y1");

        gateway.deadLetters().redrive(DeadLetterQuery.all());

        assertThat(seen()).containsExactly("x1", "y1", "x1", "x2");
    }

    @Test
    void orUntilItIsPurged() {
        subscribe(
                gateway,
                everySecond()
                        .maxAttempts(1)
                        .orderBy("subject", OrderBy.OnDeadLetter.HOLD)
                        .build());
        f.failing(1, new IOException("disk"));
        emit("x", 1);
        emit("x", 2);

        gateway.deadLetters().purge(DeadLetterQuery.all());

        assertThat(seen()).containsExactly("x1", "x2");
    }

    @Test
    void whatIsHeldTooLongExpires() {
        subscribe(
                gateway,
                everySecond()
                        .maxAttempts(1)
                        .timeToLive(Duration.ofMinutes(1))
                        .orderBy("subject", OrderBy.OnDeadLetter.HOLD)
                        .build());
        f.failing(1, new IOException("disk"));
        emit("x", 1);
        emit("x", 2);

        gateway.advance(Duration.ofMinutes(1));

        assertThat(gateway).hasDeadLetters(2);
        assertThat(gateway.backlog().pending()).isZero();
    }

    @Test
    void noMoreCallsThanAllowedAreUnderWay() {
        subscribe(gateway, DeliveryPolicy.builder().maxConcurrency(3).build());
        f.blocking();

        for (int i = 0; i < 10; i++) {
            emit("x", i);
        }
        assertThat(f.held()).isEqualTo(3);
        f.release();

        assertThat(f.events()).hasSize(10);
    }

    @Test
    void callsComeAtTheRateThatIsAllowed() {
        subscribe(
                gateway,
                DeliveryPolicy.builder()
                        .rateLimit(new RateLimit(10, Duration.ofSeconds(1), 5))
                        .build());

        for (int i = 0; i < 20; i++) {
            emit("x", i);
        }

        assertThat(f.events()).hasSize(5);
        gateway.advance(Duration.ofMillis(99));
        assertThat(f.events()).hasSize(5);
        gateway.advance(Duration.ofMillis(1));
        assertThat(f.events()).hasSize(6);
        gateway.advance(Duration.ofMillis(1400));
        assertThat(f.events()).hasSize(20);
        gateway.advance(Duration.ofMinutes(1));
        for (int i = 0; i < 20; i++) {
            emit("x", i);
        }
        assertThat(f.events()).as("the bucket holds no more than the burst").hasSize(25);
    }

    @Test
    void aFunctionThatKeepsFailingIsPausedAndProbed() {
        try (TestGateway own = TestGateway.create(
                builder -> builder.circuitBreaker(new CircuitBreakerPolicy(3, Duration.ofMinutes(1))))) {
            subscribe(own, everySecond().maxAttempts(50).build());
            f.alwaysFailing(new IOException("down"));
            for (int i = 0; i < 10; i++) {
                own.emit("a", i);
            }
            assertThat(f.events()).hasSize(3);
            own.advance(Duration.ofSeconds(59));
            assertThat(f.events()).as("nothing is attempted in the pause").hasSize(3);
            own.advance(Duration.ofSeconds(1));
            assertThat(f.events()).as("one probes").hasSize(4);
            f.failing(0, new IOException("down"));
            own.advance(Duration.ofMinutes(1));

            assertThat(f.events()).hasSize(4 + 10);
            assertThat(own.backlog().pending()).isZero();
        }
    }

    @Test
    void theBreakerIsTheFunctionsAndNotTheSubscriptions() {
        try (TestGateway own = TestGateway.create(
                builder -> builder.circuitBreaker(new CircuitBreakerPolicy(1, Duration.ofMinutes(1))))) {
            subscribe(own, everySecond().build());
            own.subscribe("b", "f");
            RecordingFunction other = new RecordingFunction();
            own.functions().register("other", other);
            own.subscribe("b", "other");
            f.failing(1, new IOException("down"));

            own.emit("a", 1);
            own.emit("b", 1);

            assertThat(f.events()).hasSize(1);
            assertThat(other.events()).hasSize(1);
            own.advance(Duration.ofMinutes(1));
            assertThat(f.events()).hasSize(3);
        }
    }

    @Test
    void aSubscriptionsOwnBreakerPausesThatSubscriptionAlone() {
        subscribe(
                gateway,
                everySecond()
                        .maxAttempts(50)
                        .circuitBreaker(new CircuitBreakerPolicy(2, Duration.ofMinutes(1)))
                        .build());
        gateway.subscribe("b", "f");
        f.failing(2, new IOException("down"));

        for (int i = 0; i < 5; i++) {
            gateway.emit("a", i);
        }
        assertThat(f.events()).as("two fail, and the others wait").hasSize(2);
        gateway.emit("b", 1);
        assertThat(f.events()).as("another subscription goes on").hasSize(3);
        gateway.advance(Duration.ofMinutes(1));

        assertThat(f.events()).hasSize(3 + 5);
        assertThat(gateway.backlog().pending()).isZero();
    }

    @Test
    void aBreakerOfTheSubscriptionAndOneOfTheFunctionLetGoTogether() {
        try (TestGateway own = TestGateway.create(
                builder -> builder.circuitBreaker(new CircuitBreakerPolicy(1, Duration.ofMinutes(2))))) {
            subscribe(
                    own,
                    everySecond()
                            .maxAttempts(50)
                            .circuitBreaker(new CircuitBreakerPolicy(1, Duration.ofMinutes(1)))
                            .build());
            f.failing(1, new IOException("down"));
            own.emit("a", 1);
            own.emit("a", 2);

            own.advance(Duration.ofSeconds(119));
            assertThat(f.events()).hasSize(1);
            own.advance(Duration.ofSeconds(1));
            assertThat(f.events()).hasSize(3);
            assertThat(own.backlog().pending()).isZero();
        }
    }

    /** Handles batches, and remembers them. */
    private static final class Batching implements FunctionHandler {
        private final List<List<Integer>> batches = new ArrayList<>();
        private final Set<String> failing = new HashSet<>();

        @Override
        public Object handle(Event event, FunctionContext context) {
            throw new AssertionError("there are only batches");
        }

        @Override
        public Object handleBatch(List<Event> events, FunctionContext context) {
            batches.add(
                    events.stream().map(event -> event.dataAs(Integer.class)).toList());
            return BatchResult.failed(
                    events.stream().map(Event::getId).filter(failing::remove).toList());
        }
    }

    @Test
    void deliveriesComeInBatchesAndWhatFailedComesAgain() {
        Batching handler = new Batching();
        gateway.functions().register("batch", handler);
        gateway.subscriptions()
                .create(Subscription.to("a")
                        .function("batch")
                        .delivery(everySecond()
                                .batching(3, Duration.ofMillis(500))
                                .build())
                        .build());
        handler.failing.add("e1");

        for (int i = 0; i < 4; i++) {
            gateway.emit(Event.builder("a").id("e" + i).data(i).build());
        }
        assertThat(handler.batches).containsExactly(List.of(0, 1, 2));
        gateway.advance(Duration.ofMillis(500));
        assertThat(handler.batches).containsExactly(List.of(0, 1, 2), List.of(3));
        gateway.advance(Duration.ofMillis(1000));

        assertThat(handler.batches).containsExactly(List.of(0, 1, 2), List.of(3), List.of(1));
        assertThat(gateway.backlog().pending()).isZero();
    }

    @Test
    void aHandlerOfSingleEventsGetsABatchOneByOne() {
        f.answering((event, context) -> {
            if (event.dataAs(Integer.class) == 1) {
                throw new IOException("disk");
            }
            return null;
        });
        subscribe(
                gateway,
                everySecond().maxAttempts(2).batching(3, Duration.ofMillis(500)).build());

        for (int i = 0; i < 3; i++) {
            emit("x", i);
        }
        gateway.advance(Duration.ofSeconds(2));

        assertThat(seen()).containsExactly("x0", "x1", "x2", "x1");
        assertThat(gateway).hasDeadLetters(1);
    }

    @Test
    void oneBatchHasOneEventOfAKey() {
        Batching handler = new Batching();
        gateway.functions().register("batch", handler);
        gateway.subscriptions()
                .create(Subscription.to("a")
                        .function("batch")
                        .delivery(everySecond()
                                .orderBy("subject")
                                .batching(3, Duration.ofMillis(500))
                                .build())
                        .build());

        emit("x", 1);
        emit("x", 2);
        emit("y", 3);
        gateway.advance(Duration.ofMillis(500));
        gateway.advance(Duration.ofMillis(500));

        assertThat(handler.batches).containsExactly(List.of(1, 3), List.of(2));
    }

    @Test
    void aChangedPolicyHoldsFromNowOn() {
        subscribe(gateway, DeliveryPolicy.builder().maxConcurrency(1).build());
        f.blocking();
        for (int i = 0; i < 5; i++) {
            emit("x", i);
        }
        assertThat(f.held()).isEqualTo(1);

        gateway.subscriptions()
                .update(gateway.subscriptions().get("s").orElseThrow().toBuilder()
                        .delivery(DeliveryPolicy.builder().maxConcurrency(4).build())
                        .build());
        assertThat(f.held()).isEqualTo(4);
        gateway.subscriptions()
                .update(gateway.subscriptions().get("s").orElseThrow().toBuilder()
                        .delivery(DeliveryPolicy.defaults())
                        .build());

        assertThat(f.held()).isEqualTo(5);
    }
}
