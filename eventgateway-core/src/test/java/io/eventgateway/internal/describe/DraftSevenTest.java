package io.eventgateway.internal.describe;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DraftSevenTest {
    private static JsonNode json(String text) {
        return JsonMapper.shared().readTree(text.replace('\'', '"'));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a reference to a definition | {'$defs':{'A':{}},'$ref':'#/$defs/A'} | {'$defs':{'A':{}},'$ref':'#/p/$defs/A'}",
                "a reference to the whole | {'items':{'$ref':'#'}} | {'items':{'$ref':'#/p'}}",
                "a reference to nothing | {'$ref':'#/$defs/A'} | {'x-ref':'#/$defs/A'}",
                "a reference elsewhere | {'$ref':'https://example.com/a.json'} | {'x-ref':'https://example.com/a.json'}",
                "a reference to an anchor | {'$defs':{'A/b':{'$anchor':'a'}},'$ref':'#a'} | {'$defs':{'A/b':{}},'$ref':'#/p/$defs/A~1b'}",
                "a reference by its own id | {'$id':'urn:x','not':{'$ref':'urn:x'}} | {'not':{'$ref':'#/p'}}",
                "a reference within a schema of its own id | {'$defs':{'A':{'$id':'urn:a','$defs':{'B':{}},'$ref':'#/$defs/B'}}} | {'$defs':{'A':{'$defs':{'B':{}},'$ref':'#/p/$defs/A/$defs/B'}}}",
                "a reference into a tuple | {'prefixItems':[{}],'not':{'$ref':'#/prefixItems/0'}} | {'items':[{}],'not':{'$ref':'#/p/items/0'}}",
                "a tuple | {'prefixItems':[true],'items':false} | {'items':[true],'additionalItems':false}",
                "data that looks like a schema | {'const':{'$ref':'#/a'},'enum':[{'$id':'b'}]} | {'const':{'$ref':'#/a'},'enum':[{'$id':'b'}]}",
                "a property that is called like a keyword | {'properties':{'$ref':{'type':'string'},'$id':true}} | {'properties':{'$ref':{'type':'string'},'$id':true}}",
                "the dialect | {'$schema':'https://json-schema.org/draft/2020-12/schema'} | {}",
                "everything | true | true"
            })
    void writesASchemaAsAPartOfADocument(String what, String schema, String expected) {
        assertThat(DraftSeven.of(json(schema), "#/p")).isEqualTo(json(expected));
    }
}
