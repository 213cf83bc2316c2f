package io.eventgateway.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventgateway.Event;
import io.eventgateway.delivery.DeliveryStatus;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class QuickstartTest {
    @Test
    void takesEveryWebhookWhereItBelongs() throws Exception {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();

        Map<String, Map<DeliveryStatus, Integer>> table =
                Quickstart.run(new PrintStream(printed, true, StandardCharsets.UTF_8));

        assertThat(table.get("audit")).isEqualTo(Map.of(DeliveryStatus.DELIVERED, 329));
        assertThat(table.get("tally")).isEqualTo(Map.of(DeliveryStatus.DELIVERED, 329));
        assertThat(table.get("pull-requests")).isEqualTo(Map.of(DeliveryStatus.DELIVERED, 29));
        assertThat(table.get("reviewers")).isEqualTo(Map.of(DeliveryStatus.DELIVERED, 25));
        assertThat(table.get("ci")).isEqualTo(Map.of(DeliveryStatus.DELIVERED, 7));
        assertThat(table.get("flaky")).isEqualTo(Map.of(DeliveryStatus.DEAD_LETTERED, 29));
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .contains("329 events")
                .contains("29 pull requests received by HTTP")
                .contains("25 lines for the reviewers of bugs, such as: #2 Update the README with new information.")
                .contains("87 times gateway.function.invocationFailed, and 29 dead letters");
    }

    @Test
    void namesEventsByTheirKindAndAction() {
        assertThat(Webhooks.read())
                .hasSize(329)
                .extracting(Event::getType)
                .contains("com.github.push", "com.github.pull_request.opened", "com.github.issues.opened");
    }
}
