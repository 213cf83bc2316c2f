package io.eventgateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.error.DataConversionException;
import io.eventgateway.error.InvalidEventException;
import io.eventgateway.error.InvalidFilterException;
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
                assertThat(gateway.emit(event).subscriptionIds()).as(data).containsExactly("all");
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
        assertThat(gateway.emit(event).subscriptionIds()).as(what).isEmpty();
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
            assertThat(gateway.emit(event).subscriptionIds()).containsExactly("not");
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
        assertThat(gateway.emit(event).subscriptionIds()).isEmpty();
        assertThat(gateway.explain(event).matched()).isEmpty();
    }

    @Test
    void aNumberOfJavaThatJsonDoesNotHaveIsNoMatch() {
        subscribe("n", Filter.pattern("{\"data\":{\"n\":[{\"numeric\":[\"<\",5]}]}}"));
        assertThat(gateway.emit("t", Map.of("n", Double.POSITIVE_INFINITY)).subscriptionIds())
                .isEmpty();
        assertThat(gateway.emit("t", Map.of("n", new BigDecimal("1e999999999"))).subscriptionIds())
                .isEmpty();
    }

    /** An event is read wherever it stands in a document, as in a batch or in the data of a system event. */
    @Test
    void eventsAreReadWithinOtherDocuments() {
        JsonMapper mapper = JsonMapper.shared();
        Event event = Event.builder("t")
                .source("/s")
                .data("application/json", "{\"n\":1.50}".getBytes(StandardCharsets.UTF_8))
                .build();
        String batch = mapper.writeValueAsString(List.of(event, event));
        for (Event each : mapper.readValue(batch, Event[].class)) {
            assertThat(each.dataAsJson().get("n").decimalValue()).isEqualTo(new BigDecimal("1.50"));
        }
        String record = mapper.writeValueAsString(new SystemEvent.EventReceived("default", event));
        Event read = mapper.readValue(record, SystemEvent.EventReceived.class).event();
        assertThat(read.getId()).isEqualTo(event.getId());
    }

    @Test
    void bytesThatAreNoTextAreKeptInStructuredMode() {
        byte[] bytes = {(byte) 0xff, 0x41};
        Event event = Event.builder("t").source("/s").data("text/plain", bytes).build();
        assertThat(event.toJson().get("data_base64").stringValue()).isEqualTo("/0E=");
        assertThat(Event.fromJson(event.toJson()).dataAs(byte[].class)).isEqualTo(bytes);
    }

    @Test
    void dataInTwoFormsIsRefused() {
        JsonNode json = JsonMapper.shared()
                .readTree(
                        "{\"id\":\"1\",\"source\":\"/\",\"type\":\"t\",\"specversion\":\"1.0\",\"data\":1,\"data_base64\":\"YQ==\"}");
        assertThatThrownBy(() -> Event.fromJson(json))
                .isInstanceOf(InvalidEventException.class)
                .hasMessageContaining("data_base64");
    }

    /** Whether data is JSON depends neither on which filters there are, nor on how often it was read. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":1,\"z\":1e2147483648}",
                "{\"z\":[{\"y\":1E-99999999999}],\"a\":1}",
                "{\"z\":{\"y\":[0e99999999999]},\"a\":1}",
            })
    void aNumberBeyondDecimalsThatNoFilterNamesMakesDataUnreadableAsWell(String data) {
        subscribe("a", Filter.pattern("{\"data\":{\"a\":[1]}}"));
        Event event = json(data);
        for (int i = 0; i < 3; i++) {
            assertThat(gateway.emit(event).subscriptionIds()).isEmpty();
        }
        assertThat(gateway.explain(event).matched()).isEmpty();
        assertThat(gateway.emit(json("{\"a\":1,\"z\":[123456789012.5,1e400,1e-2147483647]}"))
                        .subscriptionIds())
                .containsExactly("a");
    }

    /** A member of an object is what its JSON form has, as it would be after a restart. */
    @Test
    void filtersSeeAnObjectInItsJsonForm() {
        subscribe("bytes", Filter.pattern("{\"data\":{\"n\":[\"AQI=\"]}}"));
        subscribe("nan", Filter.pattern("{\"data\":{\"n\":[\"NaN\"]}}"));
        subscribe("number", Filter.pattern("{\"data\":{\"n\":[{\"numeric\":[\"<\",0]}]}}"));
        for (Object value : List.of(new byte[] {1, 2}, Double.NaN)) {
            Event event = Event.of("t", Map.of("n", value));
            String id = value instanceof byte[] ? "bytes" : "nan";
            assertThat(gateway.emit(event).subscriptionIds()).containsExactly(id);
            assertThat(gateway.explain(event).matched().stream().map(Subscription::id))
                    .containsExactly(id);
        }
    }

    @Test
    void aFilterIsEqualToWhatItsFormIsReadAs() {
        for (String number : List.of("1e0", "0e0", "0.1e1", "9.223372036854775807e18", "1.50")) {
            Filter filter = Filter.pattern("{\"data\":{\"n\":[" + number + "]}}");
            assertThat(Filter.fromJson(filter.toJson())).isEqualTo(filter).hasSameHashCodeAs(filter);
        }
    }

    @Test
    void aFilterWithANumberBeyondDecimalsIsRefused() {
        assertThatThrownBy(() -> Filter.pattern("{\"data\":{\"n\":[1e2147483648]}}"))
                .isInstanceOf(InvalidFilterException.class)
                .hasMessageContaining("10000");
        assertThat(Filter.pattern("{\"data\":{\"n\":[1e10000]}}").toJson()).contains("E+10000");
        assertThatThrownBy(() -> Filter.pattern("{\"data\":{\"n\":[1e10001]}}"))
                .isInstanceOf(InvalidFilterException.class)
                .hasMessageContaining("10000");
    }

    /** What a getter of somebody's data, or a predicate, throws is no match, and nobody else's loss. */
    @Test
    void anAssertionErrorOfForeignCodeDoesNotStopAnEmit() {
        subscribe("predicate", Filter.where(event -> {
            throw new AssertionError("mine");
        }));
        subscribe("data", Filter.pattern("{\"data\":{\"value\":[1]}}"));
        subscribe("plain", Filter.pattern("{\"type\":[\"t\"]}"));
        Object data = new Object() {
            @SuppressWarnings("unused") // read by Jackson
            public int getValue() {
                throw new AssertionError("mine");
            }
        };
        assertThat(gateway.emit("t", data).subscriptionIds()).containsExactly("plain");
        assertThat(gateway.explain(Event.of("t", data)).matched()).hasSize(1);
    }

    /** ISO-2022-CN is a charset that Java decodes and does not encode. */
    @Test
    void textInACharsetThatCanOnlyBeReadIsToldAndIsKeptAsBytes() {
        Event text = Event.builder("t")
                .source("/s")
                .data("text/plain; charset=ISO-2022-CN", (Object) "A")
                .build();
        assertThatThrownBy(() -> text.dataAs(byte[].class))
                .isInstanceOf(DataConversionException.class)
                .hasMessageContaining("ISO-2022-CN");
        subscribe("plain", Filter.pattern("{\"type\":[\"t\"]}"));
        assertThat(gateway.emit(text).subscriptionIds()).containsExactly("plain");
        assertThat(gateway.explain(text).matched()).hasSize(1);

        Event bytes = Event.builder("t")
                .source("/s")
                .data("text/plain; charset=ISO-2022-CN", new byte[] {'A'})
                .build();
        assertThat(Event.fromJson(bytes.toJson()).dataAs(byte[].class)).containsExactly('A');
    }
}
