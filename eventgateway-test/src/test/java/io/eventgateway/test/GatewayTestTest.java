package io.eventgateway.test;

import static io.eventgateway.test.GatewayAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.EventGateway;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
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
        assertThat(gateway).neverDelivered("order.shipped").neverFailedToDeliver("order.shipped");
        assertThat(audit.events()).hasSize(2);
        assertThat(audit.lastEvent().getType()).isEqualTo("order.placed");
    }

    @Test
    void saysWhatWasDeliveredWhenThatWasNotExpected(EventGateway gateway) {
        gateway.functions().register("audit", new RecordingFunction());
        gateway.subscribe("order.*", "audit");
        gateway.emit("order.placed", 1);

        assertThatThrownBy(() -> assertThat(gateway)
                        .delivered("order.placed")
                        .to("audit")
                        .times(2))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("'order.placed' to be delivered to 'audit' 2 times, was 1 times")
                .hasMessageContaining("order.placed -> audit");
    }

    @Test
    void everyStepOfAnAssertionAssertsByItself(EventGateway gateway) {
        gateway.functions().register("audit", new RecordingFunction());
        gateway.functions().register("disk", new RecordingFunction().failing(1, new IOException("disk")));
        gateway.subscribe("order.*", "audit");
        gateway.subscribe("order.*", "disk");
        gateway.emit("order.placed", 1);

        assertThat(gateway).delivered("order.placed").to("audit");
        assertThat(gateway).failedToDeliver("order.placed").to("disk");
        assertThat(gateway).neverDelivered("order.placed", "disk").neverFailedToDeliver("order.placed", "audit");
        assertThatThrownBy(() -> assertThat(gateway).delivered("order.shipped"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("'order.shipped' to be delivered at least once, was never");
        assertThatThrownBy(() -> assertThat(gateway).delivered("order.placed").to("mail"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("'order.placed' to be delivered to 'mail' at least once, was never");
        assertThatThrownBy(() ->
                        assertThat(gateway).failedToDeliver("order.placed").to("audit"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("'order.placed' to fail to be delivered to 'audit' at least once");
        assertThatThrownBy(() -> assertThat(gateway).neverDelivered("order.placed"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("'order.placed' to be delivered 0 times, was 1 times");
        assertThatThrownBy(() -> assertThat(gateway).delivered("order.placed").times(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("neverDelivered");
    }

    @Test
    void theClockShowsApplicationsTheTimeAndNotHowItDrivesAGateway() {
        assertThat(TestClock.class.getDeclaredMethods())
                .filteredOn(method -> Modifier.isPublic(method.getModifiers()))
                .extracting(Method::getName)
                .containsExactlyInAnyOrder("instant", "advance", "toString");
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
