package io.eventgateway.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventgateway.EventGateway;
import io.eventgateway.test.GatewayTest;
import io.eventgateway.test.TestGateway;
import org.junit.jupiter.api.Test;

/** Runs what {@code docs/spaces.md} shows. */
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
}
