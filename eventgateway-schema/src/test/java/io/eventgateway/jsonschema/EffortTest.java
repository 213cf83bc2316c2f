package io.eventgateway.jsonschema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.error.InvalidEventTypeException;
import io.eventgateway.schema.Violation;
import io.eventgateway.spi.SchemaProvider.Validator;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Schemas and data that are made to take long, or to break what reads them. */
@Timeout(10)
class EffortTest {
    private static final JsonMapper MAPPER = new JsonMapper();

    private static Validator compile(String schema) {
        return new JsonSchemaProvider().compile(schema.replace('\'', '"'), address -> null);
    }

    private static List<Violation> violations(String schema, JsonNode data) {
        return compile(schema).validate(data, 20);
    }

    private static JsonNode text(String text) {
        return JsonNodeFactory.instance.stringNode(text);
    }

    @ParameterizedTest
    @CsvSource({"^(a+)+$", "^(a|aa)+$", "(.*a){20}$", "^(([a-z])+.)+[A-Z]([a-z])+$"})
    void catastrophicPatternsEnd(String pattern) {
        JsonNode data = text("a".repeat(5_000) + "!");

        assertThat(violations("{'pattern':'" + pattern + "'}", data)).hasSize(1);
        assertThat(violations("{'patternProperties':{'" + pattern + "':false}}", data))
                .isEmpty();
        assertThat(violations(
                        "{'patternProperties':{'" + pattern + "':false}}",
                        JsonNodeFactory.instance.objectNode().put(data.stringValue(), 1)))
                .hasSizeLessThanOrEqualTo(1);
    }

    @Test
    void aPatternThatIsCutShortDoesNotPass() {
        assertThat(violations("{'not':{'pattern':'^(([a-z])+.)+[A-Z]([a-z])+$'}}", text("a".repeat(5_000) + "!")))
                .extracting(Violation::keyword)
                .containsExactly("effort");
    }

    @ParameterizedTest
    @CsvSource({"'(a{1000}){1001}'", "'((((a{99}){99}){99}){99})'", "'('", "'[z-a]'"})
    void refusesPatternsThatCannotBeBoundedOrRead(String pattern) {
        assertThatThrownBy(() -> compile("{'pattern':'" + pattern + "'}"))
                .isInstanceOf(InvalidEventTypeException.class)
                .hasMessageContaining(pattern);
    }

    @Test
    void combinationsThatGrowExponentiallyEnd() {
        StringBuilder schema = new StringBuilder("{'$ref':'#/$defs/a0','$defs':{");
        for (int i = 0; i < 40; i++) {
            schema.append(
                    "'a%d':{'allOf':[{'$ref':'#/$defs/a%d'},{'$ref':'#/$defs/a%d'}]},".formatted(i, i + 1, i + 1));
        }
        String whole = schema + "'a40':{'type':'string'}}}";

        assertThat(violations(whole, text("a"))).extracting(Violation::keyword).containsExactly("effort");
    }

    @Test
    void aReferenceByNameThatLeadsBackEndsWithTheEffort() {
        assertThat(violations("{'$dynamicRef':'#me','$dynamicAnchor':'me'}", text("a")))
                .extracting(Violation::keyword)
                .containsExactly("effort");
    }

    @Test
    void recursiveSchemasReachAsDeepAsJsonDoes() {
        Validator tree = compile("{'type':'object','properties':{'child':{'$ref':'#'}},'additionalProperties':false}");
        ObjectNode deep = JsonNodeFactory.instance.objectNode();
        for (int i = 1; i < 499; i++) {
            ObjectNode parent = JsonNodeFactory.instance.objectNode();
            parent.set("child", deep);
            deep = parent;
        }

        assertThat(tree.validate(deep, 5)).isEmpty();
    }

    @Test
    void dataThatIsDeeperThanJsonMayBeIsRefused() {
        ArrayNode deep = JsonNodeFactory.instance.arrayNode();
        for (int i = 1; i < 50_000; i++) {
            ArrayNode parent = JsonNodeFactory.instance.arrayNode();
            parent.add(deep);
            deep = parent;
        }

        assertThat(violations("{'items':{'$ref':'#'}}", deep))
                .extracting(Violation::keyword)
                .containsExactly("effort");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                {'multipleOf':0.01}
                {'multipleOf':1e-300}
                {'type':'integer'}
                {'enum':[1,2.5]}
                {'const':1e400}
                {'minimum':0,'maximum':10}
                {'uniqueItems':true}
                """)
    void numbersWithHugeExponentsAreChecked(String schema) {
        Validator validator = compile(schema);
        for (String number : List.of("1e400", "1e-400", "1E+99999999", "-1e99999999", "1e-99999999")) {
            BigDecimal value = new BigDecimal(number);
            ArrayNode pair = JsonNodeFactory.instance.arrayNode();
            pair.add(value).add(value);
            validator.validate(JsonNodeFactory.instance.numberNode(value), 5);
            validator.validate(pair, 5);
        }
    }

    @Test
    void hugeSchemasAreCompiled() {
        StringBuilder members = new StringBuilder();
        for (int i = 0; i < 2_000; i++) {
            members.append(i == 0 ? "" : ",").append("'member" + i + "':{'type':'string','maxLength':" + i + "}");
        }
        Validator validator = compile("{'properties':{" + members + "}}");

        assertThat(validator.validate(MAPPER.readTree("{\"member3\":\"four\",\"member4\":\"four\"}"), 5))
                .extracting(Violation::pointer)
                .containsExactly("/member3");
        assertThatThrownBy(() -> compile("{'description':'" + "a".repeat(1024 * 1024) + "'}"))
                .isInstanceOf(InvalidEventTypeException.class)
                .hasMessageStartingWith("the schema must have at most 1048576 characters");
    }

    @Test
    void deepSchemasAreRefusedOrCompiled() {
        assertThatThrownBy(() -> compile("{'items':".repeat(5_000) + "{}" + "}".repeat(5_000)))
                .isInstanceOf(InvalidEventTypeException.class);
        assertThat(violations("{'items':".repeat(100) + "{}" + "}".repeat(100), text("a")))
                .isEmpty();
    }

    @Test
    void manyViolationsAreToldQuickly() {
        StringBuilder data = new StringBuilder("[0");
        data.append(",0".repeat(20_000)).append(']');

        assertThat(violations(
                        "{'items':{'anyOf':[{'type':'string'},{'type':'null'}]}}", MAPPER.readTree(data.toString())))
                .hasSizeBetween(1, 20);
    }

    @Test
    void uniqueItemsOfManyObjectsEnd() {
        ArrayNode many = JsonNodeFactory.instance.arrayNode();
        for (int i = 0; i < 50_000; i++) {
            many.addObject().put("id", i);
        }

        assertThat(violations("{'uniqueItems':true}", many)).isEmpty();
    }

    @Test
    void whatOthersHaveLookedAtIsNotSearchedForInASchemaThatRefersToItself() {
        String schema = "{\"$defs\":{\"r\":{\"properties\":{\"l\":{\"$ref\":\"#/$defs/r\"}},"
                + "\"allOf\":[{\"properties\":{\"l\":{\"$ref\":\"#/$defs/r\"}}}],\"unevaluatedProperties\":false}},"
                + "\"$ref\":\"#/$defs/r\"}";

        assertThatThrownBy(() -> new JsonSchemaProvider().compile(schema, address -> null))
                .isInstanceOf(InvalidEventTypeException.class)
                .hasMessageContaining("use additionalProperties or items there");
    }

    @Test
    void whatOthersHaveLookedAtIsSearchedWithinABound() {
        Validator validator = new JsonSchemaProvider()
                .compile(
                        "{\"items\":{\"allOf\":[{\"properties\":{\"a\":{\"type\":\"integer\"}}}],\"unevaluatedProperties\":false}}",
                        address -> null);
        ArrayNode data = JsonNodeFactory.instance.arrayNode();
        for (int i = 0; i < 50_000; i++) {
            data.addObject().put("a", i);
        }

        assertThat(validator.validate(data, 20)).extracting(Violation::keyword).containsExactly("effort");
    }
}
