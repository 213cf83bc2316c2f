package io.eventgateway;

import static io.eventgateway.Outcomes.onlyDeliveryOf;
import static io.eventgateway.Outcomes.reportOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.delivery.Backoff;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.delivery.DeliveryResult;
import io.eventgateway.delivery.DeliveryStatus;
import io.eventgateway.error.DataConversionException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a function does, its delivery ends, the message says what it did, and the gateway goes on. */
class BadHandlersTest {
    private final ManualClock clock = new ManualClock();
    private final EventGateway gateway =
            Outcomes.oneAttempt().clock(clock).workerThreads(2).build();

    @AfterEach
    void close() {
        gateway.close();
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(
                        "a checked exception",
                        (FunctionHandler) (event, context) -> {
                            throw new IOException("disk");
                        },
                        "java.io.IOException: disk"),
                Arguments.of(
                        "an unchecked exception",
                        (FunctionHandler) (event, context) -> {
                            throw new IllegalStateException("state");
                        },
                        "java.lang.IllegalStateException: state"),
                Arguments.of(
                        "an Error",
                        (FunctionHandler) (event, context) -> {
                            throw new StackOverflowError("deep");
                        },
                        "java.lang.StackOverflowError: deep"),
                Arguments.of(
                        "a failed stage",
                        (FunctionHandler) (event, context) -> CompletableFuture.failedFuture(new IOException("later")),
                        "java.io.IOException: later"),
                Arguments.of(
                        "a stage that fails elsewhere",
                        (FunctionHandler) (event, context) -> CompletableFuture.supplyAsync(() -> {
                            throw new IllegalStateException("other thread");
                        }),
                        "other thread"),
                Arguments.of(
                        "a cancelled stage",
                        (FunctionHandler) (event, context) -> {
                            CompletableFuture<Object> stage = new CompletableFuture<>();
                            stage.cancel(false);
                            return stage;
                        },
                        "CancellationException"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("failures")
    void whatItThrowsIsItsFailure(String name, FunctionHandler handler, String message) {
        gateway.functions().register("bad", handler);
        gateway.subscribe("async", "bad");
        gateway.subscriptions()
                .create(Subscription.to("sync").function("bad").sync().build());

        for (String type : List.of("async", "sync")) {
            DeliveryResult result = onlyDeliveryOf(gateway.emit(type, 1));
            assertThat(result.status()).isEqualTo(DeliveryStatus.DEAD_LETTERED);
            assertThat(result.attempts()).isEqualTo(1);
            assertThat(result.failure())
                    .isInstanceOf(InvocationException.class)
                    .hasMessageContaining("'bad'")
                    .hasMessageContaining(message);
        }
        gateway.functions().update("bad", (event, context) -> "good");
        assertThat(onlyDeliveryOf(gateway.emit("async", 1)).result().valueAs(String.class))
                .isEqualTo("good");
    }

    @Test
    void aHandlerThatNeverReturnsEndsAtItsTimeout() {
        CountDownLatch running = new CountDownLatch(1);
        gateway.functions().register("stuck", (event, context) -> {
            running.countDown();
            new CountDownLatch(1).await();
            return null;
        });
        gateway.subscriptions()
                .create(Subscription.to("a")
                        .function("stuck")
                        .delivery(DeliveryPolicy.builder()
                                .atMostOnce()
                                .timeout(Duration.ofMinutes(5))
                                .build())
                        .build());
        Emission emission = gateway.emit("a", 1);
        Outcomes.await(running);

        clock.advance(Duration.ofMinutes(4));
        assertThat(emission.completion()).isNotDone();
        clock.advance(Duration.ofMinutes(2));

        DeliveryResult result = onlyDeliveryOf(emission);
        assertThat(result.status()).isEqualTo(DeliveryStatus.DEAD_LETTERED);
        assertThat(((InvocationException) result.failure()).kind()).isEqualTo(InvocationException.Kind.TIMEOUT);
        assertThat(gateway.awaitIdle(Duration.ofSeconds(20))).isTrue();
    }

    @Test
    void handlersThatIgnoreTheirInterruptionDoNotTakeAllThreads() {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch running = new CountDownLatch(2);
        gateway.functions().register("deaf", (event, context) -> {
            running.countDown();
            boolean released = false;
            while (!released) {
                try {
                    release.await();
                    released = true;
                } catch (InterruptedException e) {
                    // deaf
                }
            }
            return null;
        });
        gateway.subscribe("deaf", "deaf");
        gateway.emit("deaf", 1);
        gateway.emit("deaf", 2);
        Outcomes.await(running);
        clock.advance(Duration.ofMinutes(1));

        gateway.functions().register("f", (event, context) -> "still here");
        gateway.subscribe("f", "f");
        assertThat(onlyDeliveryOf(gateway.emit("f", 1)).result().valueAs(String.class))
                .isEqualTo("still here");
        release.countDown();
        assertThat(gateway.awaitIdle(Duration.ofSeconds(20))).isTrue();
    }

    @Test
    void theInterruptionOfATimeoutNeverReachesTheNextDelivery() {
        CountDownLatch running = new CountDownLatch(1);
        try (EventGateway single =
                Outcomes.oneAttempt().clock(clock).workerThreads(1).build()) {
            single.functions().register("stuck", (event, context) -> {
                running.countDown();
                new CountDownLatch(1).await();
                return null;
            });
            single.functions()
                    .register("f", (event, context) -> Thread.currentThread().isInterrupted());
            single.subscribe("stuck", "stuck");
            single.subscribe("f", "f");
            single.emit("stuck", 1);
            Outcomes.await(running);
            Emission next = single.emit("f", 1);
            clock.advance(Duration.ofMinutes(1));

            assertThat(onlyDeliveryOf(next).result().valueAs(Boolean.class)).isFalse();
        }
    }

    @Test
    void anInterruptFlagThatAHandlerLeavesSetNeverReachesTheNextDelivery() {
        try (EventGateway single =
                Outcomes.oneAttempt().clock(clock).workerThreads(1).build()) {
            single.functions().register("leaves", (event, context) -> {
                Thread.currentThread().interrupt();
                return null;
            });
            single.functions()
                    .register("f", (event, context) -> Thread.currentThread().isInterrupted());
            single.subscribe("leaves", "leaves");
            single.subscribe("f", "f");

            for (int i = 0; i < 20; i++) {
                single.emit("leaves", 1);
                assertThat(onlyDeliveryOf(single.emit("f", 1)).result().valueAs(Boolean.class))
                        .isFalse();
            }
        }
    }

    @Test
    void aCallWithinAHandlerLeavesTheFlagToTheHandler() {
        try (EventGateway single =
                Outcomes.oneAttempt().clock(clock).workerThreads(1).build()) {
            single.functions().register("inner", (event, context) -> {
                Thread.currentThread().interrupt();
                return null;
            });
            single.functions().register("outer", (event, context) -> {
                InvocationResult unused = single.invoke("inner", null);
                return Thread.currentThread().isInterrupted();
            });
            single.subscribe("a", "outer");

            assertThat(onlyDeliveryOf(single.emit("a", 1)).result().valueAs(Boolean.class))
                    .isTrue();
        }
    }

    @Test
    void theEmittersInterruptFlagIsItsOwn() {
        gateway.functions().register("stops", (event, context) -> {
            throw new InterruptedException("told to stop");
        });
        gateway.functions().register("leaves", (event, context) -> {
            Thread.currentThread().interrupt();
            return null;
        });
        for (String each : List.of("stops", "leaves")) {
            gateway.subscriptions()
                    .create(Subscription.to(each).function(each).sync().build());

            gateway.emit(each, 1);

            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void aResultThatCannotBeWrittenFailsOnlyWhoReadsIt() {
        Object unwritable = new Object() {
            @SuppressWarnings("unused")
            public Object getSelf() {
                throw new IllegalStateException("no getter");
            }
        };
        gateway.functions().register("f", (event, context) -> unwritable);

        InvocationResult result = gateway.invoke("f", null);
        assertThat(result.valueAs(Object.class)).isSameAs(unwritable);
        assertThatThrownBy(result::asJson)
                .isInstanceOf(DataConversionException.class)
                .hasMessageContaining("can't be written as JSON");
    }

    @Test
    void dataThatCannotBeSentIsAFailureOfTheDelivery() {
        FakeInvokers.Provider remote = new FakeInvokers.Provider(
                "remote",
                invocation -> CompletableFuture.completedFuture(InvocationResult.of(invocation.payload().length)));
        try (EventGateway own =
                Outcomes.oneAttempt().invoker(remote).maxPayloadSize(10).build()) {
            own.functions().register(FunctionDefinition.of("f", "remote", java.util.Map.of()));
            own.subscribe("a", "f");

            assertThat(onlyDeliveryOf(own.emit("a", "12345678")).result().valueAs(Integer.class))
                    .isEqualTo(10);
            InvocationException tooLarge = (InvocationException)
                    onlyDeliveryOf(own.emit("a", "123456789")).failure();
            assertThat(tooLarge).hasMessageContaining("11 bytes").hasMessageContaining("largest payload is 10");
            assertThat(tooLarge.kind()).isEqualTo(InvocationException.Kind.CALL_FAILED);
            assertThat(tooLarge.retryable()).isFalse();
            InvocationException unwritable = (InvocationException)
                    onlyDeliveryOf(own.emit("a", new ThreadLocalHolder())).failure();
            assertThat(unwritable).hasMessageContaining("can't be written as JSON");
            assertThat(unwritable.retryable()).isFalse();
        }
    }

    static final class ThreadLocalHolder {
        public Object getValue() {
            throw new IllegalStateException("not for others");
        }
    }

    @Test
    void invokersThatBreakTheirContractAreFailures() {
        FakeInvokers.Provider broken = new FakeInvokers.Provider(
                "broken", invocation -> switch (invocation.event().getType()) {
                    case "throws" -> throw new IllegalStateException("invoker");
                    case "null" -> null;
                    case "nothing" -> CompletableFuture.completedFuture(null);
                    default -> CompletableFuture.failedFuture(new IOException("connection"));
                });
        try (EventGateway own = Outcomes.oneAttempt().invoker(broken).build()) {
            own.functions().register(FunctionDefinition.of("f", "broken", java.util.Map.of()));
            own.subscribe("**", "f");

            assertThat(onlyDeliveryOf(own.emit("throws", 1)).failure()).hasMessageContaining("invoker");
            assertThat(onlyDeliveryOf(own.emit("null", 1)).failure()).hasMessageContaining("returned null");
            assertThat(onlyDeliveryOf(own.emit("nothing", 1)).result().isEmpty())
                    .isTrue();
            InvocationException failed =
                    (InvocationException) onlyDeliveryOf(own.emit("fails", 1)).failure();
            assertThat(failed.kind()).isEqualTo(InvocationException.Kind.CALL_FAILED);
            assertThat(failed.retryable()).isTrue();
        }
    }

    @Test
    void aCompletionCallbackThatThrowsHarmsNobody() {
        gateway.subscribe("a", event -> {});
        Emission emission = gateway.emit("a", 1);
        emission.completion().thenRun(() -> {
            throw new IllegalStateException("callback");
        });

        assertThat(reportOf(emission).allDelivered()).isTrue();
        assertThat(gateway.awaitIdle(Duration.ofSeconds(20))).isTrue();
        assertThat(reportOf(gateway.emit("a", 1)).allDelivered()).isTrue();
    }

    @Test
    void aClockThatIsSetBackDelaysNothing() {
        AtomicInteger calls = new AtomicInteger();
        gateway.functions().register("flaky", (event, context) -> {
            if (calls.incrementAndGet() == 1) {
                throw new IOException("disk");
            }
            return null;
        });
        gateway.subscriptions()
                .create(Subscription.to("a")
                        .function("flaky")
                        .delivery(DeliveryPolicy.builder()
                                .maxAttempts(2)
                                .backoff(Backoff.fixed(Duration.ofMinutes(1)))
                                .build())
                        .build());
        Emission emission = gateway.emit("a", 1);
        Awaitility.await().until(() -> gateway.deadLetters().count() == 0 && calls.get() == 1);

        clock.advance(Duration.ofDays(-1));
        Awaitility.await().until(() -> {
            clock.advance(
                    Duration.ofSeconds(20)); // the attempt may not have been put off yet when the clock moves first
            return emission.completion().isDone();
        });

        assertThat(onlyDeliveryOf(emission).status()).isEqualTo(DeliveryStatus.DELIVERED);
        assertThat(calls).hasValue(2);
    }

    @Test
    void oneEventOfABatchThatIsInterruptedOrLeavesAFlagIsNotTheOthersFault() {
        List<String> seen = new CopyOnWriteArrayList<>();
        gateway.functions().register("batched", (event, context) -> {
            String name = event.dataAs(String.class);
            seen.add(name + (Thread.currentThread().isInterrupted() ? " with a flag" : ""));
            if (name.equals("leaves a flag")) {
                Thread.currentThread().interrupt();
            }
            if (name.equals("throws")) {
                throw new InterruptedException("its own");
            }
            return null;
        });
        gateway.subscriptions()
                .create(Subscription.to("a")
                        .function("batched")
                        .delivery(DeliveryPolicy.builder()
                                .batching(4, Duration.ofMinutes(5))
                                .build())
                        .build());
        List<Emission> emissions = Stream.of("leaves a flag", "throws", "third", "fourth")
                .map(name -> gateway.emit("a", name))
                .toList();

        assertThat(emissions.stream().map(emission -> onlyDeliveryOf(emission).status()))
                .containsExactly(
                        DeliveryStatus.DELIVERED,
                        DeliveryStatus.DEAD_LETTERED,
                        DeliveryStatus.DELIVERED,
                        DeliveryStatus.DELIVERED);
        assertThat(seen).containsExactly("leaves a flag", "throws", "third", "fourth");
    }
}
