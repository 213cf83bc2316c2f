package io.eventgateway.examples.embedded;

import static io.eventgateway.test.GatewayAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.test.GatewayTest;
import io.eventgateway.test.RecordingFunction;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How an application tests its own flow of events. */
// tag::signup[]
@GatewayTest
class SignupTest {
    /** The application's own set-up: whoever signs up is greeted by mail. */
    private static void setUp(EventGateway gateway) {
        gateway.functions().register("welcome", (event, context) -> Event.builder("mail.requested")
                .subject(String.valueOf(event.getSubject()))
                .data(Map.of("template", "welcome"))
                .build());
        gateway.subscribe("user.registered", "welcome");
        gateway.subscribe("mail.requested", "sendMail");
    }

    @Test
    void whoeverSignsUpGetsAMail(EventGateway gateway) {
        RecordingFunction sendMail = new RecordingFunction();
        gateway.functions().register("sendMail", sendMail);
        setUp(gateway);

        Event registered = gateway.emit(Event.builder("user.registered")
                        .subject("42")
                        .data(Map.of("name", "Ada"))
                        .build())
                .event();

        assertThat(gateway).delivered("user.registered").to("welcome").once();
        assertThat(gateway).delivered("mail.requested").to("sendMail").once();
        assertThat(sendMail.lastEvent().getSubject()).isEqualTo("42");
        assertThat(sendMail.lastEvent().getCausationId()).isEqualTo(registered.getId());
    }
    // end::signup[]

    @Test
    void aMailServerThatIsDownFailsTheMailAlone(EventGateway gateway) {
        gateway.functions()
                .register("sendMail", new RecordingFunction().failing(1, new IOException("connection refused")));
        setUp(gateway);

        gateway.emit("user.registered", Map.of("name", "Ada"));

        assertThat(gateway).delivered("user.registered").to("welcome").once();
        assertThat(gateway).failedToDeliver("mail.requested").to("sendMail").once();
    }
    // tag::signup[]
}
// end::signup[]
