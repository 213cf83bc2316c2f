package io.eventgateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.delivery.DeliveryReport;
import io.eventgateway.delivery.DeliveryResult;
import io.eventgateway.delivery.DeliveryStatus;
import io.eventgateway.error.InvalidTransformException;
import io.eventgateway.spi.Invocation;
import io.eventgateway.spi.Invoker;
import io.eventgateway.spi.InvokerContext;
import io.eventgateway.spi.InvokerProvider;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

class TransformTest {
    private record Received(Map<String, String> headers, String payload, String contentType) {}

    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final EventGateway gateway = EventGateway.builder()
            .invoker(new InvokerProvider() {
                @Override
                public String type() {
                    return "remote";
                }

                @Override
                public Invoker create(FunctionDefinition function, InvokerContext context) {
                    return TransformTest.this::receive;
                }
            })
            .build();

    private CompletableFuture<InvocationResult> receive(Invocation call) {
        received.add(new Received(
                call.headers(), new String(call.payload(), StandardCharsets.UTF_8), call.payloadContentType()));
        return CompletableFuture.completedFuture(InvocationResult.empty());
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    private DeliveryReport deliver(Transform transform, Object data) {
        return deliver(Subscription.to("a").function("f").id("s").transform(transform), Event.of("a", data));
    }

    private DeliveryReport deliver(Subscription.Builder subscription, Event event) {
        gateway.functions().register(FunctionDefinition.of("f", "remote", Map.of()));
        gateway.subscriptions().create(subscription.build());
        DeliveryReport report =
                gateway.emit(event).completion().orTimeout(10, TimeUnit.SECONDS).join();
        return report;
    }

    @Test
    void givesAnInvokerPayloadContentTypeAndHeaders() {
        Transform transform = Transform.template(Map.of("id", "$.data.id"), "order <id>")
                .headers(Map.of("X-Order", "<id> of <gateway.space>"));
        assertThat(deliver(transform, Map.of("id", 7)).allDelivered()).isTrue();
        assertThat(received)
                .containsExactly(
                        new Received(Map.of("X-Order", "7 of default"), "order 7", "text/plain; charset=utf-8"));
    }

    @Test
    void aFailureIsOneAttemptAndNamesPathAndTransform() {
        DeliveryReport report = deliver(Transform.path("$.data.user"), Map.of("id", 7));
        DeliveryResult result = report.deliveries().get(0);
        assertThat(result.status()).isEqualTo(DeliveryStatus.DEAD_LETTERED);
        assertThat(result.attempts()).isEqualTo(1);
        assertThat(result.failure())
                .hasMessageContaining("subscription 's'")
                .hasMessageContaining("'$.data.user'")
                .hasMessageContaining("{\"path\":\"$.data.user\"}");
        assertThat(received).isEmpty();
        assertThat(gateway.deadLetters().list()).hasSize(1);
        assertThat(gateway.deadLetters()
                        .list()
                        .get(0)
                        .event()
                        .dataAsJson()
                        .get("id")
                        .intValue())
                .isEqualTo(7);
    }

    @Test
    void aHeaderCannotSmuggleAnother() {
        Transform transform = Transform.constant("1").headers(Map.of("X-A", "<gateway.event.json>"));
        DeliveryReport report = deliver(transform, "a\r\nX-B: 1é");
        assertThat(report.deliveries().get(0).failure()).hasMessageContaining("header 'X-A'");
    }

    @Test
    void inABatchAnEventThatCannotBeReshapedFailsAlone() {
        gateway.functions().register(FunctionDefinition.of("f", "remote", Map.of()));
        gateway.subscriptions()
                .create(Subscription.to("a")
                        .function("f")
                        .transform(Transform.path("$.data.id"))
                        .delivery(DeliveryPolicy.builder()
                                .batching(3, Duration.ofSeconds(30))
                                .build())
                        .build());
        List<Emission> emissions = gateway.emitAll(List.of(
                Event.of("a", Map.of("id", 1)), Event.of("a", Map.of("no", 2)), Event.of("a", Map.of("id", 3))));
        assertThat(gateway.awaitIdle(Duration.ofSeconds(10))).isTrue();
        assertThat(emissions.stream()
                        .map(emission ->
                                emission.completion().join().deliveries().get(0).status()))
                .containsExactly(DeliveryStatus.DELIVERED, DeliveryStatus.DEAD_LETTERED, DeliveryStatus.DELIVERED);
        assertThat(received).hasSize(1);
        assertThat(received.get(0).payload())
                .contains("\"data\":1", "\"data\":3")
                .doesNotContain("\"no\"");
    }

    @Test
    void systemEventsTellOfTheEventAsItWasEmitted() {
        List<Event> told = new CopyOnWriteArrayList<>();
        gateway.subscribe(SystemEvent.FUNCTION_INVOKED, told::add);
        deliver(Transform.constant("1"), Map.of("id", 7));
        assertThat(gateway.awaitIdle(Duration.ofSeconds(10))).isTrue();
        assertThat(told.get(0)
                        .dataAs(SystemEvent.FunctionInvoked.class)
                        .event()
                        .dataAsJson()
                        .get("id")
                        .intValue())
                .isEqualTo(7);
    }

    @Test
    void oneExpressionServesManyThreads() {
        gateway.functions()
                .register(
                        "echo", (event, context) -> event.dataAsJson().get("n").intValue());
        gateway.subscriptions()
                .create(Subscription.to("n")
                        .function("echo")
                        .transform(Transform.jsonata("{\"n\": $sum(data.list.($ * 2))}"))
                        .build());
        List<Emission> emissions = IntStream.range(0, 2_000)
                .mapToObj(i -> gateway.emit("n", Map.of("list", List.of(i, i, 1))))
                .toList();
        assertThat(gateway.awaitIdle(Duration.ofSeconds(30))).isTrue();
        for (int i = 0; i < emissions.size(); i++) {
            assertThat(emissions
                            .get(i)
                            .completion()
                            .join()
                            .deliveries()
                            .get(0)
                            .result()
                            .value())
                    .isEqualTo(4 * i + 2);
        }
    }

    @Test
    void anExpressionWithoutEndIsStopped() {
        DeliveryReport report =
                deliver(Transform.jsonata("($f := function($x) { $f($x + 1) }; $f(0))"), Map.of("id", 7));
        assertThat(report.deliveries().get(0).failure()).hasMessageContaining("the expression failed");
    }

    @ParameterizedTest(name = "{0} at {1}")
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '~',
            value = {
                "{\"template\":{\"template\":\"{\\n  <who>: 1}\",\"paths\":{}}}; line 2, column 3; <who>",
                "{\"template\":{\"template\":\"{\\n  \\\"a\\\": <a>,}\",\"paths\":{\"a\":\"$.id\"}}}; line 2, column 12; JSON",
                "{\"template\":{\"template\":\"x < y\"}}; line 1, column 3; without '>'",
                "{\"template\":{\"template\":\"1\",\"paths\":{\"gateway.x\":\"$.id\"}}}; /paths/gateway.x; gateway's own",
                "{\"template\":{\"template\":\"1\",\"paths\":{\"a\":\"data\"}}}; /paths/a; begins with '$'",
                "{\"template\":{\"template\":\"1\",\"paths\":{\"a\":1}}}; /template/paths/a; accepted",
                "{\"path\":\"$.a[x]\"}; line 1, column 5; index",
                "{\"path\":\"$..a\"}; line 1, column 3; name",
                "{\"jsonata\":\"data.(\"}; line 1; expression",
                "{\"constant\":1,\"headers\":{\"Content-Length\":\"1\"}}; /headers/Content-Length; token",
                "{\"constant\":1,\"headers\":{\"A\":\"<b>\"}}; line 1, column 1; <b>",
                "{\"nothing\":1}; /nothing; accepted",
                "{}; the top; accepted",
                "{; line 1; JSON",
            })
    void whatIsNotValidIsRefusedWithItsPosition(String form, String position, String problem) {
        assertThatThrownBy(() -> Transform.fromJson(form))
                .isInstanceOfSatisfying(InvalidTransformException.class, e -> assertThat(e.position())
                        .startsWith(position))
                .hasMessageContaining(problem);
    }

    @Test
    void doesNotShowTheValuesOfHeaders() {
        Transform transform = Transform.constant("1").headers(Map.of("Authorization", "Bearer secret"));
        assertThat(transform.toString()).contains("Authorization").doesNotContain("secret");
        assertThat(transform.toJson()).contains("Bearer secret");
    }

    @Test
    void hasBounds() {
        Map<String, String> many = new HashMap<>();
        IntStream.range(0, 101).forEach(i -> many.put("p" + i, "$.id"));
        assertThatThrownBy(() -> Transform.template(many, "x"))
                .isInstanceOf(InvalidTransformException.class)
                .hasMessageContaining("at most 100");
        Transform huge = Transform.template(Map.of("d", "$.data"), "[" + "<d>,".repeat(1_000) + "1]");
        DeliveryReport report = deliver(huge, "x".repeat(100_000));
        assertThat(report.deliveries().get(0).failure()).hasMessageContaining("makes more than");
    }

    static Stream<Transform> transformsAtTheirBounds() {
        Map<String, String> headers = new HashMap<>();
        IntStream.range(0, 50).forEach(i -> headers.put("H" + i, "\"".repeat(8_192)));
        return Stream.of(
                Transform.constant("[".repeat(256) + "]".repeat(256)),
                Transform.constant("{\"a\":".repeat(256) + "1" + "}".repeat(256)),
                Transform.constant("\"" + "x".repeat(65_534) + "\""),
                Transform.template(Map.of(), "x" + "\"".repeat(65_535)),
                Transform.jsonata("\"" + "x".repeat(65_534) + "\""),
                Transform.constant("1").headers(headers));
    }

    @ParameterizedTest
    @MethodSource("transformsAtTheirBounds")
    void whatIsAcceptedIsReadBackFromItsForm(Transform transform) {
        assertThat(Transform.fromJson(transform.toJson())).isEqualTo(transform);
    }

    @ParameterizedTest
    @ValueSource(strings = {"data", "data.m", "$", "$string(data)"})
    void anExpressionOverWhatIsNoJsonFailsOnce(String expression) {
        JsonNode tree = JsonNodeFactory.instance.objectNode().set("m", JsonNodeFactory.instance.pojoNode(new Object()));
        DeliveryReport report = deliver(Transform.jsonata(expression), tree);
        assertThat(report.deliveries().get(0).attempts()).isEqualTo(1);
        assertThat(report.deliveries().get(0).failure()).hasMessageContaining("no JSON");
        assertThat(gateway.explain(Event.of("a", tree)).toString()).contains("no JSON");
    }

    @Test
    void aPathSeesBytesThatAreNoTextAsTheEventsFormHasThem() {
        Event event = Event.builder("a")
                .data("text/plain", new byte[] {'h', (byte) 0xE9})
                .build();
        deliver(Subscription.to("a").function("f").id("s").transform(Transform.path("$.data_base64")), event);
        assertThat(received).singleElement().satisfies(call -> assertThat(call.payload())
                .isEqualTo("\"aOk=\""));
    }

    @Test
    void aFloatKeepsItsValueInAnExpression() {
        deliver(Transform.jsonata("data.x"), Map.of("x", 0.1f));
        assertThat(received).singleElement().satisfies(call -> assertThat(call.payload())
                .isEqualTo("0.1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1 /* note */", "/* note */ 1", "1 /* a *//* b */", "(/**/1)"})
    void aCommentMayStandAnywhere(String expression) {
        deliver(Transform.jsonata(expression), 0);
        assertThat(received).singleElement().satisfies(call -> assertThat(call.payload())
                .isEqualTo("1"));
    }

    @Test
    void aRegularExpressionHasABound() {
        assertThatThrownBy(() -> Transform.jsonata("$contains(\"a\", /" + "x".repeat(4_097) + "/)"))
                .isInstanceOf(InvalidTransformException.class)
                .hasMessageContaining("accepted are at most 4096");
    }
}
