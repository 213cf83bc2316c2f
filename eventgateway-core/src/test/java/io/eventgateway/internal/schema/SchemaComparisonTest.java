package io.eventgateway.internal.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventgateway.schema.SchemaDifference;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

class SchemaComparisonTest {
    private static List<SchemaDifference> between(String before, String after) {
        return SchemaComparison.between(
                JsonMapper.shared().readTree(before), JsonMapper.shared().readTree(after));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | {\"required\":[\"a\"]} | /a is required now | false | true",
                "{\"required\":[\"a\"]} | {} | /a is not required any more | true | false",
                "{\"type\":\"integer\"} | {\"type\":\"number\"} | the data is of type number now, was of type integer | true | false",
                "{\"enum\":[\"a\"]} | {\"enum\":[\"a\",\"b\"]} | the data may be \"b\" now | true | false",
                "{\"enum\":[\"a\",\"b\"]} | {\"enum\":[\"a\"]} | the data can't be \"b\" any more | false | true",
                "{\"minimum\":1} | {\"minimum\":2} | the data has minimum 2 now, was 1 | false | true",
                "{\"maxLength\":1} | {\"maxLength\":2} | the data has maxLength 2 now, was 1 | true | false",
                "{\"properties\":{}} | {\"properties\":{\"a\":{}}} | /a is new | true | true",
                "{\"properties\":{},\"additionalProperties\":false} | {\"properties\":{\"a\":{}},\"additionalProperties\":false} | /a is new | true | false",
                "{\"properties\":{\"a\":{\"items\":{\"type\":\"string\"}}}} | {\"properties\":{\"a\":{\"items\":{\"type\":\"null\"}}}} | /a/* is of type null now, was of type string | false | false",
                "{\"pattern\":\"a\"} | {\"pattern\":\"b\"} | the data pattern is another now | false | false",
                "{\"anyOf\":[{\"type\":\"null\"}]} | {\"anyOf\":[{\"type\":\"string\"}]} | the data differs in anyOf, which is not compared | false | false",
            })
    void saysWhatDiffersAndWhichWayItBreaks(
            String before, String after, String text, boolean isBackward, boolean isForward) {
        assertThat(between(before, after)).singleElement().satisfies(difference -> {
            assertThat(difference).hasToString(text);
            assertThat(difference.isBackward()).isEqualTo(isBackward);
            assertThat(difference.isForward()).isEqualTo(isForward);
        });
    }

    @Test
    void whatIsForPeopleIsNoDifference() {
        assertThat(between("{\"type\":\"object\",\"title\":\"a\"}", "{\"type\":\"object\",\"description\":\"b\"}"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"type\":\"string\",\"$ref\":\"#/$defs/r\"",
                "\"x-y\":1,\"$ref\":\"#/$defs/r\"",
                "\"$ref\":\"#/%24defs/r\"",
                "\"$ref\":\"http://x/y#/$defs/r\"",
                "\"$dynamicRef\":\"#r\"",
            })
    void aReferenceThatIsNotFollowedBreaksWhereItsTargetMayHaveChanged(String reference) {
        String schema = "{\"$id\":\"http://x/y\",\"properties\":{\"a\":{" + reference
                + "}},\"$defs\":{\"r\":{\"$dynamicAnchor\":\"r\",\"type\":TYPE}}}";

        assertThat(between(schema.replace("TYPE", "[\"number\",\"string\"]"), schema.replace("TYPE", "\"string\"")))
                .singleElement()
                .satisfies(difference -> {
                    assertThat(difference.pointer()).isEqualTo("/a");
                    assertThat(difference.isBackward()).isFalse();
                    assertThat(difference.isForward()).isFalse();
                });
    }

    @Test
    void followsReferencesAndThoseThatReferToThemselves() {
        String tree = "{\"$ref\":\"#/$defs/t\",\"$defs\":{\"t\":{\"properties\":{\"n\":{\"type\":\"%s\"},"
                + "\"c\":{\"items\":{\"$ref\":\"#/$defs/t\"}}}}}}";
        assertThat(between(String.format(tree, "string"), String.format(tree, "integer")))
                .singleElement()
                .hasToString("/n is of type integer now, was of type string");
    }

    @Test
    void whatRefersToSomethingThatChangedInAPartThatIsNotComparedIsNamed() {
        String schema = "{\"anyOf\":[{\"$ref\":\"#/$defs/t\"}],\"$defs\":{\"t\":{\"type\":\"%s\"}}}";
        assertThat(between(String.format(schema, "string"), String.format(schema, "integer")))
                .singleElement()
                .satisfies(difference -> assertThat(difference.isBackward()).isFalse());
    }
}
