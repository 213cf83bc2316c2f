package io.eventgateway.deliveries;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.FunctionContext;
import io.eventgateway.FunctionDefinition;
import io.eventgateway.FunctionHandler;
import io.eventgateway.InvocationException;
import io.eventgateway.InvocationResult;
import io.eventgateway.Subscription;
import io.eventgateway.delivery.Backoff;
import io.eventgateway.delivery.BatchResult;
import io.eventgateway.delivery.DeadLetter;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.spi.Invocation;
import io.eventgateway.spi.Invoker;
import io.eventgateway.spi.InvokerContext;
import io.eventgateway.spi.InvokerProvider;
import io.eventgateway.test.TestGateway;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** Each event of a batch has an end of its own, whatever becomes of the others. */
class BatchesTest {
    private static final JsonMapper JSON = JsonMapper.shared();

    /** A remote function: a type of its own, which sends the payload and answers by a function of what was sent. */
    private static final class Remote implements InvokerProvider {
        private final List<List<String>> sent = new ArrayList<>();
        private final Function<Invocation, InvocationResult> answer;

        Remote(Function<Invocation, InvocationResult> answer) {
            this.answer = answer;
        }

        @Override
        public String type() {
            return "remote";
        }

        @Override
        public Invoker create(FunctionDefinition function, InvokerContext context) {
            return this::invoke;
        }

        private CompletionStage<InvocationResult> invoke(Invocation invocation) {
            List<String> ids = new ArrayList<>();
            JSON.readTree(invocation.payload())
                    .forEach(each -> ids.add(each.path("id").stringValue()));
            sent.add(ids);
            return CompletableFuture.completedFuture(answer.apply(invocation));
        }
    }

    private TestGateway gateway = TestGateway.create();

    @AfterEach
    void close() {
        gateway.close();
    }

    private void remote(Remote remote, int maxPayloadSize) {
        gateway.close();
        gateway = TestGateway.create(builder -> builder.invoker(remote).maxPayloadSize(maxPayloadSize));
        gateway.functions().register(FunctionDefinition.of("f", "remote", Map.of()));
    }

    private void subscribe(int size) {
        gateway.subscriptions()
                .create(Subscription.to("a")
                        .function("f")
                        .delivery(DeliveryPolicy.builder()
                                .maxAttempts(2)
                                .backoff(Backoff.fixed(Duration.ofSeconds(1)))
                                .batching(size, Duration.ofMillis(500))
                                .build())
                        .build());
    }

    private void emit(int count) {
        for (int i = 0; i < count; i++) {
            gateway.emit(Event.builder("a").id("e" + i).data(i).build());
        }
    }

    private List<String> deadIds() {
        return gateway.deadLetters().list().stream()
                .map(letter -> letter.event().getId())
                .sorted()
                .toList();
    }

    private DeadLetter deadLetterOf(String eventId) {
        return gateway.deadLetters().list().stream()
                .filter(letter -> letter.event().getId().equals(eventId))
                .findAny()
                .orElseThrow();
    }

    /** A handler of single events, which fails for some of them. */
    private Map<String, Integer> handler(Map<String, Throwable> failures) {
        Map<String, Integer> calls = new HashMap<>();
        gateway.functions().register("f", (event, context) -> {
            calls.merge(event.getId(), 1, Integer::sum);
            Throwable failure = failures.get(event.getId());
            if (failure instanceof Error error) {
                throw error;
            }
            if (failure instanceof Exception exception) {
                throw exception;
            }
            return null;
        });
        return calls;
    }

    private static InvocationException notRetryable(String message) {
        return new InvocationException(InvocationException.Kind.FUNCTION_ERROR, false, message);
    }

    @Test
    void anEventFailsInABatchAsItWouldAlone() {
        Map<String, Integer> calls = handler(Map.of(
                "e0", notRetryable("no such order"),
                "e2", new IllegalStateException("disk"),
                "e3", new AssertionError("bug")));
        subscribe(5);

        emit(5);
        gateway.advance(Duration.ofSeconds(5));

        assertThat(calls).containsExactlyInAnyOrderEntriesOf(Map.of("e0", 1, "e1", 1, "e2", 2, "e3", 2, "e4", 1));
        assertThat(deadIds()).containsExactly("e0", "e2", "e3");
        assertThat(deadLetterOf("e0").reason()).isEqualTo(DeadLetter.Reason.NOT_RETRYABLE);
        assertThat(deadLetterOf("e0").message()).contains("no such order");
        assertThat(deadLetterOf("e2").reason()).isEqualTo(DeadLetter.Reason.ATTEMPTS_EXHAUSTED);
        assertThat(deadLetterOf("e2").message()).contains("java.lang.IllegalStateException: disk");
        assertThat(deadLetterOf("e3").message()).contains("java.lang.AssertionError: bug");
    }

    @Test
    void ofABatchOfFailuresEachKeepsItsOwn() {
        Map<String, Integer> calls =
                handler(Map.of("e0", notRetryable("no such order"), "e1", new IllegalStateException("disk")));
        subscribe(2);

        emit(2);
        gateway.advance(Duration.ofSeconds(5));

        assertThat(calls).containsExactlyInAnyOrderEntriesOf(Map.of("e0", 1, "e1", 2));
        assertThat(deadLetterOf("e0").reason()).isEqualTo(DeadLetter.Reason.NOT_RETRYABLE);
        assertThat(deadLetterOf("e1").message()).contains("disk");
    }

    @Test
    void whatAnEventLeadsToIsCausedByIt() {
        List<String> causes = new CopyOnWriteArrayList<>();
        gateway.functions().register("f", (event, context) -> {
            context.emit("c", 1);
            gateway.emit("c", 2);
            return List.of(Event.of("c", 3), Event.of("c", 4));
        });
        gateway.subscribe("c", event -> causes.add(event.getCausationId() + " " + event.getCorrelationId()));
        subscribe(3);

        emit(3);
        gateway.advance(Duration.ofSeconds(1));

        assertThat(causes)
                .containsExactlyElementsOf(IntStream.range(0, 3)
                        .boxed()
                        .flatMap(i -> Stream.generate(() -> "e" + i + " e" + i).limit(4))
                        .toList());
    }

    /** A handler of whole batches. */
    private void batchHandler(Function<List<Event>, Object> handler) {
        gateway.functions().register("f", new FunctionHandler() {
            @Override
            public Object handle(Event event, FunctionContext context) {
                throw new AssertionError("there are only batches");
            }

            @Override
            public Object handleBatch(List<Event> events, FunctionContext context) {
                return handler.apply(events);
            }
        });
    }

    @Test
    void aReplyOfAWholeBatchSaysItselfWhichEventCausedIt() {
        List<Event> replies = new CopyOnWriteArrayList<>();
        batchHandler(events -> events.stream()
                .map(event -> Event.builder("c")
                        .data(1)
                        .extension("causationid", event.getId())
                        .build())
                .toList());
        gateway.subscribe("c", replies::add);
        subscribe(2);

        emit(2);
        gateway.advance(Duration.ofSeconds(1));

        assertThat(replies).extracting(Event::getCausationId).containsExactly("e0", "e1");
        assertThat(replies).extracting(Event::getCorrelationId).containsExactly("e0", "e1");
    }

    @Test
    void aReplyThatNamesNoneIsCausedByTheEventThatIsDeepestInItsChain() {
        List<Event> replies = new CopyOnWriteArrayList<>();
        batchHandler(events -> Event.of("c", 1));
        gateway.subscribe("c", replies::add);
        subscribe(2);

        gateway.emit(Event.builder("a").id("shallow").build());
        gateway.emit(Event.builder("a").id("deep").extension("chaindepth", 3).build());
        gateway.advance(Duration.ofSeconds(1));

        assertThat(replies).singleElement().satisfies(reply -> {
            assertThat(reply.getCausationId()).isEqualTo("deep");
            assertThat(reply.getChainDepth()).isEqualTo(4);
        });
    }

    @Test
    void aReplyThatNamesAnEventOfNoBatchIsCausedByTheDeepestAndSaysSo() {
        List<Event> replies = new CopyOnWriteArrayList<>();
        batchHandler(events ->
                Event.builder("c").extension("causationid", "elsewhere").build());
        gateway.subscribe("c", replies::add);
        subscribe(2);

        emit(2);
        gateway.advance(Duration.ofSeconds(1));

        assertThat(replies).extracting(Event::getCausationId).containsExactly("e0");
        assertThat(replies).extracting(Event::getCorrelationId).containsExactly("e0");
    }

    @Test
    void aHandlerOfSingleEventsMayAnswerThatItsEventFailed() {
        gateway.functions()
                .register(
                        "f",
                        (event, context) -> event.getId().equals("e1") ? BatchResult.failed(List.of("e1")) : "a value");
        subscribe(3);

        emit(3);
        gateway.advance(Duration.ofSeconds(5));

        assertThat(deadIds()).containsExactly("e1");
        assertThat(deadLetterOf("e1").message()).endsWith("function 'f' answered that event 'e1' failed");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @SuppressWarnings("try") // a handler may close its gateway
    void aBatchHandlerMayWaitForAllOthersAndClose(boolean closes) {
        List<Boolean> idle = new CopyOnWriteArrayList<>();
        try (EventGateway own = EventGateway.create()) {
            CompletableFuture<Void> done = new CompletableFuture<>();
            own.functions().register("f", new FunctionHandler() {
                @Override
                public Object handle(Event event, FunctionContext context) {
                    throw new AssertionError("there are only batches");
                }

                @Override
                public Object handleBatch(List<Event> events, FunctionContext context) {
                    if (closes) {
                        own.close();
                    }
                    idle.add(own.awaitIdle(Duration.ofMillis(200)));
                    done.complete(null);
                    return null;
                }
            });
            own.subscriptions()
                    .create(Subscription.to("a")
                            .function("f")
                            .delivery(DeliveryPolicy.builder()
                                    .batching(3, Duration.ofMinutes(1))
                                    .build())
                            .build());
            for (int i = 0; i < 3; i++) {
                own.emit("a", i);
            }
            done.orTimeout(20, java.util.concurrent.TimeUnit.SECONDS).join();

            assertThat(idle).containsExactly(true);
        }
    }

    private static InvocationResult json(String text) {
        return InvocationResult.ofBytes("application/json", text.getBytes(StandardCharsets.UTF_8), JSON);
    }

    @Test
    void anEventThatCannotBeWrittenFailsAlone() {
        Remote remote = new Remote(invocation -> InvocationResult.empty());
        remote(remote, 1_000_000);
        subscribe(3);

        gateway.emit(Event.builder("a").id("e0").data(0).build());
        gateway.emit(
                Event.builder("a").id("bad").data("image/png", new Object()).build());
        gateway.emit(Event.builder("a").id("e2").data(2).build());
        gateway.advance(Duration.ofSeconds(5));

        assertThat(remote.sent).containsExactly(List.of("e0", "e2"));
        assertThat(deadIds()).containsExactly("bad");
        assertThat(deadLetterOf("bad").reason()).isEqualTo(DeadLetter.Reason.NOT_RETRYABLE);
        assertThat(deadLetterOf("bad").message())
                .contains("event 'bad' can't be sent to function 'f'")
                .contains("image/png");
    }

    @Test
    void aBatchThatIsTooLargeIsSentInHalves() {
        Remote remote = new Remote(invocation -> InvocationResult.empty());
        remote(remote, 1_000);
        subscribe(8);

        for (int i = 0; i < 8; i++) {
            gateway.emit(Event.builder("a")
                    .id("e" + i)
                    .source("/s")
                    .data("x".repeat(i == 3 ? 2_000 : 200))
                    .build());
        }
        gateway.advance(Duration.ofSeconds(5));

        assertThat(remote.sent.stream().flatMap(List::stream))
                .containsExactly("e0", "e1", "e2", "e4", "e5", "e6", "e7");
        assertThat(remote.sent).allSatisfy(ids -> assertThat(ids).hasSizeBetween(1, 2));
        assertThat(deadIds()).containsExactly("e3");
        assertThat(deadLetterOf("e3").message()).contains("the gateway's largest payload is 1000");
    }

    @Test
    void ofABatchInHalvesOnlyTheHalfThatFailedComesAgain() {
        List<String> failing = new ArrayList<>(List.of("e0"));
        Remote remote = new Remote(invocation -> {
            if (failing.remove(invocation.event().getId())) {
                throw new IllegalStateException("busy");
            }
            return InvocationResult.empty();
        });
        remote(remote, 1_000);
        subscribe(4);

        for (int i = 0; i < 4; i++) {
            gateway.emit(Event.builder("a")
                    .id("e" + i)
                    .source("/s")
                    .data("x".repeat(200))
                    .build());
        }
        gateway.advance(Duration.ofSeconds(5));

        assertThat(remote.sent).containsExactly(List.of("e0", "e1"), List.of("e2", "e3"), List.of("e0", "e1"));
        assertThat(deadIds()).isEmpty();
    }

    static Stream<String> malformed() {
        return Stream.of(
                "{\"batchItemFailures\":[{\"itemIdentifier\":\"unknown\"}]}",
                "{\"batchItemFailures\":[{\"itemIdentifier\":\"e0\"},{\"itemIdentifier\":\"unknown\"}]}",
                "{\"batchItemFailures\":[{\"itemIdentifier\":\"\"}]}",
                "{\"batchItemFailures\":[{\"itemIdentifier\":null}]}",
                "{\"batchItemFailures\":[{\"itemIdentifier\":7}]}",
                "{\"batchItemFailures\":[{\"id\":\"e0\"}]}",
                "{\"batchItemFailures\":[\"e0\"]}",
                "{\"batchItemFailures\":{\"itemIdentifier\":\"e0\"}}",
                "{\"batchItemFailures\":\"e0\"}",
                "{\"batchItemFailures\":");
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void anAnswerThatNamesNoEventOfTheBatchFailsItAll(String answer) {
        List<InvocationResult> answers = new ArrayList<>(List.of(json(answer)));
        Remote remote = new Remote(invocation -> answers.isEmpty() ? InvocationResult.empty() : answers.remove(0));
        remote(remote, 1_000_000);
        subscribe(2);

        emit(2);
        gateway.advance(Duration.ofSeconds(5));

        assertThat(remote.sent).containsExactly(List.of("e0", "e1"), List.of("e0", "e1"));
        assertThat(deadIds()).isEmpty();
    }

    @Test
    void anEventWhoseCauseIsNotRetryableIsNotDeliveredAgain() {
        List<BatchResult> answers = new ArrayList<>(List.of(BatchResult.failed(Map.of(
                "e0", new InvocationException(InvocationException.Kind.CALL_FAILED, false, "it can't be sent"),
                "e1", new InvocationException(InvocationException.Kind.PROVIDER_ERROR, true, "not now")))));
        Remote remote = new Remote(
                invocation -> answers.isEmpty() ? InvocationResult.empty() : InvocationResult.of(answers.remove(0)));
        remote(remote, 1_000_000);
        subscribe(3);

        emit(3);
        gateway.advance(Duration.ofSeconds(5));

        assertThat(remote.sent).containsExactly(List.of("e0", "e1", "e2"), List.of("e1"));
        assertThat(deadIds()).containsExactly("e0");
        assertThat(deadLetterOf("e0").message()).endsWith("it can't be sent");
        assertThat(deadLetterOf("e0").attempts()).hasSize(1);
    }

    @Test
    void anEventThatIsNamedByItsPlaceFailsWithoutAnotherOneOfItsId() {
        List<List<String>> calls = new ArrayList<>();
        batchHandler(events -> {
            calls.add(events.stream()
                    .map(event -> String.valueOf(event.getSource()))
                    .toList());
            return calls.size() > 1
                    ? null
                    : BatchResult.failed(
                            events,
                            Map.of(
                                    1,
                                    notRetryable("no such order"),
                                    2,
                                    new InvocationException(InvocationException.Kind.PROVIDER_ERROR, true, "wait")));
        });
        subscribe(3);

        for (String source : List.of("/a", "/b", "/c")) {
            gateway.emit(Event.builder("a").id("1").source(source).build());
        }
        gateway.advance(Duration.ofSeconds(5));

        assertThat(calls).containsExactly(List.of("/a", "/b", "/c"), List.of("/c"));
        assertThat(gateway.deadLetters().list()).singleElement().satisfies(letter -> {
            assertThat(letter.event().getSource()).hasToString("/b");
            assertThat(letter.message()).endsWith("no such order");
        });
    }

    @Test
    void anIdAloneNamesEveryEventOfTheBatchThatHasIt() {
        List<Integer> calls = new ArrayList<>();
        batchHandler(events -> {
            calls.add(events.size());
            return calls.size() > 1 ? null : BatchResult.failed(List.of("1"));
        });
        subscribe(2);

        gateway.emit(Event.builder("a").id("1").source("/a").build());
        gateway.emit(Event.builder("a").id("1").source("/b").build());
        gateway.advance(Duration.ofSeconds(5));

        assertThat(calls).containsExactly(2, 2);
    }

    @Test
    void aPlaceWhereAnotherEventIsFailsTheWholeBatch() {
        batchHandler(events -> new BatchResult(List.of(new BatchResult.Failure("e0", 1, null))));
        subscribe(2);

        emit(2);
        gateway.advance(Duration.ofSeconds(5));

        assertThat(deadIds()).containsExactly("e0", "e1");
        assertThat(deadLetterOf("e0").message()).contains("names 'e0' at index 1 as failed");
    }

    @Test
    void aBatchResultIsOfPlacesThatTheBatchHas() {
        List<Event> events = List.of(Event.of("a", 1), Event.of("a", 2));

        assertThatThrownBy(() -> BatchResult.failed(events, Map.of(2, notRetryable("no"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the index of a failed event must be from 0 to 1, was 2");
    }

    @Test
    void anUnknownIdIsNamedInTheFailure() {
        batchHandler(events -> BatchResult.failed(List.of("unknown")));
        subscribe(2);

        emit(2);
        gateway.advance(Duration.ofSeconds(5));

        assertThat(deadIds()).containsExactly("e0", "e1");
        assertThat(deadLetterOf("e0").message())
                .contains("the answer of function 'f' to a batch of 2 events names 'unknown' as failed")
                .contains("batchItemFailures of the form");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{\"batchItemFailures\":[]}", "{\"batchItemFailures\":null}", "{}", "null", "[]", "\"ok\"", "7"})
    void anAnswerThatNamesNoFailuresIsASuccess(String answer) {
        Remote remote = new Remote(invocation -> json(answer));
        remote(remote, 1_000_000);
        subscribe(2);

        emit(2);
        gateway.advance(Duration.ofSeconds(5));

        assertThat(remote.sent).containsExactly(List.of("e0", "e1"));
        assertThat(deadIds()).isEmpty();
    }
}
