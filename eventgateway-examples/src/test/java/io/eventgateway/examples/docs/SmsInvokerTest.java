package io.eventgateway.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.EventGateway;
import io.eventgateway.FunctionDefinition;
import io.eventgateway.error.InvalidFunctionException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Runs what {@code docs/writing-an-invoker.md} shows. */
class SmsInvokerTest {
    @Test
    void callsAFunctionOfItsType() {
        try (EventGateway gateway =
                EventGateway.builder().invoker(new SmsInvokerProvider()).build()) {
            gateway.functions().register(FunctionDefinition.of("sms", "sms", Map.of("number", "+491234")));

            assertThat(gateway.invoke("sms", "hello").value()).isEqualTo("message-1");
            assertThatThrownBy(() ->
                            gateway.functions().register(FunctionDefinition.of("bad", "sms", Map.of("number", "1234"))))
                    .isInstanceOf(InvalidFunctionException.class)
                    .hasMessageContaining("'number' must start with +, was '1234'");
        }
        assertThat(SmsClient.SENT).containsExactly("+491234: 7 bytes", "+491234: closed");
    }
}
