package io.eventgateway.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.Subscription;
import io.eventgateway.SystemEvent;
import io.eventgateway.http.HttpRequest;
import io.eventgateway.test.GatewayTest;
import io.eventgateway.test.RecordingFunction;
import io.eventgateway.test.TestGateway;
import org.junit.jupiter.api.Test;

/** Runs what {@code docs/concepts.md} and {@code docs/spaces.md} show and say. */
@GatewayTest
class SpacesTest {
    @Test
    void aSpaceHasFunctionsAndEventsOfItsOwn(TestGateway gateway) {
        // tag::space[]
        EventGateway acme = gateway.space("acme");
        acme.functions().register("audit", (event, context) -> {
            System.out.println(context.space() + ": " + event.getType());
            return null;
        });
        acme.subscribe("order.placed", "audit");

        acme.emit("order.placed", "o-1"); // prints acme: order.placed
        gateway.emit("order.placed", "o-2"); // reaches nobody: it is in the space 'default'
        // end::space[]

        assertThat(acme.functions().list()).hasSize(1);
        assertThat(gateway.functions().list()).isEmpty();
        acme.close(); // does nothing
        assertThat(acme.emit("order.placed", "o-3").subscriptionIds()).hasSize(1);
    }

    @Test
    void aSubscriptionToEverythingSeesHttpEventsOnlyIfTheyAreItsOwn(TestGateway gateway) {
        RecordingFunction audit = new RecordingFunction();
        RecordingFunction system = new RecordingFunction();
        gateway.functions().register("audit", audit);
        gateway.functions().register("system", system);
        gateway.functions().register("hello", (event, context) -> Event.of("greeted", null));
        gateway.subscribe("**", "audit");
        gateway.subscribe(SystemEvent.FUNCTION_INVOKED, "system");
        gateway.subscriptions()
                .create(Subscription.http("GET", "/hello").function("hello").build());

        gateway.handle(HttpRequest.get("/hello").build());
        gateway.invoke("hello", null);

        assertThat(audit.events()).extracting(Event::getType).containsExactly("greeted", "greeted");
        assertThat(system.events())
                .extracting(
                        event -> event.dataAs(SystemEvent.FunctionInvoked.class).functionId())
                .filteredOn("hello"::equals)
                .hasSize(2);
    }
}
