package io.eventgateway.deliveries;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventgateway.EmitOptions;
import io.eventgateway.Event;
import io.eventgateway.FunctionContext;
import io.eventgateway.FunctionHandler;
import io.eventgateway.Subscription;
import io.eventgateway.delivery.Backoff;
import io.eventgateway.delivery.BatchResult;
import io.eventgateway.delivery.CircuitBreakerPolicy;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.delivery.RateLimit;
import io.eventgateway.test.RecordingFunction;
import io.eventgateway.test.TestGateway;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Subscriptions that are changed while deliveries wait, and limits that meet. */
class ChangedWhileTheyWaitTest {
    private final RecordingFunction f = new RecordingFunction();
    private final RecordingFunction g = new RecordingFunction();
    private TestGateway gateway = TestGateway.create();

    /** Handles batches and nothing else. */
    private record Batches(Consumer<List<Event>> each) implements FunctionHandler {
        @Override
        public Object handle(Event event, FunctionContext context) {
            throw new AssertionError("there are only batches");
        }

        @Override
        public Object handleBatch(List<Event> events, FunctionContext context) {
            each.accept(events);
            return BatchResult.failed(List.of());
        }
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    private static Subscription to(String function, DeliveryPolicy policy) {
        return Subscription.to("a").id("s").function(function).delivery(policy).build();
    }

    private void register() {
        gateway.functions().register("f", f);
        gateway.functions().register("g", g);
    }

    @Test
    void whatIsNotDueYetGoesByTheLimitsThatHoldWhenItIs() {
        register();
        DeliveryPolicy limited =
                DeliveryPolicy.builder().rateLimit(1, Duration.ofHours(1)).build();
        gateway.subscriptions().create(to("f", limited));
        for (int i = 0; i < 3; i++) {
            gateway.emit(
                    Event.of("a", i),
                    EmitOptions.builder().delay(Duration.ofSeconds(5)).build());
        }

        gateway.subscriptions().update(to("f", DeliveryPolicy.defaults()));
        gateway.advance(Duration.ofSeconds(5));

        assertThat(f.events()).hasSize(3);
    }

    @Test
    void aBatchHasTheEventsOfOneFunctionOnly() {
        register();
        List<Integer> sizes = new ArrayList<>();
        gateway.functions().register("both", new Batches(events -> sizes.add(events.size())));
        List<Integer> others = new ArrayList<>();
        gateway.functions().register("others", new Batches(events -> others.add(events.size())));
        DeliveryPolicy policy =
                DeliveryPolicy.builder().batching(10, Duration.ofSeconds(5)).build();
        gateway.subscriptions().create(to("both", policy));
        gateway.emit("a", 1);
        gateway.emit("a", 2);
        gateway.subscriptions().update(to("others", policy));
        gateway.emit("a", 3);

        gateway.advance(Duration.ofSeconds(5));

        assertThat(sizes).containsExactly(2);
        assertThat(others).containsExactly(1);
    }

    @Test
    void aRateThatIsRaisedHoldsForWhatWaits() {
        register();
        gateway.subscriptions()
                .create(to(
                        "f",
                        DeliveryPolicy.builder()
                                .rateLimit(RateLimit.of(1, Duration.ofHours(1)))
                                .build()));
        for (int i = 0; i < 5; i++) {
            gateway.emit("a", i);
        }
        assertThat(f.events()).hasSize(1);

        gateway.subscriptions()
                .update(to(
                        "f",
                        DeliveryPolicy.builder()
                                .rateLimit(RateLimit.of(20, Duration.ofSeconds(1)))
                                .build()));
        gateway.advance(Duration.ofSeconds(1));

        assertThat(f.events()).hasSize(5);
    }

    @Test
    void fullBatchesGoAsTheRateAllows() {
        List<Long> times = new ArrayList<>();
        Instant start = gateway.clock().instant();
        gateway.functions()
                .register(
                        "batch",
                        new Batches(events -> times.add(
                                Duration.between(start, gateway.clock().instant())
                                        .toMillis())));
        gateway.subscriptions()
                .create(to(
                        "batch",
                        DeliveryPolicy.builder()
                                .batching(2, Duration.ofSeconds(8))
                                .rateLimit(
                                        RateLimit.of(5, Duration.ofSeconds(1)).withBurst(1))
                                .build()));

        gateway.emit("a", 0);
        gateway.advance(Duration.ofMillis(2));
        for (int i = 1; i < 6; i++) {
            gateway.emit("a", i);
        }
        gateway.advance(Duration.ofSeconds(10));

        assertThat(times).containsExactly(2L, 202L, 402L);
    }

    @Test
    void theBreakerOfTheFormerFunctionHoldsUpNothingOfTheNewOne() {
        gateway.close();
        gateway = TestGateway.create(
                builder -> builder.circuitBreaker(new CircuitBreakerPolicy(2, Duration.ofMinutes(1))));
        register();
        DeliveryPolicy policy = DeliveryPolicy.builder()
                .maxAttempts(10)
                .backoff(Backoff.fixed(Duration.ofSeconds(1)))
                .build();
        f.alwaysFailing(new IOException("down"));
        gateway.subscriptions().create(to("f", policy));
        gateway.emit("a", 1);
        gateway.advance(Duration.ofSeconds(1)); // two failures: f's breaker is open, and 1 waits for it
        assertThat(f.events()).hasSize(2);

        gateway.subscriptions().update(to("g", policy));
        gateway.emit("a", 2);

        assertThat(g.events()).as("g is healthy").hasSize(1);
        assertThat(f.events()).as("f's breaker is open").hasSize(2);
        gateway.advance(Duration.ofMinutes(1));
        assertThat(f.events()).as("one call probes f").hasSize(3);
    }

    @Test
    void aProbeUnderWayTellsOnlyTheBreakerThatLetItGo() {
        gateway.close();
        gateway = TestGateway.create(
                builder -> builder.circuitBreaker(new CircuitBreakerPolicy(1, Duration.ofMinutes(1))));
        register();
        DeliveryPolicy policy = DeliveryPolicy.builder()
                .maxAttempts(10)
                .backoff(Backoff.fixed(Duration.ofSeconds(1)))
                .timeout(Duration.ofMinutes(10))
                .build();
        f.failing(1, new IOException("down"));
        gateway.subscriptions().create(to("f", policy));
        gateway.subscriptions()
                .create(Subscription.to("b")
                        .id("other")
                        .function("f")
                        .delivery(policy)
                        .build());
        gateway.emit("a", 1);
        f.blocking();
        gateway.advance(Duration.ofMinutes(1)); // the probe is under way
        assertThat(f.held()).isEqualTo(1);
        gateway.emit("b", 1);
        gateway.subscriptions().update(to("g", policy));
        f.release();

        assertThat(f.events()).extracting(Event::getType).contains("b");
        assertThat(gateway.backlog().pending()).isZero();
    }
}
