package io.eventgateway.test;

import static io.eventgateway.test.GatewayAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.Event;
import io.eventgateway.error.InvalidEventException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

class RoundTripTest {
    record Callback(Runnable run) {}

    record Order(String orderId, double total, Set<String> tags) {}

    /** What the class says of itself is written, and nothing can be read back into it. */
    static final class Sealed {
        private final int amount;

        Sealed(int cents, int times) {
            this.amount = cents * times;
        }

        public int getAmount() {
            return amount;
        }
    }

    /** It can be made without its amount, which is lost. */
    static final class Forgetful {
        private transient int amount;

        static Forgetful of(int amount) {
            Forgetful made = new Forgetful();
            made.amount = amount;
            return made;
        }

        public int getAmount() {
            return amount;
        }
    }

    enum Size {
        SMALL {},
        LARGE
    }

    static Stream<Named<Object>> whatSurvives() {
        return Stream.of(
                Named.of("record", new Order("o-1", 1.10, Set.of("a", "b", "c", "d"))),
                Named.of("map", Map.of("id", 1)),
                Named.of("list", List.of(1, 2)),
                Named.of("text", "text"),
                Named.of("number", 12.5),
                Named.of("bytes", new byte[] {1, 2}),
                Named.of("constant", Size.SMALL),
                Named.of("tree", JsonMapper.shared().createObjectNode().put("id", 1)));
    }

    @ParameterizedTest
    @MethodSource("whatSurvives")
    void deliversWhatARestartWouldGiveBack(Object data) {
        try (TestGateway gateway = TestGateway.roundTripping()) {
            RecordingFunction f = new RecordingFunction();
            gateway.functions().register("f", f);
            gateway.subscribe("a", "f");
            Event event = Event.builder("a")
                    .subject("s")
                    .extension("tenant", "acme")
                    .data(data)
                    .build();

            gateway.emit(event);

            Event delivered = f.lastEvent();
            assertThat(delivered.getId()).isEqualTo(event.getId());
            assertThat(delivered.getExtension("tenant")).isEqualTo("acme");
            assertThat(delivered.getDataContentType()).isEqualTo(event.getDataContentType());
            assertThat(delivered.dataAs(byte[].class)).isEqualTo(event.dataAs(byte[].class));
        }
    }

    @Test
    void functionsDoNotGetTheObjectThatWasEmitted() {
        try (TestGateway gateway = TestGateway.roundTripping()) {
            RecordingFunction f = new RecordingFunction();
            gateway.functions().register("f", f);
            gateway.subscribe("a", "f");
            Order order = new Order("o-1", 1, Set.of());

            gateway.emit("a", order);

            assertThat(f.lastEvent().dataAs(Order.class)).isEqualTo(order).isNotSameAs(order);
        }
    }

    static Stream<Named<Object>> whatIsLost() {
        Runnable lambda = () -> {};
        return Stream.of(
                Named.of("no constructor", new Sealed(3, 1)),
                Named.of("lost member", Forgetful.of(3)),
                Named.of("lambda", lambda),
                Named.of("lambda inside", new Callback(lambda)),
                Named.of("anonymous class", new Object() {}));
    }

    @ParameterizedTest
    @MethodSource("whatIsLost")
    void refusesWhatARestartWouldLose(Object data) {
        try (TestGateway gateway = TestGateway.roundTripping()) {
            gateway.functions().register("f", new RecordingFunction());
            gateway.subscribe("a", "f");

            assertThatThrownBy(() -> gateway.emit("a", data))
                    .isInstanceOf(InvalidEventException.class)
                    .hasMessageContaining("of type 'a' would not survive a restart")
                    .hasMessageContaining(data.getClass().getName());
            assertThat(gateway).neverDelivered("a");
            assertThat(gateway.timeline()).contains("emit a").contains("would not survive a restart");
        }
    }

    @Test
    void goesByTheGatewaysMapper() {
        JsonMapper mapper = JsonMapper.builder()
                .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .build();
        try (TestGateway gateway = TestGateway.roundTripping(builder -> builder.jsonMapper(mapper))) {
            RecordingFunction f = new RecordingFunction();
            gateway.functions().register("f", f);
            gateway.subscribe("a", "f");
            Order order = new Order("o-1", 2, Set.of("x"));

            gateway.emit("a", order);

            assertThat(f.lastEvent().dataAsJson().has("order_id")).isTrue();
            assertThat(f.lastEvent().dataAs(Order.class)).isEqualTo(order);
        }
    }

    @Test
    void whatAFunctionEmitsPassesThroughItsJsonTooAndItsChainGoesOn() {
        try (TestGateway gateway = TestGateway.roundTripping()) {
            gateway.functions().register("f", (event, context) -> Event.of("b", new Sealed(1, 1)));
            gateway.functions().register("g", (event, context) -> Event.of("c", new Order("o-2", 1, Set.of())));
            RecordingFunction last = new RecordingFunction();
            gateway.functions().register("last", last);
            gateway.subscribe("a", "f");
            gateway.subscribe("a", "g");
            gateway.subscribe("b", "last");
            gateway.subscribe("c", "last");

            Event first = gateway.emit("a", 1).event();

            assertThat(last.events()).extracting(Event::getType).containsExactly("c");
            assertThat(last.lastEvent().getCausationId()).isEqualTo(first.getId());
            assertThat(gateway.timeline()).contains("emit b").contains("would not survive a restart");
        }
    }
}
