package io.eventgateway.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.Finding;
import io.eventgateway.FunctionDefinition;
import io.eventgateway.FunctionHandler;
import io.eventgateway.Subscription;
import io.eventgateway.delivery.DeadLetter;
import io.eventgateway.history.ChainLimits;
import io.eventgateway.history.EventChain;
import io.eventgateway.test.GatewayTest;
import io.eventgateway.test.RecordingFunction;
import io.eventgateway.test.TestGateway;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Runs what {@code docs/chains.md} shows. */
@GatewayTest
class ChainsTest {
    private final FunctionHandler orderHandler = (event, context) -> null;
    private final FunctionHandler payHandler = (event, context) -> null;

    @Test
    void warnsOfACycleBeforeItRuns(TestGateway gateway) {
        // tag::cycle[]
        FunctionDefinition order =
                FunctionDefinition.of("order", "java", Map.of()).emits("payment.wanted");
        FunctionDefinition pay = FunctionDefinition.of("pay", "java", Map.of()).emits("order.paid");
        gateway.functions().register(order, orderHandler);
        gateway.functions().register(pay, payHandler);

        gateway.subscribe("order.*", "order");
        Subscription closing = gateway.subscribe("payment.wanted", "pay");
        List<Finding> findings = closing.findings(); // cycle: events may go round: pay -> order.paid -> order -> ...
        // end::cycle[]

        assertThat(findings).singleElement().satisfies(warning -> assertThat(warning.message())
                .isEqualTo("events may go round: pay -> order.paid -> order -> payment.wanted -> pay"));
    }

    @Test
    void setsTheLimitsOfChains() {
        // tag::chain-limits[]
        ChainLimits limits = ChainLimits.defaults().withMaxDepth(2);
        EventGateway gateway = EventGateway.builder().chainLimits(limits).build();
        // end::chain-limits[]
        try (gateway) {
            gateway.functions().register("echo", (event, context) -> Event.of("ping", null));
            gateway.subscriptions()
                    .create(Subscription.to("ping").function("echo").sync().build());

            gateway.emit("ping", null);

            assertThat(gateway.deadLetters().list())
                    .extracting(DeadLetter::reason)
                    .contains(DeadLetter.Reason.CHAIN_STOPPED);
        }
    }

    @Test
    void printsTheTreeThatThePageShows(TestGateway gateway) throws IOException {
        gateway.functions().register("order", (event, context) -> Event.of("mail.wanted", "o-1"));
        gateway.functions().register("mail", new RecordingFunction().failing(1, new IOException("smtp")));
        gateway.subscribe("order.placed", "order");
        gateway.subscribe("mail.wanted", "mail");

        Event[] placed = new Event[1];
        gateway.track(() -> placed[0] = gateway.emit("order.placed", "o-1").event());

        EventChain chain = gateway.history().chain(placed[0].getCorrelationId());
        assertThat(withoutChance(chain.toString())).isEqualTo(withoutChance(Page.output("docs/chains.md", "chain")));
    }

    /** The ids of events and the jitter of the backoff differ from run to run. */
    private static String withoutChance(String tree) {
        return tree.strip()
                .replaceAll("\\([0-9a-f]{8}-[0-9a-f-]{27}", "(ID")
                .replaceAll("\\([0-9a-f]{8}\\.\\.\\.", "(ID")
                .replaceAll("PT[0-9.]+S", "PT");
    }
}
