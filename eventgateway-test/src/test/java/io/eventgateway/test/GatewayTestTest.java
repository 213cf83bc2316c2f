package io.eventgateway.test;

import static io.eventgateway.test.GatewayAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.EventGateway;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

@GatewayTest
class GatewayTestTest {
    @Test
    void recordsWhatWasDeliveredToWhom(EventGateway gateway) {
        RecordingFunction audit =
                new RecordingFunction().failing(1, new IOException("disk")).answering(42);
        gateway.functions().register("audit", audit);
        gateway.subscribe("order.*", "audit");

        gateway.emit("order.placed", 1);
        gateway.emit("order.placed", 2);

        assertThat(gateway).delivered("order.placed").to("audit").once();
        assertThat(gateway).failedToDeliver("order.placed").to("audit").times(1);
        assertThat(gateway).delivered("order.shipped").never();
        assertThat(audit.events()).hasSize(2);
        assertThat(audit.lastEvent().getType()).isEqualTo("order.placed");
    }

    @Test
    void saysWhatWasDeliveredWhenThatWasNotExpected(EventGateway gateway) {
        gateway.functions().register("audit", new RecordingFunction());
        gateway.subscribe("order.*", "audit");
        gateway.emit("order.placed", 1);

        assertThatThrownBy(() ->
                        assertThat(gateway).delivered("order.placed").to("mail").once())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("'order.placed' to be delivered to 'mail' 1 times, was 0 times")
                .hasMessageContaining("order.placed -> audit");
    }

    @Test
    void theGatewayGoesByTheTestsClock(EventGateway gateway, TestClock clock) {
        clock.advance(Duration.ofDays(1));

        assertThat(gateway.emit("a", null).event().getTime().toInstant()).isEqualTo(clock.instant());
        assertThatThrownBy(() -> clock.advance(Duration.ofSeconds(-1))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesAGatewayThatRecordsNothing() {
        try (EventGateway other = EventGateway.create()) {
            assertThatThrownBy(() -> assertThat(other))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("TestGateways");
        }
    }
}
