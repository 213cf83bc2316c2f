package io.eventgateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.http.HttpRequest;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Data of events as filters, {@code dataAsJson}, structured mode and requests read it: exactly, once, and never at the cost of an emit. */
class ExactDataTest {
    private final EventGateway gateway = EventGateway.create();
    private final List<Event> received = new ArrayList<>();

    @AfterEach
    void close() {
        gateway.close();
    }

    private static Event json(String data) {
        return Event.builder("t")
                .data("application/json", data.getBytes(StandardCharsets.UTF_8))
                .build();
    }

    private void subscribe(String id, Filter filter) {
        gateway.functions().register(id, (event, context) -> {
            received.add(event);
            return null;
        });
        gateway.subscriptions()
                .create(Subscription.to("t")
                        .id(id)
                        .function(id)
                        .filter(filter)
                        .sync()
                        .build());
    }

    /** What Jackson can't hold, what it does not read, and what is no JSON at all. */
    private static List<String> unreadable() {
        return List.of(
                "{\"n\":1e2147483648}",
                "{\"n\":-1e-2147483649}",
                "{\"n\":" + "9".repeat(2_000) + "}",
                "{\"n\":" + "[".repeat(2_000) + "]".repeat(2_000) + "}",
                "{\"n\":1",
                "{\"n\":1} x",
                "{\"n\":NaN}",
                "nonsense");
    }

    @Test
    void noNumberTextOrDepthOfDataStopsAnEmit() {
        subscribe("number", Filter.pattern("{\"data\":{\"n\":[{\"numeric\":[\">\",0]}]}}"));
        subscribe("absent", Filter.pattern("{\"data\":{\"n\":[{\"exists\":true}]}}"));
        gateway.functions().register("all", (event, context) -> null);
        gateway.subscriptions()
                .create(Subscription.to("t").id("all").function("all").sync().build());
        for (String data : unreadable()) {
            Event event = json(data);
            for (int i = 0; i < 3; i++) { // streamed, then as a tree, then as a tree that is known
                assertThat(gateway.emit(event).subscriptions()).as(data).containsExactly("all");
            }
            Explanation explanation = gateway.explain(event);
            assertThat(explanation.matched().stream().map(Subscription::id))
                    .as(data)
                    .containsExactly("all");
            assertThat(explanation.toString()).as(data).contains("data can't be read as JSON: ");
            assertThatThrownBy(event::dataAsJson)
                    .isInstanceOf(DataConversionException.class)
                    .hasMessageContaining("data can't be read as JSON");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"12345678901234567.89", "1.50", "1e400", "9007199254740993", "100.0", "0.1", "-1e-7"})
    void numbersComeOutAsTheyWentIn(String number) {
        BigDecimal expected = new BigDecimal(number);
        Event event = json("{\"n\":" + number + "}");
        assertThat(event.dataAsJson().get("n").decimalValue()).isEqualTo(expected);

        String structured = event.toJson().toString();
        JsonNode read = JsonMapper.shared().readValue(structured, Event.class).dataAsJson();
        assertThat(read.get("n").decimalValue()).isEqualTo(expected);
        assertThat(JsonMapper.shared().writeValueAsString(List.of(event))).contains(new BigDecimal(number).toString());
    }

    @Test
    void theBodyOfARequestKeepsItsNumbers() {
        HttpRequest request = HttpRequest.of("POST", "/orders")
                .body(
                        "application/json",
                        "{\"total\":1.50,\"id\":12345678901234567.89}".getBytes(StandardCharsets.UTF_8))
                .build();
        assertThat(JsonMapper.shared().writeValueAsString(request))
                .contains("1.50")
                .contains("12345678901234567.89");
    }

    @ParameterizedTest
    @CsvSource({
        "22c0af22, overlong solidus",
        "22e080af22, overlong in three bytes",
        "22f08080af22, overlong in four bytes",
        "22eda08022, a surrogate",
        "22f490808022, above U+10FFFF",
        "22c322, cut short",
        "22ff22, no first byte"
    })
    void whatIsNoUtf8IsRefused(String hex, String what) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        Event event = Event.builder("t").data("application/json", bytes).build();
        assertThatThrownBy(event::dataAsJson).as(what).hasMessageContaining("not UTF-8");
        subscribe("any", Filter.pattern("{\"data\":[{\"exists\":true}]}"));
        assertThat(gateway.emit(event).subscriptions()).as(what).isEmpty();
        assertThat(gateway.explain(event).toString()).contains("not UTF-8");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"é\"", "\"€\"", "\"😀\"", "\"\uFFFF\"", "\"\u0080\u07ff\u0800\ud7ff\ue000\""})
    void everyCharacterOfUnicodeIsRead(String text) {
        Event event = json(text);
        assertThat(event.dataAsJson().stringValue()).isEqualTo(text.substring(1, text.length() - 1));
    }

    @Test
    void emptyDataIsNoDataForFiltersAndForExplain() {
        subscribe("exists", Filter.pattern("{\"data\":[{\"exists\":true}]}"));
        subscribe("not", Filter.pattern("{\"data\":[{\"exists\":false}]}"));
        Event event = json("");
        for (int i = 0; i < 3; i++) {
            assertThat(gateway.emit(event).subscriptions()).containsExactly("not");
        }
        assertThat(gateway.explain(event).matched().stream().map(Subscription::id))
                .containsExactly("not");
    }

    @Test
    void dataIsParsedOnceForWhoeverReadsItAgain() {
        Event event = json("{\"n\":1.5}");
        subscribe("n", Filter.pattern("{\"data\":{\"n\":[1.5]}}"));
        gateway.emit(event);
        gateway.emit(event);
        assertThat(received).hasSize(2);
        assertThat(received.get(0).dataAsJson())
                .isSameAs(received.get(1).dataAsJson())
                .isSameAs(event.dataAsJson());
    }

    @Test
    void aTreeThatIsNestedWithoutEndIsNoMatchAndNoError() {
        JsonNode deep = JsonNodeFactory.instance.numberNode(1);
        for (int i = 0; i < 200_000; i++) {
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            array.add(deep);
            deep = array;
        }
        subscribe("n", Filter.pattern("{\"data\":{\"n\":[2],\"m\":[1]}}"));
        Event event = Event.of("t", JsonNodeFactory.instance.objectNode().set("n", deep));
        assertThat(gateway.emit(event).subscriptions()).isEmpty();
        assertThat(gateway.explain(event).matched()).isEmpty();
    }

    @Test
    void aNumberOfJavaThatJsonDoesNotHaveIsNoMatch() {
        subscribe("n", Filter.pattern("{\"data\":{\"n\":[{\"numeric\":[\"<\",5]}]}}"));
        assertThat(gateway.emit("t", Map.of("n", Double.POSITIVE_INFINITY)).subscriptions())
                .isEmpty();
        assertThat(gateway.emit("t", Map.of("n", new BigDecimal("1e999999999"))).subscriptions())
                .isEmpty();
    }
}
