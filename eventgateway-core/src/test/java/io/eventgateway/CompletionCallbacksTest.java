package io.eventgateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventgateway.delivery.Backoff;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.delivery.DeliveryStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real threads: what a caller chains to a completion, and holds the thread that runs it, holds up nothing else. */
class CompletionCallbacksTest {
    private final CountDownLatch release = new CountDownLatch(1);
    private final List<EventGateway> gateways = new ArrayList<>();

    @AfterEach
    void close() {
        release.countDown();
        gateways.forEach(EventGateway::close);
    }

    private EventGateway gateway(int threads) {
        EventGateway gateway = EventGateway.builder()
                .workerThreads(threads)
                .shutdownTimeout(Duration.ofSeconds(60))
                .build();
        gateways.add(gateway);
        return gateway;
    }

    /** Returns the name of the thread that runs a callback, which is held there until the test is over. */
    private CompletableFuture<String> hold(Emission emission) {
        CompletableFuture<String> thread = new CompletableFuture<>();
        CompletableFuture<?> unused = emission.completion().thenRun(() -> {
            thread.complete(Thread.currentThread().getName());
            awaitRelease();
        });
        return thread;
    }

    private void awaitRelease() {
        try {
            release.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void invokeEndsInTimeThoughTheApplicationsExecutorHasNoThreadForIt() throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(1);
        try {
            EventGateway gateway = EventGateway.builder()
                    .executor(executor)
                    .defaultDelivery(DeliveryPolicy.builder()
                            .timeout(Duration.ofMillis(100))
                            .build())
                    .shutdownTimeout(Duration.ofMillis(100))
                    .build();
            gateways.add(gateway);
            gateway.functions().register("f", (event, context) -> null);
            executor.execute(this::awaitRelease);

            CompletableFuture<InvocationResult> late = gateway.invokeAsync("f", Event.of("a", 1));
            Awaitility.await().until(late::isDone);
            CompletableFuture<InvocationResult> cutOff = gateway.invokeAsync("f", Event.of("a", 1));
            gateway.close();
            Awaitility.await().until(cutOff::isDone);

            assertThat(late).isCompletedExceptionally();
            assertThat(cutOff).isCompletedExceptionally();
            assertThat(gateway.backlog().pending()).isZero();
        } finally {
            release.countDown();
            executor.shutdown();
        }
    }

    private static DeliveryPolicy.Builder oneAttempt() {
        return DeliveryPolicy.builder().maxAttempts(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"timeout", "expiry", "retry"})
    void aCallbackOfWhatTheClockEndedDoesNotStopTime(String kind) {
        EventGateway gateway = gateway(4);
        gateway.functions().register("never", (event, context) -> new CompletableFuture<>());
        gateway.functions().register("fails", (event, context) -> {
            throw new IOException("down");
        });
        DeliveryPolicy policy =
                switch (kind) {
                    case "timeout" ->
                        oneAttempt().timeout(Duration.ofMillis(20)).build();
                    case "expiry" ->
                        oneAttempt()
                                .timeToLive(Duration.ofMillis(20))
                                .maxConcurrency(1)
                                .build();
                    default ->
                        DeliveryPolicy.builder()
                                .maxAttempts(2)
                                .backoff(Backoff.fixed(Duration.ofMillis(20)))
                                .build();
                };
        gateway.subscriptions()
                .create(Subscription.to("held")
                        .function(kind.equals("retry") ? "fails" : "never")
                        .delivery(policy)
                        .build());
        AtomicInteger calls = new AtomicInteger();
        gateway.functions().register("third", (event, context) -> {
            if (calls.incrementAndGet() < 3) {
                throw new IOException("not yet");
            }
            return null;
        });
        gateway.subscriptions()
                .create(Subscription.to("retried")
                        .function("third")
                        .delivery(DeliveryPolicy.builder()
                                .backoff(Backoff.fixed(Duration.ofMillis(20)))
                                .build())
                        .build());
        gateway.emit("held", 1);
        CompletableFuture<String> thread = hold(gateway.emit("held", 2));

        assertThat(Outcomes.get(thread)).startsWith("eventgateway-worker-");
        assertThat(Outcomes.onlyDeliveryOf(gateway.emit("retried", 1)).attempts())
                .isEqualTo(3);
    }

    @Test
    void aCallbackThatHoldsTheOnlyThreadDoesNotStopOtherDeliveries() {
        EventGateway gateway = gateway(1);
        gateway.subscribe("a", event -> {});
        CountDownLatch go = new CountDownLatch(1);
        gateway.subscribe("first", event -> Outcomes.await(go));
        CompletableFuture<String> held = hold(gateway.emit("first", 1));
        go.countDown();
        Outcomes.get(held);

        for (int i = 0; i < 20; i++) {
            assertThat(Outcomes.reportOf(gateway.emit("a", i)).allDelivered()).isTrue();
        }
    }

    @Test
    void thatHoldsWhenTheClockHasGoneToSleepToo() {
        EventGateway gateway = gateway(1);
        gateway.subscribe("a", event -> {});
        CountDownLatch go = new CountDownLatch(1);
        gateway.subscribe("first", event -> Outcomes.await(go));
        CompletableFuture<String> held = hold(gateway.emit("first", 1));
        List<Thread> clocks = clocks();
        go.countDown();
        Outcomes.get(held);
        Awaitility.await().until(() -> clocks.stream().allMatch(clock -> clock.getState() == Thread.State.WAITING));

        assertThat(Outcomes.reportOf(gateway.emit("a", 1)).allDelivered()).isTrue();
    }

    @Test
    void aCallbackOfOneEventOfABatchDoesNotHoldUpTheOthers() {
        EventGateway gateway = gateway(4);
        gateway.functions().register("f", (event, context) -> null);
        gateway.subscriptions()
                .create(Subscription.to("a")
                        .function("f")
                        .delivery(DeliveryPolicy.builder()
                                .batching(2, Duration.ofMinutes(5))
                                .maxConcurrency(1)
                                .build())
                        .build());
        CompletableFuture<String> held = hold(gateway.emit("a", 1));

        assertThat(Outcomes.reportOf(gateway.emit("a", 2)).allDelivered()).isTrue();

        Outcomes.get(held);
        Emission third = gateway.emit("a", 3);
        gateway.emit("a", 4);
        assertThat(Outcomes.reportOf(third).allDelivered()).isTrue();
    }

    private static List<Thread> clocks() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("eventgateway-clock"))
                .toList();
    }

    @Test
    void closingInACallbackOfTheOnlyThreadDeliversWhatWaitsAndEnds() {
        EventGateway gateway = gateway(1);
        CountDownLatch go = new CountDownLatch(1);
        gateway.subscribe("first", event -> Outcomes.await(go));
        gateway.subscribe("a", event -> {});
        CompletableFuture<Void> closed = gateway.emit("first", 1).completion().thenRun(gateway::close);
        List<Emission> others = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            others.add(gateway.emit("a", i));
        }

        go.countDown();

        Outcomes.get(closed); // long before the shutdown timeout
        assertThat(others)
                .allSatisfy(other ->
                        assertThat(Outcomes.onlyDeliveryOf(other).status()).isEqualTo(DeliveryStatus.DELIVERED));
    }
}
