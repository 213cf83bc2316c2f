package io.eventgateway;

import static io.eventgateway.Outcomes.get;
import static io.eventgateway.Outcomes.onlyDeliveryOf;
import static io.eventgateway.Outcomes.reportOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloudevents.CloudEvent;
import io.eventgateway.delivery.DeliveryResult;
import io.eventgateway.delivery.DeliveryStatus;
import io.eventgateway.error.DataConversionException;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TypedSurfaceTest {
    record Address(int zip) {}

    record Order(String id, BigDecimal total, List<Address> addresses) {}

    static final class Refusing {
        public Refusing(String text) {
            throw new IllegalArgumentException("refused " + text);
        }
    }

    private final EventGateway gateway = EventGateway.create();

    @AfterEach
    void close() {
        gateway.close();
    }

    private static byte[] json(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void aTypedHandlerGetsTheDataItself() {
        List<Order> seen = new CopyOnWriteArrayList<>();
        Order order = new Order("1", BigDecimal.TEN, List.of());
        gateway.subscribe("order.placed", Order.class, seen::add);

        assertThat(reportOf(gateway.emit("order.placed", order)).allDelivered()).isTrue();

        assertThat(seen).hasSize(1);
        assertThat(seen.get(0)).isSameAs(order);
    }

    @Test
    void aTypedHandlerGetsTheEventWhenItAsksForOne() {
        List<Event> seen = new CopyOnWriteArrayList<>();
        gateway.subscribe("a", Event.class, seen::add);

        Emission emission = gateway.emit("a", 1);

        reportOf(emission);
        assertThat(seen).containsExactly(emission.event());
    }

    @Test
    void bytesAreConverted() {
        List<Order> seen = new CopyOnWriteArrayList<>();
        gateway.subscribe("order.placed", Order.class, seen::add);

        reportOf(gateway.emit(Event.builder("order.placed")
                .data("application/json", json("{\"id\":\"1\",\"total\":1.50,\"addresses\":[]}"))
                .build()));

        assertThat(seen).containsExactly(new Order("1", new BigDecimal("1.50"), List.of()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {"id":"1","total":"s3cret"}                     | its member 'total' must be of kind BigDecimal
                    {"id":"1","addresses":[{"zip":1},{"zip":"s3cret"}]} | its member 'addresses[1].zip' must be of kind int
                    {"id":"1","addresses":[{}]}                     | its member 'addresses[0].zip' is missing or null, and must be of kind int
                    {"id":"1","addresses":[{"zip":99999999999}]}    | its member 'addresses[0].zip' must be of kind int, was a number beyond its range
                    ["s3cret"]                                      | it must be of kind Order
                    {"id": s3cret                                   | it is not valid JSON, at line 1, column
                    """)
    void whatCannotBeConvertedIsOneFailedAttemptThatNamesTheMember(String data, String message) {
        AtomicInteger calls = new AtomicInteger();
        gateway.subscribe("order.placed", Order.class, order -> calls.incrementAndGet());

        DeliveryResult result = onlyDeliveryOf(gateway.emit(Event.builder("order.placed")
                .data("application/json", json(data))
                .build()));

        assertThat(result.status()).isEqualTo(DeliveryStatus.DEAD_LETTERED);
        assertThat(result.attempts()).isEqualTo(1);
        assertThat(result.failure())
                .hasMessageContaining("TypedSurfaceTest$Order")
                .hasMessageContaining(message)
                .hasNoCause();
        assertThat(String.valueOf(result.failure())).doesNotContain("s3cret");
        assertThat(calls).hasValue(0);
    }

    @Test
    void aClassThatRefusesAValueIsNamedWithoutTheValue() {
        assertThatThrownBy(() -> Event.of("a", "s3cret").dataAs(Refusing.class))
                .isInstanceOf(DataConversionException.class)
                .hasMessageContaining("Refusing")
                .message()
                .doesNotContain("s3cret");
    }

    @Test
    void anEventWithoutDataIsNotConverted() {
        gateway.subscribe("a", Order.class, order -> {});

        assertThat(onlyDeliveryOf(gateway.emit("a", null)).failure()).hasMessageContaining("has no data to read as");
    }

    @Test
    void whatATypedHandlerThrowsIsTriedAgain() {
        AtomicInteger calls = new AtomicInteger();
        gateway.functions().register("f", Order.class, (order, context) -> {
            calls.incrementAndGet();
            throw new IOException("disk");
        });

        assertThatThrownBy(() -> gateway.invoke("f", new Order("1", BigDecimal.ONE, List.of())))
                .isInstanceOfSatisfying(InvocationException.class, failure -> assertThat(failure.retryable())
                        .isTrue());
        assertThat(calls).hasValue(1);
    }

    @Test
    void aTypedFunctionGetsValueAndContextAndAnswers() {
        gateway.functions().register("price", Order.class, (order, context) -> context.functionId() + order.total());

        assertThat(gateway.invoke("price", new Order("1", BigDecimal.TEN, List.of()), String.class))
                .isEqualTo("price10");
        assertThat(gateway.invoke("price", Map.of("id", "1", "total", 5), String.class))
                .isEqualTo("price5");
    }

    @Test
    void anAsyncHandlersEventIsDeliveredWhenItsStageEnds() {
        CompletableFuture<String> stage = new CompletableFuture<>();
        gateway.subscribeAsync("a", event -> stage);

        Emission emission = gateway.emit("a", 1);
        assertThat(emission.completion()).isNotDone();
        stage.complete("done");

        assertThat(onlyDeliveryOf(emission).result().valueAs(String.class)).isEqualTo("done");
    }

    @Test
    void anAsyncHandlersFailureIsTheDeliverysFailure() {
        try (EventGateway once = Outcomes.oneAttempt().build()) {
            once.subscribeAsync("a", event -> CompletableFuture.failedFuture(new IOException("later")));
            once.subscribeAsync("b", event -> null);

            assertThat(onlyDeliveryOf(once.emit("a", 1)).failure()).hasMessageContaining("later");
            assertThat(onlyDeliveryOf(once.emit("b", 1)).failure())
                    .hasMessageContaining("returned null, not a CompletionStage");
        }
    }

    @Test
    void invokeHandsAnEventOnAsItIs() {
        gateway.functions().register("f", (event, context) -> event.getType() + " " + event.getSubject());
        Event event = Event.builder("custom").subject("s-1").build();

        assertThat(gateway.invoke("f", event).valueAs(String.class)).isEqualTo("custom s-1");
        assertThat(get(gateway.invokeAsync("f", event)).valueAs(String.class)).isEqualTo("custom s-1");
        assertThat(get(gateway.invokeAsync("f", Map.of())).valueAs(String.class))
                .isEqualTo("invoke null");
    }

    @Test
    void typesWithArgumentsAreReadByReference() {
        Event event = Event.of("a", List.of(Map.of("zip", 1)));
        TypeRef<List<Address>> addresses = new TypeRef<>() {};

        assertThat(event.dataAs(addresses)).containsExactly(new Address(1));
        assertThat(InvocationResult.of(List.of(Map.of("zip", 2))).valueAs(addresses))
                .containsExactly(new Address(2));
        assertThat(Event.of("a", "text").dataAs(new TypeRef<String>() {})).isEqualTo("text");
        assertThat(addresses).hasToString("java.util.List<" + Address.class.getName() + ">");
        assertThatThrownBy(() -> Event.of("a", List.of(Map.of("zip", "s3cret"))).dataAs(addresses))
                .hasMessageContaining("its member '[0].zip' must be of kind int");
        assertThatThrownBy(() -> InvocationResult.empty().valueAs(addresses))
                .isInstanceOf(DataConversionException.class);
    }

    /** What must compile: a call of each kind with lambdas and method references; run once, so that it also works. */
    @Test
    @SuppressWarnings("unused")
    void noCallIsAmbiguous() {
        List<Object> seen = new CopyOnWriteArrayList<>();
        EventHandler<Object> anything = seen::add;

        gateway.subscribe("a", event -> {});
        gateway.subscribe("a", event -> seen.add(event.getId()));
        gateway.subscribe("a", event -> {
            throw new IOException(event.getId());
        });
        gateway.subscribe("a", seen::add);
        gateway.subscribe("a", this::takesEvent);
        gateway.subscribe("a", this::takesObjectAndThrows);
        gateway.subscribe("a", this::overloaded);
        gateway.subscribe("a", System.out::println);
        gateway.subscribe("a", anything);
        gateway.subscribe("a", Order.class, order -> seen.add(order.id()));
        gateway.subscribe("a", Order.class, order -> {
            throw new IOException(order.id());
        });
        gateway.subscribe("a", Order.class, seen::add);
        gateway.subscribe("a", Order.class, this::takesOrder);
        gateway.subscribe("a", Order.class, this::overloaded);
        gateway.subscribe("a", Order.class, anything);
        gateway.subscribeAsync("a", event -> CompletableFuture.completedFuture(event.getId()));
        gateway.subscribeAsync("a", event -> {
            return CompletableFuture.completedFuture(null);
        });
        gateway.subscribeAsync("a", this::stageOf);
        gateway.functions().register("f1", (event, context) -> null);
        gateway.functions().register("f2", (event, context) -> event.getId());
        gateway.functions().register("f3", this::function);
        gateway.functions().register("f4", Order.class, (order, context) -> null);
        gateway.functions().register("f5", Order.class, (order, context) -> order.total());
        gateway.functions().register("f6", Order.class, this::function);
        gateway.functions().register("f7", Order.class, (order, context) -> {
            throw new IOException(order.id());
        });
        gateway.subscribe("a", "f1");
        gateway.subscribe(Subscription.to("a").function("f2").build());
        InvocationResult result = gateway.invoke("f2", null);
        String text = gateway.invoke("f2", Event.of("a", 1), String.class);
        CompletableFuture<InvocationResult> later = gateway.invokeAsync("f2", null);

        assertThat(gateway.subscriptions().list()).hasSize(20);
    }

    private void takesEvent(Event event) {}

    private void takesObjectAndThrows(Object value) throws IOException {
        throw new IOException(String.valueOf(value));
    }

    private void takesOrder(Order order) {}

    private void overloaded(Event event) {}

    private void overloaded(Order order) {}

    private CompletionStage<Void> stageOf(Event event) {
        return CompletableFuture.completedFuture(null);
    }

    private Object function(Event event, FunctionContext context) {
        return event.getId();
    }

    private Object function(Order order, FunctionContext context) {
        return order.id();
    }

    @Test
    void aTypedHandlerGetsTheEventWhenItAsksForACloudEvent() {
        List<CloudEvent> seen = new CopyOnWriteArrayList<>();
        gateway.subscribe("a", CloudEvent.class, seen::add);

        Emission emission = gateway.emit("a", 1);

        assertThat(reportOf(emission).allDelivered()).isTrue();
        assertThat(seen).containsExactly(emission.event());
    }
}
