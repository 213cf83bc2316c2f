package io.eventgateway.examples.docs;

import static io.eventgateway.test.GatewayAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.Event;
import io.eventgateway.InvocationException;
import io.eventgateway.Subscription;
import io.eventgateway.SystemEvent;
import io.eventgateway.http.HttpRequest;
import io.eventgateway.test.GatewayTest;
import io.eventgateway.test.RecordingFunction;
import io.eventgateway.test.TestGateway;
import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@code docs/http.md} says of the events of {@code handle} and {@code invoke}: they reach their function alone. */
@GatewayTest
class ReachTest {
    private final RecordingFunction hello = new RecordingFunction();
    private final RecordingFunction audit = new RecordingFunction();
    private final RecordingFunction received = new RecordingFunction();
    private final RecordingFunction invoked = new RecordingFunction();

    @BeforeEach
    void register(TestGateway gateway) {
        gateway.functions().register("hello", hello);
        gateway.functions().register("audit", audit);
        gateway.functions().register("received", received);
        gateway.functions().register("invoked", invoked);
        gateway.subscribe("**", "audit");
        gateway.subscribe(SystemEvent.EVENT_RECEIVED, "received");
        gateway.subscribe(SystemEvent.FUNCTION_INVOKED, "invoked");
        gateway.subscriptions()
                .create(Subscription.http("GET", "/hello").function("hello").build());
    }

    @Test
    void subscriptionsToEverythingGetRepliesAndNotTheEventsThemselves(TestGateway gateway) {
        hello.answering((event, context) -> Event.of("greeted", event.getType()));

        gateway.handle(HttpRequest.get("/hello").build());
        gateway.invoke("hello", null);

        assertThat(hello.events()).extracting(Event::getType).containsExactly(HttpRequest.EVENT_TYPE, "invoke");
        assertThat(audit.events()).extracting(Event::getType).containsExactly("greeted", "greeted");
    }

    @Test
    void systemEventsTellOfBothCallsAndOfTheRequestAlone(TestGateway gateway) {
        gateway.handle(HttpRequest.get("/hello").build());
        gateway.invoke("hello", null);

        assertThat(received.events())
                .extracting(event ->
                        event.dataAs(SystemEvent.EventReceived.class).event().getType())
                .containsExactly(HttpRequest.EVENT_TYPE);
        assertThat(invoked.events())
                .extracting(
                        event -> event.dataAs(SystemEvent.FunctionInvoked.class).functionId())
                .containsExactly("hello", "hello");
    }

    @Test
    void aFailureIsNotTriedAgainAndLeavesNoDeadLetter(TestGateway gateway) {
        hello.alwaysFailing(new IOException("down"));

        assertThat(gateway.handle(HttpRequest.get("/hello").build()).statusCode())
                .isEqualTo(502);
        assertThatThrownBy(() -> gateway.invoke("hello", null)).isInstanceOf(InvocationException.class);

        assertThat(hello.events()).hasSize(2);
        assertThat(gateway).hasDeadLetters(0);
    }
}
