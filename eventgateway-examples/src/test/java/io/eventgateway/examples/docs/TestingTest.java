package io.eventgateway.examples.docs;

import static io.eventgateway.test.GatewayAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.FunctionHandler;
import io.eventgateway.delivery.BacklogPolicy;
import io.eventgateway.error.InvalidEventException;
import io.eventgateway.test.GatewayTest;
import io.eventgateway.test.RecordingContext;
import io.eventgateway.test.RecordingFunction;
import io.eventgateway.test.TestGateway;
import io.eventgateway.test.TrackedSession;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Runs what {@code docs/testing.md} shows. */
@GatewayTest
class TestingTest {
    private final Order order = new Order("o-1", "acme", 120);

    // tag::retries[]
    @Test
    void isTriedUntilTheDiskIsBack(TestGateway gateway) {
        RecordingFunction audit = new RecordingFunction().failing(3, new IOException("disk"));
        gateway.functions().register("audit", audit);
        gateway.subscribe("order.placed", "audit");

        gateway.emit("order.placed", order);
        gateway.advance(Duration.ofSeconds(10));

        assertThat(gateway).failedToDeliver("order.placed").to("audit").times(3);
        assertThat(gateway).delivered("order.placed").to("audit").once().after(Duration.ofSeconds(5));
    }
    // end::retries[]

    @Test
    void trackRunsEverythingThatAnActionSetsOff(TestGateway gateway) {
        gateway.functions().register("order", (event, context) -> Event.of("mail.wanted", order.id()));
        gateway.functions().register("mail", new RecordingFunction());
        gateway.subscribe("order.placed", "order");
        gateway.subscribe("mail.wanted", "mail");

        // tag::track[]
        TrackedSession session = gateway.track(() -> gateway.emit("order.placed", order));

        assertThat(session.allDelivered()).isTrue();
        assertThat(session.single("mail.wanted").dataAs(String.class)).isEqualTo("o-1");
        assertThat(session.deliveriesTo("mail")).hasSize(1);
        System.out.println(session); // the tree of events
        // end::track[]
    }

    // tag::unit[]
    @Test
    void aHandlerAloneNeedsNoGateway() throws Exception {
        FunctionHandler shipping = (event, context) ->
                context.emit(context.attempt() < 3 ? "order.shipped" : "order.delayed", event.getSubject());
        RecordingContext context = new RecordingContext("shipping").attempt(3);

        shipping.handle(Event.of("order.placed", order), context);

        assertThat(context.lastEmitted().getType()).isEqualTo("order.delayed");
    }
    // end::unit[]

    @Test
    void aTestMaySetWhatItNeeds() {
        // tag::settings[]
        TestGateway gateway = TestGateway.create(builder -> builder.backlog(2, BacklogPolicy.REJECT));
        // end::settings[]
        try (gateway) {
            assertThat(gateway.backlog().bound()).isEqualTo(2);
        }
    }

    /** A price with code in it, which no other process has. */
    record Quote(int amount, Supplier<String> origin) {}

    @Test
    void whatARestartWouldLoseIsRefused() {
        // tag::roundtrip[]
        try (TestGateway gateway = TestGateway.roundTripping()) {
            gateway.subscribe("order.placed", event -> event.dataAs(Order.class)); // not the object that was emitted
            gateway.emit("order.placed", order);

            assertThatThrownBy(() -> gateway.emit("price.quoted", new Quote(12, () -> "here")))
                    .isInstanceOf(InvalidEventException.class)
                    .hasMessageContaining("would not survive a restart");
        }
        // end::roundtrip[]
    }

    @Test
    void assertionsNarrowWhatTheyFound(EventGateway gateway) {
        gateway.functions().register("shipping", new RecordingFunction());
        gateway.functions().register("mail", new RecordingFunction().failing(1, new IOException("smtp")));
        List.of("shipping", "mail").forEach(function -> gateway.subscribe("order.placed", function));

        gateway.emit("order.placed", order);

        // tag::assertions[]
        assertThat(gateway).delivered("order.placed"); // at least once, to anybody
        assertThat(gateway).delivered("order.placed").to("shipping"); // at least once, to that function
        assertThat(gateway).delivered("order.placed").to("shipping").once().within(Duration.ofSeconds(1));
        assertThat(gateway).failedToDeliver("order.placed").to("mail").times(1);
        assertThat(gateway).neverDelivered("order.placed", "mail").hasDeadLetters(0);
        // end::assertions[]
    }
}
