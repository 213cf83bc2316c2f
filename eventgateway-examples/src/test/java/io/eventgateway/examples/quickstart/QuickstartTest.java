package io.eventgateway.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventgateway.Event;
import io.eventgateway.delivery.DeliveryStatus;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
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
                .contains("Where 329 webhooks went")
                .contains("29 pull requests were received by HTTP, 25 lines went to the reviewers")
                .contains(
                        "87 calls of the function that always fails ended in gateway.function.invocationFailed, and in 29"
                                + " dead letters");
    }

    @Test
    void explainsARefusalAndShowsAChain() throws Exception {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();

        Quickstart.run(new PrintStream(printed, true, StandardCharsets.UTF_8));

        assertThat(printed.toString(StandardCharsets.UTF_8))
                .contains("does not match subscription 'reviews' -> function 'reviewers'")
                .contains("+ type is \"com.github.pull_request.")
                .containsPattern("(?m)^com\\.github\\.push \\(.*ended after")
                .contains("  -> ci: DELIVERED")
                .containsPattern("(?m)^    build\\.finished \\(.*by ci-v")
                .contains("      -> deploy: DELIVERED");
    }

    @Test
    void measuresWhatAWarmGatewayDelivers() {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();

        double perSecond = Throughput.measure(
                new PrintStream(printed, true, StandardCharsets.UTF_8),
                Webhooks.read(),
                Duration.ofMillis(100),
                Duration.ofMillis(100));

        assertThat(perSecond).isPositive();
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("deliveries a second");
    }

    @Test
    void namesEventsByTheirKindAndAction() {
        assertThat(Webhooks.read())
                .hasSize(329)
                .extracting(Event::getType)
                .contains("com.github.push", "com.github.pull_request.opened", "com.github.issues.opened");
    }
}
