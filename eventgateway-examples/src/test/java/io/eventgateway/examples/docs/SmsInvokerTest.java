package io.eventgateway.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventgateway.EventGateway;
import io.eventgateway.FunctionDefinition;
import io.eventgateway.Subscription;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.error.InvalidFunctionException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Runs what {@code docs/writing-an-invoker.md} shows. */
class SmsInvokerTest {
    @BeforeEach
    void forget() {
        SmsClient.SENT.clear();
        SmsClient.HANGING.clear();
    }

    private static FunctionDefinition sms(String number) {
        return FunctionDefinition.of("sms", "sms", Map.of("number", number, "token", "t-1"));
    }

    @Test
    void callsAFunctionOfItsType() {
        try (EventGateway gateway =
                EventGateway.builder().invoker(new SmsInvokerProvider()).build()) {
            gateway.functions().register(sms("+491234"));

            assertThat(gateway.invoke("sms", "hello").valueAs(String.class)).isEqualTo("hello");
            assertThatThrownBy(() -> gateway.functions()
                            .register(FunctionDefinition.of("bad", "sms", Map.of("number", "1234", "token", "secret"))))
                    .isInstanceOf(InvalidFunctionException.class)
                    .hasMessageContaining("'number' must start with +, was '1234'")
                    .hasMessageNotContaining("secret");
        }
        assertThat(SmsClient.SENT).containsExactly("+491234: 7 bytes, by t-1");
    }

    @Test
    void cancelsTheCallWhoseTimeIsOver() {
        try (EventGateway gateway =
                EventGateway.builder().invoker(new SmsInvokerProvider()).build()) {
            gateway.functions().register(sms("+499"));
            gateway.subscriptions()
                    .create(Subscription.to("a")
                            .function("sms")
                            .delivery(DeliveryPolicy.builder()
                                    .maxAttempts(1)
                                    .timeout(Duration.ofMillis(100))
                                    .build())
                            .build());

            assertThat(gateway.emit("a", 1).await(Duration.ofSeconds(20)).allDelivered())
                    .isFalse();
        }
        assertThat(SmsClient.HANGING).singleElement().satisfies(call -> assertThat(call.isCancelled())
                .isTrue());
    }

    @Test
    void hasAtMostFortyLinesBesideItsImports() throws IOException {
        List<String> lines = Files.readAllLines(Path.of(
                "src/test/java/io/eventgateway/examples/docs", SmsInvokerProvider.class.getSimpleName() + ".java"));

        assertThat(lines.subList(lines.indexOf("// tag::invoker[]") + 1, lines.indexOf("// end::invoker[]")))
                .hasSizeBetween(1, 40);
    }
}
