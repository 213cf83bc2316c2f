package io.eventgateway;

import static io.eventgateway.Outcomes.reportOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.delivery.Backoff;
import io.eventgateway.delivery.BatchResult;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.delivery.DeliveryResult;
import io.eventgateway.delivery.DeliveryStatus;
import io.eventgateway.history.ChainLimits;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import java.util.concurrent.SubmissionPublisher;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a function in this process may return, and what becomes of it. */
class ReturnedTest {
    private final EventGateway gateway = EventGateway.create();

    @AfterEach
    void close() {
        gateway.close();
    }

    static Stream<Arguments> mistakes() {
        Callable<Object> work = () -> 1;
        return Stream.of(
                Arguments.of(new FutureTask<>(work), "return a CompletionStage"),
                Arguments.of(new SubmissionPublisher<String>(), "return a CompletionStage, as Reactor's toFuture()"),
                Arguments.of(Stream.of(1), "return a collection"),
                Arguments.of(Event.builder("b"), "return what its build() makes"),
                Arguments.of(Optional.of(Stream.of(1)), "return a collection"),
                Arguments.of(List.of(Event.of("b", 1), "text"), "1 events together with 1 other elements"),
                Arguments.of(new Object[] {"text", Event.of("b", 1)}, "1 events together with 1 other elements"),
                Arguments.of(CompletableFuture.completedFuture(CompletableFuture.completedFuture(1)), "thenCompose"),
                Arguments.of(CompletableFuture.completedFuture(Stream.of(1)), "return a collection"));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void whatNobodyWouldReadIsAFailureThatSaysWhatToReturn(Object returned, String remedy) {
        gateway.functions().register("f", (event, context) -> returned);

        assertThatThrownBy(() -> gateway.invoke("f", null))
                .isInstanceOfSatisfying(InvocationException.class, failure -> {
                    assertThat(failure.kind()).isEqualTo(InvocationException.Kind.FUNCTION_ERROR);
                    assertThat(failure.retryable()).isFalse();
                })
                .hasMessageContaining("function 'f' returned")
                .hasMessageContaining(remedy);
    }

    static Stream<Arguments> replies() {
        return Stream.<Object>of(
                        Event.of("b", 1),
                        List.of(Event.of("b", 1)),
                        Set.of(Event.of("b", 1)),
                        Optional.of(Event.of("b", 1)),
                        Optional.of(List.of(Event.of("b", 1))),
                        CompletableFuture.completedFuture(Optional.of(Event.of("b", 1))),
                        new Event[] {Event.of("b", 1)},
                        new Object[] {Event.of("b", 1)},
                        CompletableFuture.completedFuture(new Event[] {Event.of("b", 1)}))
                .map(each -> Arguments.of(each));
    }

    @ParameterizedTest
    @MethodSource("replies")
    void eventsAreReplies(Object returned) {
        List<Event> seen = new CopyOnWriteArrayList<>();
        gateway.functions().register("f", (event, context) -> returned);
        gateway.subscribe("a", "f");
        gateway.functions().register("sink", (event, context) -> {
            seen.add(event);
            return null;
        });
        gateway.subscriptions()
                .create(Subscription.to("b").function("sink").sync().build());

        Emission emission = gateway.emit("a", 1);

        assertThat(reportOf(emission).deliveries().get(0).result().isEmpty()).isTrue();
        assertThat(seen).singleElement().satisfies(reply -> assertThat(reply.getCausationId())
                .isEqualTo(emission.event().getId()));
    }

    static Stream<Arguments> values() {
        return Stream.<Object>of(
                        "text", 1, List.of(), List.of(1, 2), new Object[0], new int[] {1}, new byte[] {1}, Set.of("a"))
                .map(each -> Arguments.of(each));
    }

    @ParameterizedTest
    @MethodSource("values")
    void everythingElseIsTheResult(Object returned) {
        gateway.functions().register("f", (event, context) -> returned);

        assertThat(gateway.invoke("f", null).value()).isSameAs(returned);
    }

    @Test
    void anOptionalStandsForWhatIsInIt() {
        gateway.functions().register("some", (event, context) -> Optional.of("text"));
        gateway.functions().register("none", (event, context) -> Optional.empty());
        gateway.functions().register("later", (event, context) -> CompletableFuture.completedFuture(Optional.empty()));

        assertThat(gateway.invoke("some", null, String.class)).isEqualTo("text");
        assertThat(gateway.invoke("none", null).isEmpty()).isTrue();
        assertThat(gateway.invoke("later", null).isEmpty()).isTrue();
    }

    @Test
    void ofSeveralRepliesNoneIsEmittedWhereOneIsNotAccepted() {
        List<String> seen = new CopyOnWriteArrayList<>();
        try (EventGateway limited =
                Outcomes.oneAttempt().chainLimits(new ChainLimits(100, 100, 5)).build()) {
            limited.functions().register("f", (event, context) -> IntStream.range(0, 10)
                    .mapToObj(i -> Event.of("b", i))
                    .toList());
            limited.subscribe("a", "f");
            limited.subscribe("b", event -> seen.add(event.getId()));

            DeliveryResult result = Outcomes.onlyDeliveryOf(limited.emit("a", 1));

            assertThat(result.status()).isEqualTo(DeliveryStatus.DEAD_LETTERED);
            assertThat(result.failure())
                    .hasMessageContaining("none of the 10 replies of function 'f' was emitted")
                    .hasMessageContaining("the limit is 5");
            String id = limited.deadLetters().list().stream()
                    .filter(letter -> letter.functionId().equals("f"))
                    .findAny()
                    .orElseThrow()
                    .id();
            reportOf(limited.deadLetters().redrive(id));
            assertThat(limited.awaitIdle(Duration.ofSeconds(20))).isTrue();
            assertThat(seen).isEmpty();
        }
    }

    @Test
    void ofSeveralRepliesAllAreEmittedInTheirOrder() {
        List<Integer> seen = new CopyOnWriteArrayList<>();
        gateway.functions().register("f", (event, context) -> List.of(Event.of("b", 1), Event.of("b", 2)));
        gateway.functions().register("sink", (event, context) -> {
            seen.add(event.dataAs(Integer.class));
            assertThat(event.getChainDepth()).isEqualTo(1);
            return null;
        });
        for (String[] each : new String[][] {{"a", "f"}, {"b", "sink"}}) {
            gateway.subscriptions()
                    .create(Subscription.to(each[0]).function(each[1]).sync().build());
        }

        Emission emission = gateway.emit("a", 1);

        assertThat(reportOf(emission).allDelivered()).isTrue();
        assertThat(seen).containsExactly(1, 2);
        assertThat(gateway.history()
                        .chain(emission.event().getId())
                        .roots()
                        .get(0)
                        .children())
                .hasSize(2);
    }

    @Test
    void aBatchSaysTheSameOfEachEvent() {
        gateway.functions().register("f", (event, context) -> Stream.of(1));
        gateway.subscriptions()
                .create(Subscription.to("a")
                        .function("f")
                        .delivery(DeliveryPolicy.builder()
                                .maxAttempts(1)
                                .batching(2, Duration.ofMillis(1))
                                .build())
                        .build());

        assertThat(reportOf(gateway.emit("a", 1)).deliveries().get(0).failure())
                .hasMessageContaining("return a collection");
    }

    static Stream<Arguments> failedAnswers() {
        return Stream.<Object>of(
                        BatchResult.failed(List.of("e1")),
                        Optional.of(BatchResult.failed(List.of("e1"))),
                        CompletableFuture.completedFuture(BatchResult.failed(List.of("e1"))))
                .map(each -> Arguments.of(each));
    }

    @ParameterizedTest
    @MethodSource("failedAnswers")
    void aBatchResultThatNamesTheOnlyEventFailsItsCall(Object returned) {
        gateway.functions().register("f", (event, context) -> returned);

        assertThatThrownBy(() -> gateway.invoke("f", Event.builder("a").id("e1").build()))
                .isInstanceOfSatisfying(InvocationException.class, failure -> {
                    assertThat(failure.kind()).isEqualTo(InvocationException.Kind.FUNCTION_ERROR);
                    assertThat(failure.retryable()).isTrue();
                })
                .hasMessage("function 'f' answered that event 'e1' failed");
    }

    @Test
    void aBatchResultThatNamesAnotherEventFailsTheCallOfTheOnlyOne() {
        gateway.functions().register("f", (event, context) -> BatchResult.failed(List.of("e2")));

        assertThatThrownBy(() -> gateway.invoke("f", Event.builder("a").id("e1").build()))
                .isInstanceOf(InvocationException.class)
                .hasMessageContaining("to event 'e1' names 'e2' as failed, which is another event");
    }

    @Test
    void aBatchResultThatNamesNoneIsSuccess() {
        gateway.functions().register("f", (event, context) -> BatchResult.failed(List.of()));

        assertThat(gateway.invoke("f", 1).isEmpty()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"true, 1", "false, 2"})
    void aDeliveryThatABatchResultNamesIsAttemptedAgain(boolean sync, int attempts) {
        gateway.functions().register("f", (event, context) -> BatchResult.failed(List.of(event.getId())));
        Subscription.Builder subscription = Subscription.to("a").function("f");
        gateway.subscriptions()
                .create(
                        sync
                                ? subscription.sync().build()
                                : subscription
                                        .delivery(DeliveryPolicy.builder()
                                                .maxAttempts(2)
                                                .backoff(Backoff.fixed(Duration.ofMillis(1)))
                                                .build())
                                        .build());

        DeliveryResult result = Outcomes.onlyDeliveryOf(gateway.emit("a", 1));

        assertThat(result.status()).isEqualTo(DeliveryStatus.DEAD_LETTERED);
        assertThat(result.attempts()).isEqualTo(attempts);
    }
}
