package io.eventgateway.test;

import static io.eventgateway.test.GatewayAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.EventGateway;
import io.eventgateway.FunctionDefinition;
import java.util.Map;
import org.junit.jupiter.api.Test;

@GatewayTest
class FindingsTest {
    @Test
    void aGatewayWithoutFindingsPasses(EventGateway gateway) {
        gateway.functions().register("ship", new RecordingFunction());
        gateway.subscribe("order.placed", "ship");

        assertThat(gateway).hasNoFindings();
    }

    @Test
    void theFailureListsAllFindings(EventGateway gateway) {
        gateway.functions()
                .register(FunctionDefinition.of("pay", "java", Map.of()).emits("order.paid"), new RecordingFunction());

        assertThatThrownBy(() -> assertThat(gateway).hasNoFindings())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("expected no findings, had 2")
                .hasMessageContaining("nobody subscribes to events of type 'order.paid'")
                .hasMessageContaining("function 'pay' gets no events");
    }

    @Test
    void findingsThatAreMeantAreLeftOut(EventGateway gateway) {
        gateway.functions().register("pay", new RecordingFunction());

        assertThat(gateway).hasNoFindings(finding -> finding.about().equals("function"));
    }
}
