package io.eventgateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloudevents.CloudEvent;
import io.cloudevents.CloudEventData;
import io.eventgateway.error.InvalidEventException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.JsonNodeFactory;

/** Data that is blank, that is not of JSON, or whose own code throws. */
class ForeignDataTest {
    private final EventGateway gateway =
            EventGateway.builder().closeOnExit(false).build();
    private final AtomicReference<Event> delivered = new AtomicReference<>();

    @BeforeEach
    void registersAFunction() {
        gateway.functions().register("f", (event, context) -> {
            delivered.set(event);
            return null;
        });
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    private void subscribe(String type, String id, Filter filter, Transform transform) {
        Subscription.Builder subscription = Subscription.to(type).sync().id(id).function("f");
        if (filter != null) {
            subscription.filter(filter);
        }
        if (transform != null) {
            subscription.transform(transform);
        }
        gateway.subscriptions().create(subscription.build());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "\n"})
    void blankJsonIsNoData(String blank) {
        Event event = Event.builder("t")
                .data("application/json", blank.getBytes(StandardCharsets.UTF_8))
                .build();
        subscribe("t", "missing", Filter.pattern("{\"data\":[{\"exists\":false}]}"), null);
        subscribe("t", "null", Filter.pattern("{\"data\":[null]}"), null);
        subscribe("t", "path", null, Transform.path("$.data"));
        subscribe("t", "jsonata", null, Transform.jsonata("$exists(data)"));
        subscribe("t", "text", null, Transform.template(Map.of("d", "$.data"), "x<d>"));
        subscribe("t", "json", null, Transform.template(Map.of("d", "$.data"), "{\"d\": <d>}"));
        subscribe("t", "event", null, Transform.template(Map.of(), "<gateway.event.json>"));

        Explanation explanation = gateway.explain(event);

        assertThat(explanation.of("missing").orElseThrow().matched()).isTrue();
        assertThat(explanation.of("null").orElseThrow().matched()).isFalse();
        assertThat(explanation.of("path").orElseThrow().transformError()).contains("'$.data' finds nothing");
        assertThat(explanation.of("jsonata").orElseThrow().payload()).isEqualTo("false");
        assertThat(explanation.of("text").orElseThrow().payload()).isEqualTo("x");
        assertThat(explanation.of("json").orElseThrow().payload()).isEqualTo("{\"d\": null}");
        assertThat(explanation.of("event").orElseThrow().payload()).doesNotContain("\"data\":");
        assertThat(event.dataAsJson().isMissingNode()).isTrue();
        assertThat(event.toJson().has("data")).isFalse();
    }

    private static CloudEvent foreign(CloudEventData data) {
        Event like = Event.builder("x")
                .id("1")
                .source("/s")
                .data("application/json", new byte[0])
                .build();
        return (CloudEvent) Proxy.newProxyInstance(
                ForeignDataTest.class.getClassLoader(),
                new Class<?>[] {CloudEvent.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("getData")) {
                        return data;
                    }
                    return method.invoke(like, arguments);
                });
    }

    @Test
    void dataWhoseBytesCantBeHadHasNoMembers() {
        subscribe("x", "x", Filter.pattern("{\"data\":{\"a\":[{\"exists\":false}]}}"), null);
        subscribe("x", "y", Filter.pattern("{\"data\":{\"a\":[1]}}"), null);
        CloudEvent throwing = foreign(() -> {
            throw new IllegalStateException("a secret");
        });
        CloudEvent empty = foreign(() -> null);

        assertThat(gateway.emit(throwing).subscriptionIds()).containsExactly("x");
        assertThat(gateway.emit(empty).subscriptionIds()).containsExactly("x");
        assertThat(gateway.explain(throwing).toString())
                .contains("can't be read: its toBytes() threw IllegalStateException")
                .doesNotContain("a secret");
        assertThat(gateway.explain(empty).toString()).contains("can't be read: its toBytes() returned null");
    }

    @Test
    void anEventWhoseMethodsThrowIsRefused() {
        CloudEvent event = (CloudEvent) Proxy.newProxyInstance(
                ForeignDataTest.class.getClassLoader(),
                new Class<?>[] {CloudEvent.class},
                (proxy, method, arguments) -> {
                    switch (method.getName()) {
                        case "getType":
                            return "x";
                        case "getId":
                            return "1";
                        case "getSource":
                            return URI.create("/s");
                        case "getExtensionNames":
                            return Set.of();
                        case "getData":
                            throw new IllegalStateException("a secret");
                        default:
                            return null;
                    }
                });
        for (Runnable call : new Runnable[] {() -> gateway.emit(event), () -> gateway.explain(event)}) {
            assertThatThrownBy(call::run)
                    .isInstanceOf(InvalidEventException.class)
                    .hasMessageContaining("can't be read: a method of it threw IllegalStateException")
                    .hasMessageNotContaining("a secret");
        }
    }

    @Test
    void nodesThatAreNotOfJsonAreExplained() {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        subscribe("b", "b", Filter.pattern("{\"data\":{\"x\":[\"AQI=\"]}}"), null);
        Event throwing = Event.of("b", nodes.objectNode().set("x", nodes.pojoNode(new Object() {
            public Object getS() {
                throw new IllegalStateException("boom");
            }
        })));
        Event bytes = Event.of("b", nodes.objectNode().set("x", nodes.binaryNode(new byte[] {1, 2})));

        assertThat(gateway.emit(throwing).subscriptionIds()).isEmpty();
        assertThat(gateway.explain(throwing).toString())
                .contains("data.x is a POJONode, which is no value of JSON, wanted \"AQI=\"");
        assertThat(gateway.explain(bytes).toString()).contains("a type mismatch: a BinaryNode, not a string");
    }

    @Test
    void whatHasCodeInItSaysSoWhenItIsAskedForItsJsonForm() {
        Filter code = Filter.where(event -> true);
        assertThat(code.isStorable()).isFalse();
        assertThatThrownBy(code::toJson)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Filter.where")
                .hasMessageContaining("isStorable()");
    }

    @Test
    @SuppressWarnings("NullAway")
    void nullIsNamed() {
        Filter filter = Filter.cesql("EXISTS subject");
        assertThatNullPointerException().isThrownBy(() -> filter.as(null)).withMessage("language");
        assertThatNullPointerException()
                .isThrownBy(() -> EventGridLimits.check(null))
                .withMessage("filter");
        assertThatNullPointerException()
                .isThrownBy(() -> Filter.and(filter, null))
                .withMessage("filters[1]");
        assertThatNullPointerException()
                .isThrownBy(() -> Filter.or((Filter[]) null))
                .withMessage("filters");
        assertThatNullPointerException()
                .isThrownBy(() -> Transform.fromJson((String) null))
                .withMessage("json");
        assertThatNullPointerException()
                .isThrownBy(() -> Transform.template(null, "a"))
                .withMessage("paths");
        assertThatNullPointerException()
                .isThrownBy(() -> Transform.template(java.util.Collections.singletonMap("a", null), "a"))
                .withMessage("'a' in paths");
        assertThatNullPointerException()
                .isThrownBy(() -> Transform.path("$").headers(null))
                .withMessage("headers");
    }
}
