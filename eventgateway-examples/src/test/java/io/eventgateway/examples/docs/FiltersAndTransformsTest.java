package io.eventgateway.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.Explanation;
import io.eventgateway.Filter;
import io.eventgateway.Subscription;
import io.eventgateway.Transform;
import io.eventgateway.test.GatewayTest;
import io.eventgateway.test.RecordingFunction;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Runs what {@code docs/filters.md} and {@code docs/transforms.md} show in Java; the tables are run by a test of the core. */
@GatewayTest
class FiltersAndTransformsTest {
    private final RecordingFunction function = new RecordingFunction();

    @Test
    void aSubscriptionGetsWhatPassesItsFilter(EventGateway gateway) throws Exception {
        gateway.functions().register("audit", function);
        // tag::filter[]
        gateway.subscriptions()
                .create(Subscription.to("order.placed")
                        .id("big-orders")
                        .function("audit")
                        .filter(Filter.pattern("{\"data\": {\"total\": [{\"numeric\": [\">\", 100]}]}}"))
                        .build());
        // end::filter[]

        gateway.emit("order.placed", Map.of("total", 40));
        gateway.emit("order.placed", Map.of("total", 120));

        assertThat(function.events()).hasSize(1);
        String printed = Printed.by(() -> {
            // tag::explain[]
            Explanation explanation = gateway.explain(Event.of("order.placed", Map.of("total", 40)));
            System.out.println(explanation);
            // end::explain[]
        });
        assertThat(printed.replaceFirst("event '[^']*'", "event '...'"))
                .isEqualTo(Page.output("docs/filters.md", "explain"));
    }

    @Test
    void namesMayBeNestedByDots() {
        // tag::nested-names[]
        Filter filter = Filter.pattern("{\"data.total\": [1]}", Filter.PatternOption.NESTED_NAMES);
        // end::nested-names[]

        assertThat(filter.toJson()).isEqualTo("{\"pattern\":{\"data\":{\"total\":[1]}}}");
    }

    @Test
    void aFilterMayBeCode() {
        // tag::where[]
        Filter filter = Filter.where(event -> event.getSubject() != null);
        // end::where[]

        assertThat(filter.isStorable()).isFalse();
    }

    @Test
    void aFunctionGetsWhatTheTransformMakes(EventGateway gateway) {
        gateway.functions().register("mail", function);
        // tag::transform[]
        gateway.subscriptions()
                .create(Subscription.to("order.placed")
                        .function("mail")
                        .transform(Transform.template(Map.of("id", "$.data.id"), "{\"order\": <id>}"))
                        .build());
        // end::transform[]

        gateway.emit("order.placed", Map.of("id", 7));

        assertThat(function.lastEvent().dataAsJson().toString()).isEqualTo("{\"order\":7}");
    }

    @Test
    void aTransformMayHaveHeaders() {
        // tag::headers[]
        Transform transform = Transform.template(Map.of("id", "$.data.id"), "{\"order\": <id>}")
                .headers(Map.of("X-Order", "<id>"));
        // end::headers[]

        assertThat(transform.toJson()).contains("\"X-Order\":\"<id>\"");
    }
}
