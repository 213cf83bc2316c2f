package io.eventgateway.examples.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RedeliveryTest {
    @Test
    void retriesKeepsADeadLetterAndRedrivesIt() throws Exception {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();

        Redelivery.run(new PrintStream(printed, true, StandardCharsets.UTF_8));

        assertThat(printed.toString(StandardCharsets.UTF_8).lines().map(String::strip))
                .contains(
                        "umbrella   DELIVERED after 3 attempts",
                        "initech    DELIVERED after 3 attempts",
                        "acme       DEAD_LETTERED after 4 attempts",
                        "dead letter of acme: ATTEMPTS_EXHAUSTED",
                        "attempt 1: 429 function 'shipping' answered 429",
                        "attempt 4: 500 function 'shipping' answered 500",
                        "redriven: 1, idle: true, dead letters left: 0");
    }
}
