package io.eventgateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.schema.Discovery;
import io.eventgateway.schema.DiscoveryOptions;
import io.eventgateway.schema.SchemaDifference;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DiscoveryTest {
    private final EventGateway gateway = EventGateway.create();

    @AfterEach
    void close() {
        gateway.close();
    }

    private void emit(String json) {
        gateway.emit(Event.builder("order.placed")
                .data("application/json", json.getBytes(StandardCharsets.UTF_8))
                .build());
    }

    private JsonNode schema() {
        return JsonMapper.shared()
                .readTree(gateway.eventTypes()
                        .discovered("order.placed")
                        .orElseThrow()
                        .schema());
    }

    @Test
    void nothingIsLearnedUnlessItIsAskedFor() {
        emit("{\"total\":1}");

        assertThat(gateway.eventTypes().discovered()).isEmpty();
        assertThat(gateway.eventTypes().discovered("order.placed")).isEmpty();
    }

    @Test
    void typesOptionalMembersFormatsAndRangesAreLearned() {
        gateway.eventTypes().discover(DiscoveryOptions.sampled());
        for (int i = 0; i < 30; i++) {
            emit("{\"total\":" + i + ".5,\"count\":-" + i + ",\"at\":\"2026-12-01T10:00:0" + i % 10
                    + "Z\",\"state\":\"" + (i % 2 == 0 ? "OPEN" : "PAID") + "\",\"lines\":[{\"sku\":\"a" + i + "\"}]"
                    + (i % 3 == 0 ? ",\"note\":null" : "") + "}");
        }

        assertThat(schema()).isEqualTo(JsonMapper.shared().readTree("""
                {"type":"object","properties":{
                  "at":{"type":"string","format":"date-time"},
                  "count":{"type":"integer","minimum":-100,"maximum":100},
                  "lines":{"type":"array","items":{"type":"object","properties":{"sku":{"type":"string"}},"required":["sku"]}},
                  "note":{"type":"null"},
                  "state":{"type":"string","enum":["OPEN","PAID"]},
                  "total":{"type":"number","minimum":0,"maximum":100}},
                 "required":["at","count","lines","state","total"],
                 "$schema":"https://json-schema.org/draft/2020-12/schema"}
                """));
    }

    @Test
    void valuesThatLookPersonalAreNotKept() {
        gateway.eventTypes().discover(DiscoveryOptions.sampled());
        for (int i = 0; i < 50; i++) {
            emit(
                    "{\"email\":\"a@b.example\",\"customerName\":\"Ann\",\"nick\":\"x@y\",\"ref\":\"12345678\",\"apiToken\":\"t\",\"byMail\":{\"ann@b.example\":1},\"byId\":{\"47110815\":2}}");
        }

        assertThat(gateway.eventTypes().discovered("order.placed").orElseThrow().toString())
                .doesNotContain("Ann", "ann@", "a@b", "x@y", "1234", "4711", "enum");
    }

    @Test
    void whatIsLearnedIsBounded() {
        gateway.eventTypes().discover(DiscoveryOptions.sampled().withMaxTypes(2).withMaxMembers(10));
        for (int i = 0; i < 50; i++) {
            Map<String, Integer> data = new LinkedHashMap<>();
            for (int j = 0; j < 50; j++) {
                data.put("m" + j, j);
            }
            gateway.emit("type." + i, data);
        }

        assertThat(gateway.eventTypes().discovered())
                .hasSizeLessThanOrEqualTo(2)
                .allSatisfy(discovery -> assertThat(
                                JsonMapper.shared().readTree(discovery.schema()).get("properties"))
                        .hasSize(10));
    }

    @Test
    void namesThatAreKeysAreNoPartOfASchema() {
        gateway.eventTypes().discover(DiscoveryOptions.sampled());
        StringBuilder many = new StringBuilder("{\"stock\":{\"k\":1");
        for (int i = 0; i < 300; i++) {
            many.append(",\"").append(Integer.toString(i, 36)).append("x\":").append(i);
        }
        emit(many.append("}}").toString());

        assertThat(schema().at("/properties/stock").toString()).isEqualTo("{\"type\":\"object\"}");
    }

    @Test
    void countsTellHowManyEventsPassedAndHowManyWereLookedAt() {
        gateway.eventTypes().discover(DiscoveryOptions.sampled());
        for (int i = 0; i < 1_000; i++) {
            emit("{}");
        }

        Discovery discovery = gateway.eventTypes().discovered("order.placed").orElseThrow();
        assertThat(discovery.events()).isEqualTo(1_000);
        assertThat(discovery.sampled()).isEqualTo(109);
        assertThat(discovery.toDefinition().name()).isEqualTo("order.placed");
    }

    @Test
    void driftSaysWhereEventsAndTheRegisteredSchemaPart() {
        gateway.eventTypes()
                .register(EventTypeDefinition.of("order.placed")
                        .validation(Validation.OFF)
                        .schema("""
                        {"type":"object","required":["id","total"],"properties":{"id":{"type":"string"},"total":{"$ref":"#/$defs/money"},
                         "lines":{"type":"array","items":{"type":"object","properties":{"sku":{"type":"string"}}}},"unused":{}},
                         "$defs":{"money":{"type":"integer"}}}""")
                        .build());
        gateway.eventTypes().discover(DiscoveryOptions.sampled());
        emit("{\"id\":\"a\",\"total\":1.5,\"extra\":true}");
        emit("{\"total\":2,\"lines\":[{\"sku\":7}]}");

        assertThat(gateway.eventTypes().drift("order.placed"))
                .extracting(SchemaDifference::toString)
                .containsExactlyInAnyOrder(
                        "/id was missing now and then, and the schema requires it",
                        "/total was seen as number, and the schema says [integer]",
                        "/extra was seen, and the schema does not have it",
                        "/lines/*/sku was seen as integer, and the schema says [string]",
                        "/unused was never seen");
    }

    @Test
    void optionsThatCantBeMeantAreRefused() {
        for (Runnable refused : List.<Runnable>of(
                () -> DiscoveryOptions.sampled().withSampleEvery(-1),
                () -> DiscoveryOptions.sampled().withMaxTypes(0),
                () -> DiscoveryOptions.sampled().withMaxMembers(1_000_000))) {
            assertThatThrownBy(refused::run)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("must be");
        }
    }
}
