package io.eventgateway;

import static io.eventgateway.Outcomes.reportOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.error.FunctionNotFoundException;
import io.eventgateway.http.HttpRequest;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SpacesTest {
    private final EventGateway gateway = EventGateway.create();
    private final EventGateway acme = gateway.space("acme");

    @AfterEach
    void close() {
        gateway.close();
    }

    @Test
    void isolateFunctionsSubscriptionsEventsAndPaths() {
        List<String> seen = new CopyOnWriteArrayList<>();
        gateway.functions().register("f", (event, context) -> seen.add("default"));
        acme.functions().register("f", (event, context) -> seen.add(context.space()));
        gateway.subscribe("a", "f");
        acme.subscribe("a", "f");
        acme.subscriptions().create(Subscription.http("GET", "/a").function("f").build());

        reportOf(gateway.emit("a", 1));
        reportOf(acme.emit("a", 1));

        assertThat(seen).containsExactly("default", "acme");
        assertThat(gateway.handle(HttpRequest.get("/a").build()).statusCode()).isEqualTo(404);
        assertThat(acme.handle(HttpRequest.get("/a").build()).statusCode()).isEqualTo(200);
        assertThat(gateway.subscriptions().list()).hasSize(1);
        assertThatThrownBy(() -> gateway.space("other").invoke("f", 1))
                .isInstanceOf(FunctionNotFoundException.class)
                .hasMessageContaining("'other'");
    }

    @Test
    void aHandlersEventsStayInItsSpace() {
        List<String> seen = new CopyOnWriteArrayList<>();
        acme.functions().register("reply", (event, context) -> Event.of("b", 1));
        acme.functions().register("context", (event, context) -> context.emit("b", 1)
                .event()
                .getId());
        acme.subscriptions()
                .create(Subscription.to("a").function("reply").sync().build());
        acme.subscriptions()
                .create(Subscription.to("a").function("context").sync().build());
        acme.functions().register("b", (event, context) -> seen.add("acme"));
        acme.subscriptions().create(Subscription.to("b").function("b").sync().build());
        gateway.subscribe("b", event -> seen.add("default"));

        acme.emit("a", null);

        assertThat(seen).containsExactly("acme", "acme");
    }

    @Test
    void theDefaultSpaceIsOneOfThem() {
        gateway.functions().register("f", (event, context) -> 1);

        assertThat(acme.space("default").invoke("f", null).valueAs(Integer.class))
                .isEqualTo(1);
        assertThat(gateway.space("acme").functions().list()).isEmpty();
    }

    @Test
    void refusesNamesThatAreNotNames() {
        assertThatThrownBy(() -> gateway.space("a/b"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'a/b'");
        assertThatThrownBy(() -> gateway.space(null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("null");
    }
}
