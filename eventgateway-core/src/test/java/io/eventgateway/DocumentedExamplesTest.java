package io.eventgateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Runs the tables of the pages on filters and transforms. */
class DocumentedExamplesTest {
    private static final JsonMapper JSON = JsonMapper.shared();

    private static List<Arguments> rows(String page, int cells) throws IOException {
        List<Arguments> rows = new ArrayList<>();
        String section = "";
        for (String line : Files.readAllLines(Path.of("..", "docs", page))) {
            if (line.startsWith("## ")) {
                section = line.substring(3);
            }
            String[] parts = line.split("\\|");
            if (line.startsWith("| ")
                    && parts.length == cells + 1
                    && parts[2].strip().startsWith("`")) {
                Object[] row = new Object[cells + 1];
                row[0] = section;
                row[1] = parts[1].strip();
                for (int i = 2; i <= cells; i++) {
                    String code = parts[i].strip();
                    row[i] = code.substring(1, code.length() - 1);
                }
                rows.add(Arguments.of(row));
            }
        }
        return rows;
    }

    static Stream<Arguments> filters() throws IOException {
        return rows("filters.md", 4).stream();
    }

    static Stream<Arguments> transforms() throws IOException {
        return rows("transforms.md", 3).stream();
    }

    @Test
    void everyOperatorHasItsExample() throws IOException {
        assertThat(rows("filters.md", 4)).hasSize(20 + 9 + 24 + 10);
        assertThat(rows("transforms.md", 3)).hasSize(17 + 3);
    }

    private static Event event(String members) {
        ObjectNode json = (ObjectNode) JSON.readTree(members);
        json.put("id", "e-1").put("source", "/test");
        if (!json.has("type")) {
            json.put("type", "order.placed");
        }
        return Event.fromJson(json);
    }

    private static Filter filter(String section, String text) {
        if (section.startsWith("Filter.cesql")) {
            return Filter.cesql(text);
        }
        return section.startsWith("Filter.pattern")
                ? Filter.pattern(text)
                : section.startsWith("Filter.cloudEvents") ? Filter.cloudEvents(text) : Filter.eventGrid(text);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("filters")
    void aFilterDecidesAsItsExampleSays(
            String section, String operator, String text, String matching, String notMatching) {
        Filter filter = filter(section, text);
        Filter again = Filter.fromJson(filter.toJson());
        assertThat(again).isEqualTo(filter);
        for (Filter each : List.of(filter, again, Filter.not(Filter.not(filter)))) {
            try (EventGateway gateway = EventGateway.create()) {
                gateway.functions().register("f", (event, context) -> null);
                gateway.subscriptions()
                        .create(Subscription.to("**")
                                .function("f")
                                .id("s")
                                .filter(each)
                                .build());

                assertThat(gateway.emit(event(matching)).subscriptionIds())
                        .as(matching)
                        .containsExactly("s");
                assertThat(gateway.explain(event(matching)).matched()).hasSize(1);
                assertThat(gateway.emit(event(notMatching)).subscriptionIds())
                        .as(notMatching)
                        .isEmpty();
                assertThat(gateway.explain(event(notMatching)).matched()).isEmpty();
            }
        }
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("transforms")
    void aTransformMakesWhatItsExampleSays(String section, String what, String written, String result) {
        Transform transform = Transform.fromJson(written);
        assertThat(Transform.fromJson(transform.toJson())).isEqualTo(transform);
        AtomicReference<Event> received = new AtomicReference<>();
        try (EventGateway gateway = EventGateway.create()) {
            gateway.functions().register("f", (event, context) -> {
                received.set(event);
                return null;
            });
            gateway.subscriptions()
                    .create(Subscription.to("order.placed")
                            .function("f")
                            .id("sub")
                            .transform(transform)
                            .build());
            gateway.emit(Event.builder("order.placed")
                    .subject("s-1")
                    .data(JSON.readValue(
                            "{\"id\": 7, \"who\": \"Ann \\\"A\\\"\", \"tags\": [\"a\", \"b\"],"
                                    + " \"items\": [{\"sku\": \"x\"}, {\"sku\": \"y\"}], \"none\": null}",
                            Map.class))
                    .build());
            assertThat(gateway.awaitIdle(Duration.ofSeconds(10))).isTrue();
        }
        Event event = received.get();
        assertThat(event.getSubject()).isEqualTo("s-1");
        if (result.startsWith("{") || result.startsWith("[")) {
            JsonNode expected = JSON.readTree(result);
            assertThat(event.getDataContentType()).isEqualTo("application/json");
            assertThat(event.dataAsJson()).isEqualTo(expected);
        } else {
            assertThat(event.dataAs(String.class)).isEqualTo(result);
        }
    }
}
