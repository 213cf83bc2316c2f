package io.eventgateway;

import static io.eventgateway.Outcomes.reportOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.delivery.DeliveryResult;
import io.eventgateway.delivery.DeliveryStatus;
import io.eventgateway.error.GatewayClosedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class CloseTest {
    @Test
    void refusesEverythingNew() {
        EventGateway gateway = Outcomes.oneAttempt().build();
        gateway.functions().register("f", (event, context) -> null);
        gateway.close();

        assertThatThrownBy(() -> gateway.emit("a", 1)).isInstanceOf(GatewayClosedException.class);
        assertThatThrownBy(() -> gateway.emit(Event.of("a", 1))).isInstanceOf(GatewayClosedException.class);
        assertThatThrownBy(() -> gateway.emitAll(List.of(Event.of("a", 1)))).isInstanceOf(GatewayClosedException.class);
        assertThatThrownBy(() -> gateway.invoke("f", 1)).isInstanceOf(GatewayClosedException.class);
        assertThatThrownBy(() -> Outcomes.get(gateway.invokeAsync("f", Event.of("a", 1))))
                .hasCauseInstanceOf(GatewayClosedException.class);
        assertThatThrownBy(() -> gateway.subscribe("a", "f")).isInstanceOf(GatewayClosedException.class);
        assertThatThrownBy(() -> gateway.functions().delete("f")).isInstanceOf(GatewayClosedException.class);
        assertThat(gateway.awaitIdle(Duration.ZERO)).isTrue();
        gateway.close();
    }

    @Test
    void drainsWhatWasAccepted() {
        AtomicInteger handled = new AtomicInteger();
        EventGateway gateway = Outcomes.oneAttempt().build();
        gateway.subscribe("a", event -> handled.incrementAndGet());
        for (int i = 0; i < 1_000; i++) {
            gateway.emit("a", i);
        }
        gateway.close();

        assertThat(handled).hasValue(1_000);
    }

    @Test
    void endsWhatItHasToAbandonAndInterruptsIt() {
        CountDownLatch running = new CountDownLatch(1);
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        EventGateway gateway = Outcomes.oneAttempt()
                .workerThreads(1)
                .shutdownTimeout(Duration.ofMillis(1))
                .build();
        gateway.functions().register("stuck", (event, context) -> {
            running.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.complete(true);
            }
            return null;
        });
        gateway.functions().register("stage", (event, context) -> new CompletableFuture<>());
        gateway.subscribe("stuck", "stuck");
        gateway.subscribe("stage", "stage");
        Emission stuck = gateway.emit("stuck", null);
        Outcomes.await(running);
        Emission waiting = gateway.emit("stage", null);

        gateway.close();

        for (Emission emission : List.of(stuck, waiting)) {
            DeliveryResult result = Outcomes.onlyDeliveryOf(emission);
            assertThat(result.status()).isEqualTo(DeliveryStatus.DROPPED);
            assertThat(result.failure()).hasMessageContaining("closed");
        }
        assertThat(Outcomes.get(interrupted)).isTrue();
        assertThat(gateway.awaitIdle(Duration.ofSeconds(20))).isTrue();
    }

    @Test
    void callersWhoWaitAreTold() {
        CountDownLatch running = new CountDownLatch(1);
        EventGateway gateway =
                Outcomes.oneAttempt().shutdownTimeout(Duration.ZERO).build();
        gateway.functions().register("stuck", (event, context) -> {
            running.countDown();
            return new CompletableFuture<>();
        });
        CompletableFuture<InvocationResult> result = gateway.invokeAsync("stuck", Event.of("a", 1));
        Outcomes.await(running);

        gateway.close();

        assertThatThrownBy(() -> Outcomes.get(result))
                .cause()
                .isInstanceOf(InvocationException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void aViewOfASpaceClosesNothing() {
        try (EventGateway gateway = Outcomes.oneAttempt().build()) {
            gateway.space("acme").close();

            assertThat(reportOf(gateway.emit("a", 1)).deliveries()).isEmpty();
        }
    }

    @Test
    void aHandlerThatClosesItsGatewayDoesNotHang() {
        EventGateway gateway =
                Outcomes.oneAttempt().shutdownTimeout(Duration.ofHours(1)).build();
        CountDownLatch closed = new CountDownLatch(1);
        gateway.subscribe("a", event -> {
            gateway.close();
            closed.countDown();
        });
        gateway.emit("a", null);

        Outcomes.await(closed);
    }

    @Test
    void leavesNoThreadBehind() {
        EventGateway gateway = Outcomes.oneAttempt().build();
        gateway.subscribe("a", event -> {});
        reportOf(gateway.emit("a", null));
        gateway.close();

        Awaitility.await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().equals("eventgateway-deadlines")));
    }

    @Test
    void everyEmissionEndsWhenClosingRacesWithEmitting() throws InterruptedException {
        for (int round = 0; round < 50; round++) {
            EventGateway gateway =
                    Outcomes.oneAttempt().shutdownTimeout(Duration.ofMillis(5)).build();
            gateway.subscribe("a", event -> {});
            List<Emission> emissions = new java.util.concurrent.CopyOnWriteArrayList<>();
            Thread emitter = new Thread(() -> {
                try {
                    while (true) {
                        emissions.add(gateway.emit("a", null));
                    }
                } catch (GatewayClosedException e) {
                    // the end of this round
                }
            });
            emitter.start();
            Awaitility.await()
                    .pollInSameThread()
                    .pollInterval(Duration.ofNanos(1000))
                    .until(() -> !emissions.isEmpty());
            gateway.close();
            emitter.join();
            emissions.forEach(Outcomes::reportOf);
            assertThat(gateway.awaitIdle(Duration.ofSeconds(20))).isTrue();
        }
    }

    /** A gateway whose function of 'order.placed' runs, and ends when its latch is open; close waits for it meanwhile. */
    private static final class Draining {
        final CountDownLatch running = new CountDownLatch(1);
        final CountDownLatch go = new CountDownLatch(1);
        final EventGateway gateway = Outcomes.oneAttempt()
                .workerThreads(2)
                .shutdownTimeout(Duration.ofSeconds(20))
                .build();
        private final CompletableFuture<Void> closed = new CompletableFuture<>();

        Emission emitAndClose(FunctionHandler handler) {
            gateway.functions().register("shipping", (event, context) -> {
                running.countDown();
                go.await();
                return handler.handle(event, context);
            });
            gateway.subscribe("order.placed", "shipping");
            Emission emission = gateway.emit("order.placed", 1);
            Outcomes.await(running);
            new Thread(() -> {
                        gateway.close();
                        closed.complete(null);
                    })
                    .start();
            Awaitility.await().until(this::refuses);
            return emission;
        }

        private boolean refuses() {
            try {
                gateway.emit("nobody", 1);
                return false;
            } catch (GatewayClosedException e) {
                return true;
            }
        }

        void end() {
            go.countDown();
            Outcomes.get(closed);
        }
    }

    @Test
    void aReplyOfAFunctionThatRunsWhileTheGatewayClosesIsDelivered() {
        Draining draining = new Draining();
        AtomicInteger shipped = new AtomicInteger();
        draining.gateway.subscribe("order.shipped", event -> shipped.incrementAndGet());
        Emission emission = draining.emitAndClose((event, context) -> Event.of("order.shipped", 1));

        draining.end();

        assertThat(Outcomes.onlyDeliveryOf(emission).status()).isEqualTo(DeliveryStatus.DELIVERED);
        assertThat(shipped).hasValue(1);
    }

    @Test
    void whatAHandlerEmitsAndCallsWhileTheGatewayClosesIsDelivered() {
        Draining draining = new Draining();
        AtomicInteger got = new AtomicInteger();
        EventGateway gateway = draining.gateway;
        gateway.subscribe("child", event -> got.incrementAndGet());
        gateway.functions().register("price", (event, context) -> 7);
        Emission emission = draining.emitAndClose((event, context) -> {
            context.emit("child", 1);
            gateway.emit("child", 2);
            gateway.emitAll(List.of(Event.of("child", 3)));
            return gateway.invoke("price", null).value();
        });

        draining.end();

        DeliveryResult result = Outcomes.onlyDeliveryOf(emission);
        assertThat(result.failure()).isNull();
        assertThat(result.result().valueAs(Integer.class)).isEqualTo(7);
        assertThat(got).hasValue(3);
    }

    @Test
    void noHandlerChangesWhatIsRegisteredWhileTheGatewayCloses() {
        Draining draining = new Draining();
        Emission emission = draining.emitAndClose((event, context) -> draining.gateway.subscribe("a", "shipping"));

        draining.end();

        assertThat(Outcomes.onlyDeliveryOf(emission).failure()).hasRootCauseInstanceOf(GatewayClosedException.class);
    }

    @Test
    void whatAHandlerEmitsAfterTheGatewayWasClosedIsRefused() {
        EventGateway gateway = Outcomes.oneAttempt().build();
        CompletableFuture<FunctionContext> context = new CompletableFuture<>();
        gateway.functions().register("f", (event, given) -> {
            context.complete(given);
            return null;
        });
        gateway.invoke("f", 1);

        gateway.close();

        assertThatThrownBy(() -> Outcomes.get(context).emit("a", 1)).isInstanceOf(GatewayClosedException.class);
    }

    @Test
    void closesInTimeWhileDeliveriesAreTakenOutOfTheQueueOfAHeldPool() {
        for (int round = 0; round < 100; round++) {
            EventGateway gateway = Outcomes.oneAttempt()
                    .workerThreads(2)
                    .shutdownTimeout(Duration.ofMillis(25))
                    .build();
            CountDownLatch release = new CountDownLatch(1);
            gateway.functions().register("holds", (event, context) -> {
                release.await();
                return null;
            });
            gateway.subscribe("a", "holds");
            gateway.subscribe("b", "holds");
            List<Emission> emissions = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                emissions.add(gateway.emit(i % 2 == 0 ? "a" : "b", i));
            }

            CompletableFuture<Void> closed = CompletableFuture.runAsync(gateway::close);

            Outcomes.get(closed);
            emissions.forEach(Outcomes::reportOf);
            assertThat(gateway.backlog().pending()).isZero();
            release.countDown();
        }
    }
}
