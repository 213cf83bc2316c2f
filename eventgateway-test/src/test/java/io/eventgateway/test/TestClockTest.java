package io.eventgateway.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.EmitOptions;
import io.eventgateway.Event;
import io.eventgateway.InvocationException;
import io.eventgateway.Subscription;
import io.eventgateway.delivery.Backlog;
import io.eventgateway.delivery.BacklogPolicy;
import io.eventgateway.delivery.Backoff;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.delivery.DeliveryReport;
import io.eventgateway.delivery.DeliveryStatus;
import io.eventgateway.error.BacklogFullException;
import io.eventgateway.http.HttpRequest;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What runs when, and on which thread, in gateways that go by a {@link TestClock}. */
@GatewayTest
@Timeout(20)
class TestClockTest {
    private static final Duration TEN_SECONDS = Duration.ofSeconds(10);

    private static Subscription retried(Subscription.Builder subscription, Duration after) {
        return subscription
                .delivery(DeliveryPolicy.builder()
                        .maxAttempts(2)
                        .backoff(Backoff.fixed(after))
                        .build())
                .build();
    }

    private static Event delayed(TestGateway gateway, String type, Duration delay) {
        return gateway.emit(type, 1, EmitOptions.builder().delay(delay).build()).event();
    }

    // ------------------------------------------------------------------------------------------ waiting for room

    @Test
    void anEmitThatWaitsForRoomLetsTimePassUntilThereIsSome() {
        try (TestGateway gateway = TestGateway.create(builder -> builder.backlog(1, BacklogPolicy.BLOCK))) {
            RecordingFunction f = new RecordingFunction().failing(1, new IOException("disk"));
            gateway.functions().register("f", f);
            gateway.subscriptions().create(retried(Subscription.to("a").function("f"), Duration.ofSeconds(4)));
            gateway.emit("a", 1);
            Instant start = gateway.clock().instant();

            gateway.emit("a", 2);

            assertThat(gateway.clock().instant()).isEqualTo(start.plusSeconds(4));
            assertThat(f.events())
                    .extracting(event -> event.dataAs(Integer.class))
                    .containsExactly(1, 1, 2);
        }
    }

    @Test
    void anEmitThatWaitsForRoomInVainIsRefusedWhenItsWaitIsOverByTheClock() {
        Backlog backlog = Backlog.of(1).withPolicy(BacklogPolicy.BLOCK).withWait(Duration.ofSeconds(20));
        try (TestGateway gateway = TestGateway.create(builder -> builder.backlog(backlog)
                .defaultDelivery(
                        DeliveryPolicy.builder().timeout(Duration.ofMinutes(2)).build()))) {
            gateway.functions().register("f", new RecordingFunction().blocking());
            gateway.subscribe("a", "f");
            gateway.emit("a", 1);
            Instant start = gateway.clock().instant();

            assertThatThrownBy(() -> gateway.emit("a", 2)).isInstanceOf(BacklogFullException.class);

            assertThat(gateway.clock().instant()).isEqualTo(start.plusSeconds(20));
        }
    }

    // --------------------------------------------------------------------------------------------- time that passes

    @Test
    void whatBecomesDueWhileASyncSubscriptionIsRetriedRunsAtItsTime(TestGateway gateway) {
        List<Instant> seen = new ArrayList<>();
        gateway.subscribe("later", event -> seen.add(gateway.clock().instant()));
        gateway.functions().register("f", new RecordingFunction().failing(1, new IOException("disk")));
        gateway.subscriptions()
                .create(retried(Subscription.to("a").function("f").sync(), TEN_SECONDS));
        Instant start = gateway.clock().instant();
        delayed(gateway, "later", Duration.ofSeconds(3));

        gateway.emit("a", 1);

        assertThat(seen).containsExactly(start.plusSeconds(3));
        assertThat(gateway.clock().instant()).isEqualTo(start.plus(TEN_SECONDS));
    }

    @Test
    void whatBecomesDueWhileAHandlerEmitsToARetriedSyncSubscriptionRunsAtItsTime(TestGateway gateway) {
        List<Instant> seen = new ArrayList<>();
        gateway.subscribe("later", event -> seen.add(gateway.clock().instant()));
        gateway.functions().register("f", new RecordingFunction().failing(1, new IOException("disk")));
        gateway.subscriptions()
                .create(retried(Subscription.to("a").function("f").sync(), TEN_SECONDS));
        gateway.subscribe("outer", event -> gateway.emit("a", 1));
        Instant start = gateway.clock().instant();
        delayed(gateway, "later", Duration.ofSeconds(3));

        gateway.emit("outer", 1);

        assertThat(seen).containsExactly(start.plusSeconds(3));
        assertThat(gateway.clock().instant()).isEqualTo(start.plus(TEN_SECONDS));
    }

    /** Whose handler moves the clock. */
    enum Handler {
        ASYNC,
        SYNC,
        INVOKED,
        HTTP;

        void run(TestGateway gateway) {
            switch (this) {
                case ASYNC, SYNC -> gateway.emit("a", 1);
                case INVOKED -> gateway.invoke("f", 1);
                case HTTP -> gateway.handle(HttpRequest.get("/f").build());
            }
        }

        void subscribe(TestGateway gateway) {
            switch (this) {
                case ASYNC -> gateway.subscribe("a", "f");
                case SYNC ->
                    gateway.subscriptions()
                            .create(Subscription.to("a").function("f").sync().build());
                case INVOKED -> {}
                case HTTP ->
                    gateway.subscriptions()
                            .create(Subscription.http("GET", "/f").function("f").build());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Handler.class)
    void whatBecomesDueWhenAHandlerMovesTheClockRunsAfterTheHandler(Handler handler) {
        try (TestGateway gateway = TestGateway.create()) {
            List<String> order = new ArrayList<>();
            gateway.subscribe("later", event -> order.add("due"));
            gateway.functions().register("f", (event, context) -> {
                gateway.advance(TEN_SECONDS);
                order.add("handler");
                return null;
            });
            handler.subscribe(gateway);
            delayed(gateway, "later", Duration.ofSeconds(3));

            handler.run(gateway);

            assertThat(order).containsExactly("handler", "due");
        }
    }

    @ParameterizedTest
    @EnumSource(Handler.class)
    void whatAHandlerEmitsIsDeliveredAfterTheHandler(Handler handler) {
        try (TestGateway gateway = TestGateway.create()) {
            List<String> order = new ArrayList<>();
            gateway.subscribe("led.to", event -> order.add("led to"));
            gateway.functions().register("f", (event, context) -> {
                context.emit("led.to", 1);
                order.add("handler");
                return null;
            });
            handler.subscribe(gateway);

            handler.run(gateway);

            assertThat(order).containsExactly("handler", "led to");
        }
    }

    @Test
    void aSyncFunctionThatNeverAnswersRunsOutOfItsTime(TestGateway gateway) {
        gateway.functions().register("f", new RecordingFunction().blocking());
        gateway.subscriptions()
                .create(Subscription.to("a")
                        .function("f")
                        .sync()
                        .delivery(DeliveryPolicy.builder()
                                .timeout(Duration.ofMillis(100))
                                .build())
                        .build());

        DeliveryReport report = gateway.emit("a", 1).completion().join();

        assertThat(report.deliveries()).singleElement().satisfies(delivery -> assertThat(delivery.failure())
                .isInstanceOfSatisfying(InvocationException.class, failure -> assertThat(failure.kind())
                        .isEqualTo(InvocationException.Kind.TIMEOUT)));
    }

    // ------------------------------------------------------------------------------------------------- on its thread

    @Test
    void aHandlerThatWaitsForADeliveryGetsIt(TestGateway gateway) {
        AtomicReference<DeliveryStatus> status = new AtomicReference<>();
        gateway.functions().register("inner", new RecordingFunction());
        gateway.subscribe("inner", "inner");
        gateway.subscribe(
                "outer",
                event -> status.set(gateway.emit("inner", 1)
                        .await(TEN_SECONDS)
                        .deliveries()
                        .get(0)
                        .status()));

        gateway.emit("outer", 1);

        assertThat(status).hasValue(DeliveryStatus.DELIVERED);
    }

    @Test
    void aHandlerThatInvokesAFunctionElsewhereGetsItsAnswer(TestGateway gateway) {
        AtomicReference<Integer> answer = new AtomicReference<>();
        gateway.functions()
                .register(
                        "elsewhere",
                        (event, context) -> CompletableFuture.supplyAsync(
                                () -> 42, CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS)));
        gateway.subscribe("a", event -> answer.set(gateway.invoke("elsewhere", 1, Integer.class)));

        gateway.emit("a", 1);

        assertThat(answer).hasValue(42);
    }

    @Test
    void anEmitOnEachOfSeveralThreadsReturnsWhenItsEventIsDelivered(TestGateway gateway) throws Exception {
        List<Thread> threads = new ArrayList<>();
        gateway.subscribe("a", event -> {
            threads.add(Thread.currentThread()); // unguarded, since one handler runs at a time
            Thread.yield();
        });
        ExecutorService emitters = Executors.newFixedThreadPool(8);
        try {
            CountDownLatch start = new CountDownLatch(1);
            List<Future<Boolean>> delivered = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                delivered.add(emitters.submit(() -> {
                    start.await();
                    boolean all = true;
                    for (int j = 0; j < 100; j++) {
                        all &= gateway.emit("a", j).completion().isDone();
                    }
                    return all;
                }));
            }
            start.countDown();
            for (Future<Boolean> each : delivered) {
                assertThat(each.get(10, TimeUnit.SECONDS)).isTrue();
            }
        } finally {
            emitters.shutdownNow();
        }
        assertThat(threads).hasSize(800);
    }

    @Test
    void aHandlerMayWaitForAThreadThatEmits(TestGateway gateway) {
        RecordingFunction inner = new RecordingFunction();
        gateway.functions().register("inner", inner);
        gateway.subscribe("inner", "inner");
        gateway.subscribe("outer", event -> CompletableFuture.runAsync(() -> gateway.emit("inner", 1))
                .join());

        gateway.emit("outer", 1);

        assertThat(inner.events()).hasSize(1);
    }
}
