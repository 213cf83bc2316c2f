package io.eventgateway.internal.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.Event;
import io.eventgateway.Transform;
import io.eventgateway.error.InvalidTransformException;
import io.eventgateway.internal.transform.Shaper.Failed;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TemplateTest {
    private static final Map<String, String> PATHS = Map.of("i", "$.data.i", "s", "$.data.s");

    private static String render(String template, String json) {
        return Shaping.shape(Transforms.template(PATHS, template), json);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "12345678901234567.89",
                "1.50",
                "1E+400",
                "1E+1000000",
                "-0.10",
                "1E-7",
                "12345678901234567890123",
                "[1.50,{\"n\":1E+400}]"
            })
    void numbersComeOutAsTheyWentIn(String number) {
        String json = "{\"i\": " + number + "}";
        assertThat(render("{\"n\": <i>}", json)).isEqualTo("{\"n\": " + number + "}");
        assertThat(render("[\"n <i>\"]", json)).isEqualTo("[\"n " + number.replace("\"", "\\\"") + "\"]");
        assertThat(render("n <i>", json)).isEqualTo("n " + number);
        assertThat(render("<i>", json)).isEqualTo(number);
        assertThat(Shaping.shape(Transforms.path("$.data.i"), json)).isEqualTo(number);
        assertThat(Shaping.shape(Transforms.template(Map.of(), "<gateway.event.json>"), json))
                .contains("\"i\":" + number);
        assertThat(Shaping.shape(Transforms.constant(Transforms.json("constant", number)), "1"))
                .isEqualTo(number);
        String form = "{\"constant\":" + number + "}";
        assertThat(Transform.fromJson(form).toJson()).isEqualTo(form);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '^',
            value = {
                "{\"a\": 1<i>} ~ 8",
                "{\"a\": -<i>} ~ 8",
                "{\"a\": tr<i>} ~ 7",
                "{\"a\": <i><s>} ~ 10",
                "{\"a\": \"x\"<i>} ~ 10",
                "{\"a\": <i>.5} ~ 10",
                "{\"a\": <i>1} ~ 10",
                "{\"a\": <i>\"x\"} ~ 10",
                "{<i>: 1} ~ 2",
                "[<i> <s>] ~ 6",
                "{\"a\": [1, <i>}} ~ 14",
                "{\"a\": 1} <i> ~ 10",
                "<i> ]x[ <s> ~ 0",
            })
    void aPlaceholderStandsWhereAWholeValueMay(String template, int column) {
        if (column == 0) {
            assertThat(render(template, "{\"i\": 1, \"s\": 2}")).isEqualTo("1 ]x[ 2");
            return;
        }
        assertThatThrownBy(() -> Transforms.template(PATHS, template))
                .isInstanceOfSatisfying(InvalidTransformException.class, e -> assertThat(e.position())
                        .isEqualTo("line 1, column " + column));
    }

    @Test
    void namesAPlaceholderThatIsOutOfPlace() {
        assertThatThrownBy(() -> Transforms.template(PATHS, "{\n  \"a\": 1<i>}"))
                .hasMessageContaining("line 2, column 9")
                .hasMessageContaining("the placeholder '<i>' where no JSON value can be");
    }

    @Test
    void severalQuotedLinesMakeText() {
        Shaper shaper = Transforms.template(
                PATHS, "  \"Instance <i> is \\\"<s>\\\"\"  \r\n\n\"\\u00e9\\t\\\\ \\<b\\>\"\n\"\"\n\"end\"\n");
        assertThat(shaper.shape(Shaping.event("{}"), Shaping.SCOPE).contentType())
                .isEqualTo("text/plain; charset=utf-8");
        assertThat(Shaping.shape(shaper, "{\"i\": 7, \"s\": \"a \\\"b\\\"\"}"))
                .isEqualTo("Instance 7 is \"a \"b\"\"\n\n\u00e9\t\\ <b>\n\nend");
        assertThat(render("\"one <i>\"", "{\"i\": 7}")).isEqualTo("\"one 7\"");
        assertThatThrownBy(() -> Transforms.template(PATHS, "\"a\"\n\"\\x\""))
                .isInstanceOf(InvalidTransformException.class)
                .hasMessageContaining("line 2, column 2");
        assertThatThrownBy(() -> Transforms.template(PATHS, "\"a\"\nb"))
                .isInstanceOf(InvalidTransformException.class)
                .hasMessageContaining("line 2, column 1");
    }

    @Test
    void eventBridgesVariablesStandForThoseOfTheGateway() {
        Event event = Event.builder("a")
                .id("e-1")
                .source("/s")
                .time(OffsetDateTime.parse("2026-01-02T03:04:05Z"))
                .data(Map.of("i", 1))
                .build();
        for (List<String> pair : List.of(
                List.of("aws.events.rule-name", "gateway.subscription-id"),
                List.of("aws.events.rule-arn", "gateway.subscription-id"),
                List.of("aws.events.event", "gateway.event"),
                List.of("aws.events.event.json", "gateway.event.json"),
                List.of("aws.events.event.ingestion-time", "gateway.event.time"))) {
            Object theirs = Transforms.template(Map.of(), "v <" + pair.get(0) + ">")
                    .shape(event, Shaping.SCOPE)
                    .data();
            assertThat(theirs)
                    .isEqualTo(Transforms.template(Map.of(), "v <" + pair.get(1) + ">")
                            .shape(event, Shaping.SCOPE)
                            .data());
            assertThat((String) theirs).hasSizeGreaterThan(4);
        }
        assertThatThrownBy(() -> Transforms.template(Map.of("aws.x", "$.id"), "1"))
                .hasMessageContaining("/paths/aws.x")
                .hasMessageContaining("the gateway's own");
    }

    @Test
    void aValueThatIsNestedTooDeepFails() {
        JsonNode nested = JsonMapper.shared().createArrayNode();
        for (int i = 0; i < 2_000; i++) {
            nested = JsonMapper.shared().createArrayNode().add(nested);
        }
        Event event = Event.of("a", nested);
        for (String template : List.of("<d>", "\"<d>\"", "d <d>")) {
            assertThatThrownBy(() ->
                            Transforms.template(Map.of("d", "$.data"), template).shape(event, Shaping.SCOPE))
                    .isInstanceOf(Failed.class)
                    .hasMessageContaining("can't be written");
        }
        assertThatThrownBy(() -> Transforms.jsonata("data").shape(event, Shaping.SCOPE))
                .isInstanceOf(Failed.class)
                .hasMessageContaining("nested more than 500 levels");
    }

    @Test
    void aConstantHasNoMemberTwiceAndNoNumberThatCanNotBeRead() {
        assertThatThrownBy(() -> Transform.constant("{\"a\": 1, \"a\": 2}"))
                .isInstanceOf(InvalidTransformException.class)
                .hasMessageContaining("line 1, column 1");
        assertThatThrownBy(() -> Transform.constant("1e2147483648")).isInstanceOf(InvalidTransformException.class);
    }

    /** JSON may have half of a surrogate pair as an escape; it is one again in what is sent. */
    @ParameterizedTest
    @ValueSource(strings = {"{\"a\": \"<s>\"}", "{\"a\": <s>}", "{\"a\": \"x<s>y\"}"})
    void halfASurrogatePairIsAnEscapeAgain(String template) {
        String made = Shaping.shape(
                Transforms.template(Map.of("s", "$.data.s"), template), "{\"s\":\"\\ud83d\\ude00\\ud800\"}");
        assertThat(made).contains("\\uD800").doesNotContain("?");
        assertThat(JsonMapper.shared().readTree(made).get("a").stringValue()).contains("\ud83d\ude00\ud800");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  "})
    void aConstantIsAValue(String nothing) {
        assertThatThrownBy(() -> Transforms.json("constant", nothing)).hasMessageContaining("found nothing");
    }

    @Test
    void aConstantMayNotBeDeeperThanItsFormCanBe() {
        assertThatThrownBy(() -> Transforms.json("constant", "[".repeat(300) + "]".repeat(300)))
                .hasMessageContaining("256 levels");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ce-id  | evil     | attributes",
                "X-Evil | a\\nb    | U+000A",
                "X-Evil | é        | U+00E9",
            })
    void aHeaderThatCanNotBeSentIsRefusedAtOnce(String name, String value, String problem) {
        assertThatThrownBy(() -> Transforms.headers(Map.of(), Map.of(name, value.replace("\\n", "\n"))))
                .isInstanceOf(InvalidTransformException.class)
                .hasMessageContaining(problem);
    }

    @Test
    void aHeaderInTwoCasesIsRefused() {
        assertThatThrownBy(() -> Transforms.headers(Map.of(), Map.of("X-A", "1", "x-a", "2")))
                .hasMessageContaining("two cases");
    }

    @Test
    void theDeepestConstantIsReadBackFromItsForm() {
        Transform deepest = Transform.constant("[".repeat(256) + "]".repeat(256));
        assertThat(Transform.fromJson(deepest.toJson())).isEqualTo(deepest);
    }
}
