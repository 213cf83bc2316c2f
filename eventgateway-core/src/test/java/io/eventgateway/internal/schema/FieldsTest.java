package io.eventgateway.internal.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventgateway.schema.Field;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class FieldsTest {
    private static List<Field> fields(String schema) {
        return Fields.of(EventPlace.of("t", JsonMapper.shared().readTree(schema)));
    }

    private static Field field(List<Field> fields, String path) {
        return fields.stream()
                .filter(field -> field.path().equals(path))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void listsAttributesThenExtensionsThenTheDataWithTypesAndValues() {
        List<Field> fields = fields(
                "{\"type\":\"object\",\"required\":[\"status\"],\"properties\":{"
                        + "\"status\":{\"enum\":[\"paid\",\"open\"],\"description\":\"Where it is\"},"
                        + "\"a.b\":{\"type\":\"integer\",\"examples\":[7]},"
                        + "\"items\":{\"type\":\"array\",\"items\":{\"properties\":{\"sku\":{\"type\":[\"string\",\"null\"]}}}}}}");

        assertThat(fields)
                .extracting(Field::path)
                .startsWith("id", "source", "type", "subject", "time", "datacontenttype", "dataschema", "dataversion")
                .endsWith("data", "data.status", "data['a.b']", "data.items", "data.items[]", "data.items[].sku");
        assertThat(field(fields, "data.status"))
                .isEqualTo(new Field(
                        "data.status",
                        java.util.Set.of("string"),
                        true,
                        List.of("\"open\"", "\"paid\""),
                        List.of(),
                        "Where it is"));
        assertThat(field(fields, "data['a.b']").examples()).containsExactly("7");
        assertThat(field(fields, "data.items[].sku").types()).containsExactlyInAnyOrder("string", "null");
        assertThat(field(fields, "type").values()).containsExactly("\"t\"");
    }

    @Test
    void aSchemaThatRefersToItselfIsListedOnce() {
        List<Field> fields = fields("{\"$ref\":\"#/$defs/t\",\"$defs\":{\"t\":{\"type\":\"object\",\"properties\":{"
                + "\"n\":{},\"left\":{\"$ref\":\"#/$defs/t\"},\"right\":{\"$ref\":\"#/$defs/t\"}}}}}");
        assertThat(fields).extracting(Field::path).contains("data.n", "data.left", "data.right");
        assertThat(fields).hasSizeLessThan(40);
    }

    @Test
    void aSchemaWhosePartsReferToEachOtherManyTimesOverTakesBoundedTime() {
        StringBuilder definitions = new StringBuilder();
        for (int i = 0; i < 60; i++) {
            String next = "{\"$ref\":\"#/$defs/d" + (i + 1) + "\"}";
            definitions.append("\"d" + i + "\":{\"allOf\":[" + next + "," + next + "],\"properties\":{\"p" + i + "\":"
                    + next + "}},");
        }
        List<Field> fields = fields("{\"$ref\":\"#/$defs/d0\",\"$defs\":{" + definitions + "\"d60\":{}}}");
        assertThat(fields).hasSizeLessThanOrEqualTo(10_000);
    }
}
