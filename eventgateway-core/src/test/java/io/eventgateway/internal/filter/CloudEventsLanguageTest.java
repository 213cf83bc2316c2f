package io.eventgateway.internal.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.Event;
import io.eventgateway.error.InvalidFilterException;
import java.time.OffsetDateTime;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** CloudEvents Subscriptions API 1.0, section 3.2.4.1 on filter dialects. */
class CloudEventsLanguageTest {
    private static final Event EVENT = Event.builder("com.example.order")
            .source("https://shop.example/orders")
            .subject("a.png")
            .time(OffsetDateTime.parse("2026-11-24T10:00:00Z"))
            .extension("level", 12)
            .extension("urgent", true)
            .extension("tenant", "acme")
            .data("a text that dialects don't see")
            .build();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"exact\":{\"type\":\"com.example.order\",\"subject\":\"a.png\"}} | true",
                "{\"exact\":{\"type\":\"com.example.order\",\"subject\":\"A.PNG\"}} | false",
                "{\"exact\":{\"level\":\"12\"}}                   | true",
                "{\"exact\":{\"urgent\":\"true\"}}                | true",
                "{\"prefix\":{\"level\":\"1\"}}                   | true",
                "{\"suffix\":{\"urgent\":\"ue\"}}                 | true",
                "{\"suffix\":{\"time\":\":00Z\"}}                 | true",
                "{\"prefix\":{\"source\":\"https://\"}}           | true",
                "{\"exact\":{\"missing\":\"x\"}}                  | false",
                "{\"not\":{\"exact\":{\"missing\":\"x\"}}}        | true",
                "{\"not\":{\"all\":[{\"exact\":{\"tenant\":\"acme\"}},{\"prefix\":{\"subject\":\"b\"}}]}} | true",
                "{\"any\":[{\"exact\":{\"tenant\":\"x\"}},{\"exact\":{\"tenant\":\"acme\"}}]} | true",
                "{\"all\":[{\"exact\":{\"tenant\":\"acme\"}},{\"not\":{\"suffix\":{\"subject\":\".png\"}}}]} | false",
                "{\"sql\":\"level > 10 AND urgent\"}              | true",
                "[{\"prefix\":{\"type\":\"com.\"}},{\"sql\":\"tenant LIKE 'a%'\"}] | true",
                "[{\"prefix\":{\"type\":\"org.\"}},{\"sql\":\"tenant LIKE 'a%'\"}] | false",
            })
    void decidesByTheTextOfAttributes(String filter, boolean matches) {
        Condition condition = Filters.cloudEvents(filter).condition();
        assertThat(Evaluation.holds(condition, new TreeView(EVENT))).isEqualTo(matches);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{}                                  | the top          | exact",
                "[]                                  | the top          | filters",
                "{\"equal\":{\"type\":\"a\"}}        | /equal           | one of exact, prefix",
                "{\"exact\":{\"type\":\"a\"},\"not\":{}} | the top      | one of exact",
                "{\"exact\":{}}                      | /exact           | attributes",
                "{\"exact\":{\"type\":1}}            | /exact/type      | a string",
                "{\"exact\":{\"type\":\"\"}}         | /exact/type      | a string",
                "{\"exact\":{\"Type\":\"a\"}}        | /exact/Type      | lower-case",
                "{\"exact\":{\"data\":\"a\"}}        | /exact/data      | the name of an attribute",
                "{\"any\":[]}                        | /any             | filters",
                "{\"all\":[{\"exact\":{\"a\":\"b\"}},{\"no\":1}]} | /all/1/no | one of exact",
                "{\"sql\":\"type = \"}               | /sql, line 1, column 8 | CESQL",
                "{\"sql\":1}                         | /sql             | a CESQL expression",
                "{\"exact\":{\"type\":\"a\"}         | line 1, column 22 | JSON",
                "{\"not\":{\"not\":{\"prefix\":[]}}} | /not/not/prefix  | attributes",
            })
    void whatIsNotValidIsRefusedWithItsPosition(String filter, String position, String accepted) {
        assertThatThrownBy(() -> Filters.cloudEvents(filter))
                .isInstanceOfSatisfying(InvalidFilterException.class, e -> {
                    assertThat(e.language()).isEqualTo("cloudEvents");
                    assertThat(e.position()).isEqualTo(position);
                })
                .hasMessageContaining("found")
                .hasMessageContaining(accepted);
    }
}
