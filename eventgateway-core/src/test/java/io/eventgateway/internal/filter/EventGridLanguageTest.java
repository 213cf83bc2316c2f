package io.eventgateway.internal.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.Event;
import io.eventgateway.error.InvalidFilterException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** Event Grid's rules for what is missing, null, of another type, or an array ("Understand event filtering", its documentation). */
class EventGridLanguageTest {
    private static boolean matches(String filter, String data) {
        Event event = Event.builder("Order.Placed")
                .source("/shop")
                .subject("/Blobs/1")
                .data("application/json", data.getBytes(StandardCharsets.UTF_8))
                .build();
        return Evaluation.holds(Filters.eventGrid(filter).condition(), new TreeView(event));
    }

    private static String advanced(String operator, String operand, boolean arrays) {
        return "{\"enableAdvancedFilteringOnArrays\":" + arrays + ",\"advancedFilters\":[{\"operatorType\":\""
                + operator + "\",\"key\":\"data.k\"" + (operand.isEmpty() ? "" : "," + operand) + "}]}";
    }

    /** Whether it matches where the key is missing, null, a string, a number, a boolean, and an array of one that matches. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "NumberIn                  | \"values\":[1]       | false | false | false | true  | false",
                "NumberNotIn               | \"values\":[2]       | true  | false | false | true  | false",
                "NumberLessThan            | \"value\":2          | false | false | false | true  | false",
                "NumberLessThanOrEquals    | \"value\":1          | false | false | false | true  | false",
                "NumberGreaterThan         | \"value\":0          | false | false | false | true  | false",
                "NumberGreaterThanOrEquals | \"value\":1          | false | false | false | true  | false",
                "NumberInRange             | \"values\":[[0,1]]   | false | false | false | true  | false",
                "NumberNotInRange          | \"values\":[[2,3]]   | true  | false | false | true  | false",
                "BoolEquals                | \"value\":true       | false | false | false | false | true",
                "StringIn                  | \"values\":[\"X\"]   | false | false | true  | false | false",
                "StringNotIn               | \"values\":[\"y\"]   | true  | true  | true  | true  | true",
                "StringBeginsWith          | \"values\":[\"X\"]   | false | false | true  | false | false",
                "StringNotBeginsWith       | \"values\":[\"y\"]   | false | true  | true  | true  | true",
                "StringEndsWith            | \"values\":[\"X\"]   | false | false | true  | false | false",
                "StringNotEndsWith         | \"values\":[\"y\"]   | false | true  | true  | true  | true",
                "StringContains            | \"values\":[\"X\"]   | false | false | true  | false | false",
                "StringNotContains         | \"values\":[\"y\"]   | false | true  | true  | true  | true",
                "IsNullOrUndefined         | ``                   | true  | true  | false | false | false",
                "IsNotNull                 | ``                   | false | false | true  | true  | true",
            })
    void decidesByTheTypeOfWhatIsAtTheKey(
            String operator,
            String operand,
            boolean missing,
            boolean isNull,
            boolean string,
            boolean number,
            boolean bool) {
        String filter = advanced(operator, operand, false);
        assertThat(matches(filter, "{}")).as("missing").isEqualTo(missing);
        assertThat(matches(filter, "{\"k\":null}")).as("null").isEqualTo(isNull);
        assertThat(matches(filter, "{\"k\":\"x\"}")).as("string").isEqualTo(string);
        assertThat(matches(filter, "{\"k\":1}")).as("number").isEqualTo(number);
        assertThat(matches(filter, "{\"k\":true}")).as("boolean").isEqualTo(bool);
    }

    /** Of an array: one element for the plain operators, every element for the Not forms; without the switch, none at all. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "NumberIn            | \"values\":[1]     | [1,5]         | true  | [5]           | false",
                "NumberNotIn         | \"values\":[1]     | [5,6]         | true  | [1,5]         | false",
                "NumberLessThan      | \"value\":2        | [9,1]         | true  | [9]           | false",
                "NumberInRange       | \"values\":[[1,2]] | [2]           | true  | [3]           | false",
                "NumberNotInRange    | \"values\":[[1,2]] | [3]           | true  | [3,2]         | false",
                "BoolEquals          | \"value\":true     | [false,true]  | true  | [false]       | false",
                "StringIn            | \"values\":[\"a\"] | [\"b\",\"A\"] | true  | [\"b\"]       | false",
                "StringNotIn         | \"values\":[\"a\"] | [\"b\",\"c\"] | true  | [\"b\",\"A\"] | false",
                "StringBeginsWith    | \"values\":[\"a\"] | [\"Ab\"]      | true  | [\"b\"]       | false",
                "StringNotBeginsWith | \"values\":[\"a\"] | [\"b\"]       | true  | [\"b\",\"a\"] | false",
                "StringNotEndsWith   | \"values\":[\"a\"] | [\"ab\"]      | true  | [\"ba\"]      | false",
                "StringContains      | \"values\":[\"a\"] | [\"bAb\"]     | true  | []            | false",
                "StringNotContains   | \"values\":[\"a\"] | []            | true  | [\"cab\"]     | false",
            })
    void decidesByTheElementsOfAnArrayWhereThatIsEnabled(
            String operator, String operand, String one, boolean ofOne, String other, boolean ofOther) {
        assertThat(matches(advanced(operator, operand, true), "{\"k\":" + one + "}"))
                .isEqualTo(ofOne);
        assertThat(matches(advanced(operator, operand, true), "{\"k\":" + other + "}"))
                .isEqualTo(ofOther);
        assertThat(matches(advanced(operator, operand, false), "{\"k\":" + one + "}"))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"advancedFilters\":[{\"operatorType\":\"StringIn\",\"key\":\"Subject\",\"values\":[\"/blobs/1\"]}]}",
                "{\"advancedFilters\":[{\"operatorType\":\"StringIn\",\"key\":\"EventType\",\"values\":[\"order.placed\"]}]}",
                "{\"advancedFilters\":[{\"operatorType\":\"StringIn\",\"key\":\"Topic\",\"values\":[\"/SHOP\"]}]}",
                "{\"advancedFilters\":[{\"operatorType\":\"StringIn\",\"key\":\"source\",\"values\":[\"/SHOP\"]}]}",
                "{\"advancedFilters\":[{\"operatorType\":\"StringIn\",\"key\":\"Data.k.below\",\"values\":[\"x\"]}]}",
                "{\"includedEventTypes\":[\"All\"]}",
                "{\"includedEventTypes\":[\"order.PLACED\"]}",
                "{\"subjectBeginsWith\":\"\",\"subjectEndsWith\":\"\"}",
            })
    void keysAreNamesOfEventGridOrOfCloudEventsInAnyCase(String filter) {
        assertThat(matches(filter, "{\"k\":{\"below\":\"x\"}}")).isTrue();
    }

    /** The documentation and the portal of 2018, Event Grid on IoT Edge, and Azure's API and templates of today. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"Operator\":\"StringContains\",\"Key\":\"Subject\",\"Values\":[\"a\",\"b\"]} | {\"operatorType\":\"StringContains\",\"key\":\"Subject\",\"values\":[\"a\",\"b\"]}",
                "{\"Operator\":\"NumberGreaterThanOrEquals\",\"Key\":\"Data.Key1\",\"Values\":5} | {\"operatorType\":\"NumberGreaterThanOrEquals\",\"key\":\"Data.Key1\",\"value\":5}",
                "{\"operator\":\"BoolEquals\",\"key\":\"data.b\",\"values\":true} | {\"operatorType\":\"BoolEquals\",\"key\":\"data.b\",\"value\":true}",
                "{\"OperatorType\":\"NumberLessThan\",\"Key\":\"data.n\",\"Value\":5} | {\"operatorType\":\"NumberLessThan\",\"key\":\"data.n\",\"value\":5}",
                "{\"Key\":\"data.n\",\"OperatorType\":\"IsNotNull\"} | {\"operatorType\":\"IsNotNull\",\"key\":\"data.n\"}",
            })
    void olderSpellingsMeanTheSameAndArePrintedInTheNewOne(String older, String newer) {
        Filters.Compiled filter = Filters.eventGrid("{\"advancedFilters\":[" + older + "],\"subjectEndsWith\":\"z\"}");
        assertThat(filter.written())
                .isEqualTo(Filters.eventGrid("{\"advancedFilters\":[" + newer + "],\"subjectEndsWith\":\"z\"}")
                        .written());
        assertThat(filter.written().toString()).contains(newer);
        assertThat(filter.condition())
                .isEqualTo(Filters.eventGrid("{\"subjectEndsWith\":\"z\",\"advancedFilters\":[" + newer + "]}")
                        .condition());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"Operator\":\"In\",\"Key\":\"a\",\"Values\":[1]}      | /advancedFilters/0/Operator | NumberIn",
                "{\"Operator\":\"NumberIn\",\"Key\":\"a\",\"Values\":[true]} | /advancedFilters/0/Values/0 | a number",
                "{\"Operator\":\"NumberIn\",\"Key\":\"a\",\"Values\":1}   | /advancedFilters/0/Values | an array of the values",
                "{\"Operator\":\"NumberLessThan\",\"Key\":\"a\",\"Values\":[1]} | /advancedFilters/0/Values | value",
                "{\"Operator\":\"IsNotNull\",\"operatorType\":\"IsNotNull\",\"Key\":\"a\"} | /advancedFilters/0/operatorType | both 'Operator' and 'operatorType'",
                "{\"Operator\":\"IsNotNull\",\"Key\":\"a\",\"key\":\"a\"} | /advancedFilters/0/key | both 'Key' and 'key'",
                "{\"operatorType\":\"NumberIn\",\"key\":\"a\",\"values\":[1],\"Values\":[1]} | /advancedFilters/0/Values | both 'values' and 'Values'",
                "{\"OPERATOR\":\"NumberIn\",\"key\":\"a\",\"values\":[1]} | /advancedFilters/0/OPERATOR | operatorType, key",
            })
    void whatIsNotValidInAnOlderSpellingIsRefusedWhereItIs(String advanced, String position, String message) {
        assertThatThrownBy(() -> Filters.eventGrid("{\"advancedFilters\":[" + advanced + "]}"))
                .isInstanceOfSatisfying(InvalidFilterException.class, e -> assertThat(e.position())
                        .isEqualTo(position))
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"subjectBegins\":\"a\"}                                   | /subjectBegins                 | subjectBeginsWith",
                "{\"subjectBeginsWith\":1}                                   | /subjectBeginsWith             | a string",
                "{\"isSubjectCaseSensitive\":\"yes\"}                        | /isSubjectCaseSensitive        | true or false",
                "{\"includedEventTypes\":[]}                                 | /includedEventTypes            | event types",
                "{\"advancedFilters\":{}}                                    | /advancedFilters               | an array",
                "{\"advancedFilters\":[{\"key\":\"a\"}]}                     | /advancedFilters/0             | operatorType",
                "{\"advancedFilters\":[{\"operatorType\":\"IsNotNull\"}]}    | /advancedFilters/0             | key",
                "{\"advancedFilters\":[{\"operatorType\":\"In\",\"key\":\"a\",\"values\":[1]}]} | /advancedFilters/0/operatorType | NumberIn",
                "{\"advancedFilters\":[{\"operatorType\":\"NumberIn\",\"key\":\"a\",\"value\":1}]} | /advancedFilters/0/value | values",
                "{\"advancedFilters\":[{\"operatorType\":\"NumberIn\",\"key\":\"a\",\"values\":[\"1\"]}]} | /advancedFilters/0/values/0 | a number",
                "{\"advancedFilters\":[{\"operatorType\":\"NumberInRange\",\"key\":\"a\",\"values\":[[2,1]]}]} | /advancedFilters/0/values/0 | lowest",
                "{\"advancedFilters\":[{\"operatorType\":\"IsNotNull\",\"key\":\"a..b\"}]} | /advancedFilters/0/key | data.total",
                "{\"advancedFilters\":[{\"operatorType\":\"IsNotNull\",\"key\":\"a\",\"value\":1}]} | /advancedFilters/0/value | neither",
            })
    void whatIsNotValidIsRefusedWithItsPosition(String filter, String position, String accepted) {
        assertThatThrownBy(() -> Filters.eventGrid(filter))
                .isInstanceOfSatisfying(InvalidFilterException.class, e -> {
                    assertThat(e.language()).isEqualTo("eventGrid");
                    assertThat(e.position()).isEqualTo(position);
                })
                .hasMessageContaining("found")
                .hasMessageContaining(accepted);
    }

    /** An object, and an array in the array, are no numbers, with filtering on arrays as without. */
    @ParameterizedTest
    @ValueSource(strings = {"{\"n\":{}}", "{\"n\":[{}]}", "{\"n\":[[1]]}", "{\"n\":\"x\"}"})
    void whatIsNoNumberPassesNoTestOfNumbers(String data) {
        for (String operator : List.of("NumberNotIn\",\"values\":[1]", "NumberNotInRange\",\"values\":[[1,2]]")) {
            Condition condition = Filters.eventGrid("{\"enableAdvancedFilteringOnArrays\":true,\"advancedFilters\":["
                            + "{\"key\":\"data.n\",\"operatorType\":\"" + operator + "}]}")
                    .condition();
            Event event = Event.of("t", JsonMapper.shared().readTree(data));
            assertThat(Evaluation.holds(condition, new TreeView(event))).isFalse();
        }
    }
}
