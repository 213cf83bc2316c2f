package io.eventgateway.internal.filter;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventgateway.internal.filter.FilterCheck.Outcome;
import io.eventgateway.internal.filter.FilterCheck.Remark;
import io.eventgateway.internal.schema.EventPlace;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

class FilterCheckTest {
    private static final JsonNode SCHEMA = JsonMapper.shared()
            .readTree(
                    "{\"type\": \"object\", \"required\": [\"total\"], \"additionalProperties\": false, \"properties\": {"
                            + "\"total\": {\"type\": \"number\", \"minimum\": 0},"
                            + "\"status\": {\"enum\": [\"paid\", \"open\"]},"
                            + "\"code\": {\"type\": \"string\", \"minLength\": 2, \"maxLength\": 3, \"pattern\": \"^[A-Z]+$\"},"
                            + "\"items\": {\"type\": \"array\", \"items\": {\"type\": \"object\", \"additionalProperties\": false,"
                            + "  \"properties\": {\"sku\": {\"type\": \"string\"}}}}}}");
    private static final EventPlace ORDERS = EventPlace.of("order", SCHEMA);
    private static final EventPlace ANY = EventPlace.of(null, null);

    private static Remark only(List<Remark> remarks) {
        assertThat(remarks).hasSize(1);
        return remarks.get(0);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"data":{"totl":[1]}}                          | /data/totl       | no event of 'order' can have data.totl                                | did you mean data.total?
            {"data":{"items":{"skus":["a"]}}}              | /data/items/skus | no event of 'order' can have data.items.skus                          | did you mean data.items.sku?
            {"total":[{"numeric":[">",1]}],"Subject":["a"]} | /Subject        | no event of 'order' can have Subject                                  | did you mean subject?
            {"data":{"total":["1"]}}                       | /data/total/0    | data.total can never be "1": 'order' has a number of at least 0        |
            {"data":{"total":[{"numeric":["<",0]}]}}       | /data/total      | data.total can never be numeric < 0: 'order' has a number of at least 0 |
            {"data":{"status":["pad"]}}                    | /data/status/0   | data.status can never be "pad": 'order' has one of "open", "paid"    | did you mean "paid"?
            {"data":{"code":["ABCD"]}}                     | /data/code/0     | data.code can never be "ABCD": 'order' has a string of at most 3 characters of the form ^[A-Z]+$ |
            {"data":{"code":["ab"]}}                       | /data/code/0     | data.code can never be "ab": 'order' has a string of at most 3 characters of the form ^[A-Z]+$ |
            {"type":["other"]}                             | /type/0          | type can never be "other": 'order' has "order"                        |
            """)
    void saysWhereAPatternCanNeverMatchAndWhatWasMeant(
            String pattern, String position, String message, String suggestion) {
        Filters.Compiled filter = Filters.pattern(pattern);
        Remark remark = only(FilterCheck.remarks(filter.condition(), ORDERS, "'order'"));
        assertThat(remark.isError()).isTrue();
        assertThat(remark.message()).isEqualTo(message);
        assertThat(remark.suggestion()).isEqualTo(suggestion);
        ObjectNode form = JsonNodeFactory.instance.objectNode();
        form.set("pattern", filter.written());
        assertThat(FilterPosition.of(form, remark.names(), remark.text())).isEqualTo(position);
    }

    @Test
    void aMemberThatASchemaAllowsAndDoesNotNameIsATypoWhereItNamesANearOne() {
        EventPlace open = EventPlace.of(
                "order",
                JsonMapper.shared()
                        .readTree(
                                "{\"type\": \"object\", \"properties\": {\"lines\": {\"type\": \"array\", \"items\":"
                                        + " {\"type\": \"object\", \"properties\": {\"quantity\": {\"type\": \"integer\"}}}}}}"));
        Remark remark = only(FilterCheck.remarks(
                Filters.pattern("{\"data\":{\"lines\":{\"quantitiy\":[1]}}}").condition(), open, "'order'"));

        assertThat(remark.isError()).isFalse();
        assertThat(remark.message()).isEqualTo("the schema of 'order' does not name data.lines.quantitiy");
        assertThat(remark.suggestion()).isEqualTo("did you mean data.lines.quantity?");
        assertThat(FilterCheck.remarks(
                        Filters.pattern("{\"data\":{\"somethingElse\":[1]}}").condition(), open, "'order'"))
                .isEmpty();
    }

    @Test
    void anAlternativeThatNeverMatchesIsNoErrorWhereAnotherMay() {
        Remark remark = only(FilterCheck.remarks(
                Filters.pattern("{\"data\":{\"status\":[\"paid\",\"payed\"]}}").condition(), ORDERS, "'order'"));
        assertThat(remark.isError()).isFalse();
        assertThat(remark.text()).isEqualTo("payed");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "n > 5 AND n < 3 | NEVER",
                "subject = 'a' AND subject = 'b' | NEVER",
                "subject LIKE 'a%' AND subject LIKE 'b%' | NEVER",
                "EXISTS n AND NOT EXISTS n | NEVER",
                "type = 'a' AND NOT (type = 'a') | NEVER",
                "1 > 2 | NEVER",
                "EXISTS type | ALWAYS",
                "TRUE | ALWAYS",
                "n > 3 AND n < 5 | DEPENDS",
                "n > 3 OR n <= 3 | DEPENDS",
                "subject = 'a' OR subject = 'b' | DEPENDS",
            })
    void findsContradictionsOfAnExpressionWithoutAnySchema(String expression, Outcome outcome) {
        assertThat(FilterCheck.outcome(Filters.cesql(expression), ANY)).isEqualTo(outcome);
    }

    @Test
    void findsContradictionsOfEventGridAndCloudEventsWithoutAnySchema() {
        assertThat(FilterCheck.outcome(
                        Filters.eventGrid("{\"advancedFilters\":["
                                        + "{\"operatorType\":\"NumberGreaterThan\",\"key\":\"data.n\",\"value\":5},"
                                        + "{\"operatorType\":\"NumberLessThan\",\"key\":\"data.n\",\"value\":3}]}")
                                .condition(),
                        ANY))
                .isEqualTo(Outcome.NEVER);
        Remark remark = only(FilterCheck.remarks(
                Filters.cloudEvents("[{\"exact\":{\"subject\":\"a\"}},{\"prefix\":{\"subject\":\"b\"}}]")
                        .condition(),
                ANY,
                ""));
        assertThat(remark.isError()).isTrue();
        assertThat(remark.message()).isEqualTo("no event can pass: its conditions contradict each other");
    }

    @Test
    void aFilterThatEveryEventPassesIsNamed() {
        Remark remark = only(FilterCheck.remarks(
                Filters.pattern("{\"data\":{\"total\":[{\"numeric\":[\">=\",0]}]}}")
                        .condition(),
                ORDERS,
                "'order'"));
        assertThat(remark.isError()).isFalse();
        assertThat(remark.message()).isEqualTo("every event of 'order' passes");
    }

    @Test
    void aPositionIsALineAndAColumnOfAnExpression() {
        ObjectNode form = JsonNodeFactory.instance.objectNode().put("cesql", "EXISTS tenant AND\n subject = 'x'");
        assertThat(FilterPosition.of(form, List.of("subject"), null)).isEqualTo("line 2, column 2");
    }

    @Test
    @Timeout(10)
    void tenThousandFiltersAreCheckedAgainstAThousandMembersInASecondOrTwo() {
        StringBuilder properties = new StringBuilder();
        for (int i = 0; i < 1_000; i++) {
            properties.append(i == 0 ? "" : ",").append("\"m" + i + "\":{\"type\":\"integer\",\"maximum\":100}");
        }
        EventPlace place = EventPlace.of(
                "t",
                JsonMapper.shared()
                        .readTree("{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{" + properties
                                + "}}"));
        int errors = 0;
        for (int i = 0; i < 10_000; i++) {
            Condition condition = Filters.pattern("{\"data\":{\"m" + i % 1_000 + "\":[{\"numeric\":[\">\"," + i % 200
                            + "]}]},\"subject\":[{\"prefix\":\"a\"}]}")
                    .condition();
            errors += FilterCheck.remarks(condition, place, "'t'").stream().anyMatch(Remark::isError) ? 1 : 0;
        }
        assertThat(errors).isEqualTo(5_000);
    }
}
