package io.eventgateway;

import static io.eventgateway.Outcomes.reportOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.delivery.DeliveryPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import java.util.concurrent.SubmissionPublisher;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
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
}
