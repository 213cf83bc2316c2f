package io.eventgateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventgateway.delivery.Backlog;
import io.eventgateway.delivery.BacklogPolicy;
import io.eventgateway.delivery.DeliveryReport;
import io.eventgateway.delivery.DeliveryStatus;
import io.eventgateway.error.GatewayClosedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The room that deliveries take: it is free when who waits for them is told, and whatever goes wrong on the way. */
class RoomTest {
    private static EventGateway gateway(BacklogPolicy policy, int bound) {
        EventGateway gateway = EventGateway.builder().backlog(bound, policy).build();
        gateway.functions().register("f", (event, context) -> null);
        gateway.subscribe("a", "f");
        return gateway;
    }

    @Test
    @Timeout(60)
    void isFreeWhenAnEmissionIsSaidToHaveEnded() {
        try (EventGateway gateway = gateway(BacklogPolicy.REJECT, 1)) {
            for (int i = 0; i < 5_000; i++) {
                assertThat(gateway.emit("a", i).await(Duration.ofSeconds(10)).allDelivered())
                        .isTrue();
            }
        }
    }

    @Test
    @Timeout(60)
    void isFreeForWhatIsChainedToTheCompletion() throws Exception {
        try (EventGateway gateway = gateway(BacklogPolicy.BLOCK, 1)) {
            CompletableFuture<DeliveryReport> second = gateway.emit("a", 1)
                    .completion()
                    .thenCompose(report -> gateway.emit("a", 2).completion());

            assertThat(second.get(10, TimeUnit.SECONDS).allDelivered()).isTrue();
        }
    }

    @Test
    @Timeout(60)
    void isFreeForAClosingThatIsChainedToTheCompletion() throws Exception {
        EventGateway gateway =
                EventGateway.builder().shutdownTimeout(Duration.ofSeconds(50)).build();
        gateway.functions().register("f", (event, context) -> null);
        gateway.subscribe("a", "f");

        gateway.emit("a", 1).completion().thenRun(gateway::close).get(20, TimeUnit.SECONDS);

        assertThat(gateway.backlog().pending()).isZero();
    }

    @Test
    void atTheBoundOfBytesAsManyOfTheOldestGoAsAreNeeded() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        try (EventGateway gateway = EventGateway.builder()
                .backlog(Backlog.of(100).withPolicy(BacklogPolicy.DROP_OLDEST).withBytes(1_000))
                .workerThreads(1)
                .build()) {
            gateway.functions().register("f", (event, context) -> {
                release.await();
                return null;
            });
            gateway.subscribe("a", "f");
            List<Emission> emissions = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                emissions.add(gateway.emit("a", "x".repeat(100)));
            }
            Emission newest = gateway.emit("a", "y".repeat(100));
            release.countDown();

            assertThat(newest.await(Duration.ofSeconds(10)).allDelivered()).isTrue();
            assertThat(gateway.backlog().dropped()).isEqualTo(1);
        }
    }

    @Test
    void everyTargetIsOpenUntilItHasEnded() {
        try (EventGateway gateway = EventGateway.create()) {
            gateway.functions().register("looks", (event, context) -> {
                context.emit("b", 1);
                return Event.of("c", 1);
            });
            gateway.functions().register("fails", (event, context) -> {
                throw new IllegalStateException("no");
            });
            gateway.subscriptions()
                    .create(Subscription.to("a").function("looks").sync().build());
            gateway.subscriptions()
                    .create(Subscription.to("a").function("fails").sync().build());

            Emission emission = gateway.emit("a", 1);

            assertThat(emission.completion()).isDone();
            assertThat(emission.completion().join().allDelivered()).isFalse();
            assertThat(emission.completion().join().deliveries())
                    .extracting(each -> each.status())
                    .containsExactlyInAnyOrder(DeliveryStatus.DELIVERED, DeliveryStatus.DEAD_LETTERED);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"rejected", "broken", "no memory"})
    @Timeout(60)
    void anExecutorThatRefusesIsAskedAgain(String how) {
        ExecutorService threads = Executors.newCachedThreadPool();
        AtomicInteger refusals = new AtomicInteger(3);
        try (EventGateway gateway = EventGateway.builder()
                .executor(task -> {
                    if (refusals.getAndDecrement() > 0) {
                        switch (how) {
                            case "rejected" -> throw new RejectedExecutionException("full");
                            case "broken" -> throw new IllegalStateException("a bug");
                            default -> throw new OutOfMemoryError("unable to create native thread");
                        }
                    }
                    threads.execute(task);
                })
                .build()) {
            gateway.functions().register("f", (event, context) -> null);
            gateway.subscribe("a", "f");

            assertThat(gateway.emit("a", 1).await(Duration.ofSeconds(10)).allDelivered())
                    .isTrue();
            assertThat(gateway.backlog().pending()).isZero();
        } finally {
            threads.shutdown();
        }
    }

    @Test
    @Timeout(60)
    void anExecutorThatNeverRunsAnythingHoldsUpNoClosing() {
        EventGateway gateway = EventGateway.builder()
                .executor(task -> {})
                .shutdownTimeout(Duration.ofMillis(100))
                .build();
        gateway.functions().register("f", (event, context) -> null);
        gateway.subscribe("a", "f");
        Emission emission = gateway.emit("a", 1);

        gateway.close();

        assertThat(emission.completion().join().deliveries().get(0).status()).isEqualTo(DeliveryStatus.DROPPED);
        assertThat(gateway.backlog().pending()).isZero();
    }

    @Test
    @Timeout(60)
    void anEmitThatWaitsForRoomWhenTheGatewayClosesIsRefusedOrDelivered() throws Exception {
        for (int round = 0; round < 200; round++) {
            EventGateway gateway = EventGateway.builder()
                    .backlog(1, BacklogPolicy.BLOCK)
                    .shutdownTimeout(Duration.ofSeconds(20))
                    .build();
            CountDownLatch release = new CountDownLatch(1);
            gateway.functions().register("f", (event, context) -> {
                release.await();
                return null;
            });
            gateway.subscribe("a", "f");
            gateway.emit("a", 1);
            CompletableFuture<Emission> waiting = new CompletableFuture<>();
            Thread emitter = new Thread(() -> {
                try {
                    waiting.complete(gateway.emit("a", 2));
                } catch (RuntimeException e) {
                    waiting.completeExceptionally(e);
                }
            });
            emitter.start();
            Awaitility.await()
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> emitter.getState() == Thread.State.TIMED_WAITING);
            Thread closer = new Thread(gateway::close);
            closer.start();
            release.countDown();
            closer.join();

            Emission emission;
            try {
                emission = waiting.get(10, TimeUnit.SECONDS);
            } catch (ExecutionException e) {
                assertThat(e).hasCauseInstanceOf(GatewayClosedException.class);
                continue;
            }
            assertThat(emission.await(Duration.ofSeconds(10))
                            .deliveries()
                            .get(0)
                            .status())
                    .isEqualTo(DeliveryStatus.DELIVERED);
        }
    }

    @Test
    void anInterruptedThreadClosesWholly() {
        AtomicBoolean ran = new AtomicBoolean();
        CountDownLatch closing = new CountDownLatch(1);
        EventGateway gateway = gateway(BacklogPolicy.BLOCK, 10);
        gateway.functions().register("g", (event, context) -> {
            closing.await();
            ran.set(true);
            return null;
        });
        gateway.subscribe("b", "g");
        Emission emission = gateway.emit("b", 1);
        Thread.currentThread().interrupt();
        closing.countDown();
        try {
            gateway.close();
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
        } finally {
            Thread.interrupted();
        }

        assertThat(emission.completion()).isDone();
        assertThat(ran).isTrue();
        Awaitility.await().until(() -> gateway.backlog().pending() == 0);
    }

    @Test
    @Timeout(120)
    void whatIsEvictedWhileItIsBeingAcceptedKeepsNobodyWaiting() throws Exception {
        try (EventGateway gateway = gateway(BacklogPolicy.DROP_OLDEST, 5)) {
            List<Thread> emitters = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Thread emitter = new Thread(() -> {
                    for (int n = 0; n < 20_000; n++) {
                        gateway.emit("a", n);
                    }
                });
                emitter.start();
                emitters.add(emitter);
            }
            for (Thread emitter : emitters) {
                emitter.join();
            }

            assertThat(gateway.awaitIdle(Duration.ofSeconds(20))).isTrue();
        }
    }
}
