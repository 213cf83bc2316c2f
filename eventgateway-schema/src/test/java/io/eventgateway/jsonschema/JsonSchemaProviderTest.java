package io.eventgateway.jsonschema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.error.InvalidEventTypeException;
import io.eventgateway.schema.Violation;
import io.eventgateway.spi.SchemaProvider;
import io.eventgateway.spi.SchemaProvider.Resolver;
import io.eventgateway.spi.SchemaProvider.Validator;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

class JsonSchemaProviderTest {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(tools.jackson.databind.DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();
    private static final Resolver NONE = address -> null;

    private final JsonSchemaProvider provider = new JsonSchemaProvider();

    private static JsonNode json(String text) {
        return MAPPER.readTree(text.replace('\'', '"'));
    }

    private Validator compile(String schema) {
        return provider.compile(schema.replace('\'', '"'), NONE);
    }

    private List<Violation> violations(String schema, String data) {
        return compile(schema).validate(json(data), 20);
    }

    @Test
    void aSchemaThatRefersToItselfMustGoIntoTheData() {
        for (String endless : List.of(
                "{'$ref':'#'}",
                "{'$defs':{'a':{'allOf':[{'type':'object'},{'$ref':'#/$defs/b'}]},'b':{'anyOf':[{'$ref':'#/$defs/a'},true]}},"
                        + "'$ref':'#/$defs/a','unevaluatedProperties':false}",
                "{'properties':{'a':{'not':{'$ref':'#/properties/a'}}}}")) {
            assertThatThrownBy(() -> compile(endless))
                    .isInstanceOf(InvalidEventTypeException.class)
                    .hasMessageContaining("refers to itself without going into the data");
        }
        assertThat(violations(
                        "{'$defs':{'t':{'properties':{'c':{'items':{'$ref':'#/$defs/t'}},'n':{'type':'integer'}}}},'$ref':'#/$defs/t'}",
                        "{'c':[{'c':[{'n':'x'}]}]}"))
                .hasSize(1);
    }

    @Test
    void serviceLoaderFindsIt() {
        assertThat(ServiceLoader.load(SchemaProvider.class)).hasExactlyElementsOfTypes(JsonSchemaProvider.class);
    }

    @ParameterizedTest(name = "{0} of {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                {'type':'object','required':['total']}            | {}                | /total   | required             | a value, since the member is required               | nothing
                {'properties':{'total':{'type':'number'}}}        | {'total':'3'}     | /total   | type                 | of type number                                      | "3"
                {'properties':{'a':{'type':['string','null']}}}   | {'a':3}           | /a       | type                 | of type string or null                              | 3
                {'properties':{'a':{}},'additionalProperties':false} | {'b':1}        | /b       | additionalProperties | left out, since the schema has no such member       | 1
                {'properties':{},'unevaluatedProperties':false}   | {'b/~':1}         | /b~1~0   | unevaluatedProperties | left out, since the schema has no such member      | 1
                {'properties':{'s':{'enum':['new','paid']}}}      | {'s':'gone'}      | /s       | enum                 | one of ["new","paid"]                               | "gone"
                {'properties':{'s':{'const':1}}}                  | {'s':2}           | /s       | const                | 1                                                   | 2
                {'items':{'minimum':0}}                           | [1,-2]            | /1       | minimum              | a number of at least 0                              | -2
                {'maximum':9}                                     | 10                | ``       | maximum              | a number of at most 9                               | 10
                {'exclusiveMinimum':0}                            | 0                 | ``       | exclusiveMinimum     | a number greater than 0                             | 0
                {'multipleOf':0.01}                               | 0.005             | ``       | multipleOf           | a multiple of 0.01                                  | 0.005
                {'minLength':2}                                   | 'a'               | ``       | minLength            | text of at least 2 characters                       | "a"
                {'pattern':'^[a-z]+$'}                            | 'A'               | ``       | pattern              | text that matches "^[a-z]+$"                        | "A"
                {'format':'date-time'}                            | 'now'             | ``       | format               | text of the format "date-time"                      | "now"
                {'maxItems':1}                                    | [1,2]             | ``       | maxItems             | an array of at most 1 elements                      | [1,2]
                {'uniqueItems':true}                              | [1,1]             | ``       | uniqueItems          | an array without equal elements                     | [1,1]
                {'not':{'type':'null'}}                           | null              | ``       | not                  | other than what the schema excludes                 | null
                {'properties':{'a':false}}                        | {'a':1}           | /a       | false                | left out, since the schema accepts no value here    | 1
                """)
    void saysWhatIsWantedWhereAndWhatIsFound(
            String schema, String data, String pointer, String keyword, String wanted, String found) {
        assertThat(violations(schema, data)).containsExactly(new Violation(pointer, keyword, wanted, found));
    }

    @Test
    void acceptsDataThatHasTheSchema() {
        assertThat(violations("{'properties':{'total':{'type':'number'}},'required':['total']}", "{'total':3}"))
                .isEmpty();
        assertThat(violations("true", "{'total':3}")).isEmpty();
        assertThat(violations("false", "{'total':3}")).hasSize(1);
    }

    @Test
    void tellsAtMostAsManyViolationsAsAreWanted() {
        Validator validator = compile("{'items':{'type':'string'}}");

        assertThat(validator.validate(json("[" + "1,".repeat(1000) + "1]"), 3))
                .extracting(Violation::pointer)
                .containsExactly("/0", "/1", "/2");
    }

    @Test
    void cutsWhatIsFoundAndKeepsDataOutOfWhatIsWanted() {
        Violation violation = violations(
                        "{'properties':{'card':{'maxLength':4}}}", "{'card':'" + "4".repeat(500) + "'}")
                .get(0);

        assertThat(violation.found()).hasSizeLessThanOrEqualTo(100).startsWith("\"4444");
        assertThat(violation.toString()).isEqualTo("/card: text of at most 4 characters (maxLength)");
    }

    @Test
    void exactNumbersAreComparedExactly() {
        assertThat(violations("{'multipleOf':2}", "9007199254740993")).hasSize(1);
        assertThat(violations("{'maximum':9007199254740992}", "9007199254740993"))
                .hasSize(1);
        assertThat(violations("{'maximum':0.1}", "0.10000000000000000001")).hasSize(1);
        assertThat(violations("{'type':'integer'}", "1.0")).isEmpty();
    }

    @Test
    void draft7IsKnownByItsName() {
        String draft7 = "{'$schema':'http://json-schema.org/draft-07/schema#','items':[{'type':'string'}],"
                + "'definitions':{'a':{'type':'null'}},'additionalItems':{'$ref':'#/definitions/a'}}";

        assertThat(violations(draft7, "['a',null]")).isEmpty();
        assertThat(violations(draft7, "[1,2]")).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({
        "http://json-schema.org/draft-04/schema#",
        "https://json-schema.org/draft/2019-09/schema",
        "https://example.com/my-dialect"
    })
    void refusesOtherDialects(String dialect) {
        assertThatThrownBy(() -> compile("{'$schema':'" + dialect + "'}"))
                .isInstanceOf(InvalidEventTypeException.class)
                .hasMessage("the $schema of the schema must be one of https://json-schema.org/draft/2020-12/schema, "
                        + "http://json-schema.org/draft-07/schema#, or left out for the first, was \"" + dialect
                        + "\"");
    }

    @Test
    void refusesOtherDialectsWithinASchema() {
        assertThatThrownBy(() -> compile("{'$defs':{'a':{'$id':'https://example.com/a','$schema':"
                        + "'http://json-schema.org/draft-04/schema#'}},'$ref':'https://example.com/a'}"))
                .isInstanceOf(InvalidEventTypeException.class);
    }

    @Test
    void namesEverythingThatIsWrongWithASchema() {
        assertThatThrownBy(() -> compile("{'type':'strin','properties':{'a':{'minimum':'0'}},'required':'a'}"))
                .isInstanceOf(InvalidEventTypeException.class)
                .hasMessageContaining("/type must be")
                .hasMessageContaining("was \"strin\"")
                .hasMessageContaining("/properties/a/minimum must be of type number, was \"0\"")
                .hasMessageContaining("/required must be of type array, was \"a\"");
        assertThatThrownBy(() ->
                        compile("{'$schema':'http://json-schema.org/draft-07/schema#','definitions':{'a':{'type':7}}}"))
                .isInstanceOf(InvalidEventTypeException.class)
                .hasMessageContaining("/definitions/a/type must be");
    }

    @Test
    void refusesWhatIsNoSchemaAtAll() {
        for (String text : List.of("", "{", "7", "'a'", "[]", "null", "{'a':1,'a':2}", "{} {}")) {
            assertThatThrownBy(() -> compile(text)).as(text).isInstanceOf(InvalidEventTypeException.class);
        }
    }

    @ParameterizedTest
    @CsvSource({"#/$defs/b", "#/definitions/a", "#nowhere", "other.json", "https://example.com/other.json"})
    void refusesReferencesToWhatIsNotThere(String reference) {
        assertThatThrownBy(() -> compile("{'$defs':{'a':{}},'properties':{'p':{'$ref':'" + reference + "'}}}"))
                .isInstanceOf(InvalidEventTypeException.class)
                .hasMessageContaining(reference.startsWith("other") ? "other.json" : reference);
    }

    @Test
    void asksTheResolverAloneAndOnlyWhenCompiling() {
        List<URI> asked = new ArrayList<>();
        Resolver resolver = address -> {
            asked.add(address);
            return address.getPath().equals("/money.json") ? "{\"type\":\"object\",\"required\":[\"amount\"]}" : null;
        };
        Validator validator = provider.compile(
                "{\"$id\":\"https://example.com/order.json\",\"properties\":{\"total\":{\"$ref\":\"money.json\"}}}",
                resolver);

        assertThat(asked).containsExactly(URI.create("https://example.com/money.json"));
        assertThat(validator.validate(json("{'total':{}}"), 5))
                .extracting(Violation::pointer)
                .containsExactly("/total/amount");
        assertThat(asked).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "https://example.com/order.json,https://example.com/order.json#/$defs/money",
        "https://example.com/order.json,#/$defs/money",
        "https://example.com/order.json,#money",
        "urn:example:order,#/$defs/money",
        "order.json,#/$defs/money",
        "order.json,order.json#/$defs/money"
    })
    void referencesToTheSchemaItselfNeedNoResolver(String id, String reference) {
        assertThat(violations(
                        "{'$id':'" + id + "','properties':{'total':{'$ref':'" + reference
                                + "'}},'$defs':{'money':{'$anchor':'money','type':'number'}}}",
                        "{'total':'a'}"))
                .extracting(Violation::pointer)
                .containsExactly("/total");
    }

    @Test
    void unknownKeywordsSayNothing() {
        assertThat(violations("{'x-owner':'sales','tsAdditionalProperties':false}", "{'total':3}"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "date-time,2026-12-01T10:00:00Z,true",
        "date-time,2026-12-01t10:00:00.123456789+02:00,true",
        "date-time,2016-12-31T23:59:60Z,true",
        "date-time,2026-12-01T10:00:00,false",
        "date-time,2026-02-30T10:00:00Z,false",
        "date-time,2026-12-01T24:00:00Z,false",
        "date,2026-12-01,true",
        "date,2026-13-01,false",
        "uuid,3f2504e0-4f89-11d3-9a0c-0305e82c3301,true",
        "uuid,3f2504e04f8911d39a0c0305e82c3301,false",
        "uri,https://example.com/a?b#c,true",
        "uri,urn:a:b,true",
        "uri,/a/b,false",
        "uri,https://example.com/a b,false",
        "email,ada@example.com,true",
        "email,ada.example.com,false",
        "email,ada@b@c,false",
        "hostname,not a host,true",
        "time,25:00,true",
        "regex,(,true",
        "my-own,anything,true"
    })
    void assertsFiveFormats(String format, String text, boolean isAccepted) {
        for (String dialect :
                List.of("https://json-schema.org/draft/2020-12/schema", "http://json-schema.org/draft-07/schema#")) {
            assertThat(compile("{'$schema':'" + dialect + "','format':'" + format + "'}")
                            .validate(JsonNodeFactory.instance.stringNode(text), 5)
                            .isEmpty())
                    .isEqualTo(isAccepted);
        }
    }

    @Test
    void classPathAndFilesAreNotLookedInto() {
        for (String address : List.of(
                "classpath:draft-07/schema",
                "resource:io/eventgateway/jsonschema/meta/draft-07.json",
                "file:///etc/passwd",
                "jar:file:/a.jar!/b.json")) {
            assertThatThrownBy(() -> compile("{'$ref':'" + address + "'}"))
                    .as(address)
                    .isInstanceOf(InvalidEventTypeException.class)
                    .hasMessageContaining("which the gateway's schemaResolver does not have");
        }
    }

    @Test
    void metaSchemasMayBeReferredTo() {
        Validator validator = compile("{'$ref':'https://json-schema.org/draft/2020-12/schema'}");

        assertThat(validator.validate(json("{'type':'string'}"), 5)).isEmpty();
        assertThat(validator.validate(json("{'type':1}"), 5)).isNotEmpty();
    }

    @Test
    void refusesWhatTheResolverGivesWhenItIsNoSchema() {
        for (String given : List.of("<html>", "[]", "{\"type\":3}", "{\"$schema\":\"urn:x\"}")) {
            assertThatThrownBy(() -> provider.compile("{\"$ref\":\"https://example.com/a\"}", address -> given))
                    .as(given)
                    .isInstanceOf(InvalidEventTypeException.class)
                    .hasMessageContaining("the schema at 'https://example.com/a'");
        }
        assertThatThrownBy(() -> provider.compile("{\"$ref\":\"https://example.com/a\"}", address -> {
                    throw new IllegalStateException("secret");
                }))
                .isInstanceOf(InvalidEventTypeException.class)
                .hasMessageContaining("could not be resolved (IllegalStateException)")
                .hasMessageNotContaining("secret");
    }
}
