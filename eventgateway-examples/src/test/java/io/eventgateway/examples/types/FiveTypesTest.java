package io.eventgateway.examples.types;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

@DisabledOnOs(OS.WINDOWS)
class FiveTypesTest {
    @Test
    void oneEventGoesToFunctionsOfFiveTypes() throws IOException {
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            FiveTypes.main(new String[0]);
        } finally {
            System.setOut(before);
        }

        assertThat(printed.toString(StandardCharsets.UTF_8).lines())
                .contains(
                        "java: DELIVERED a handler got o-1",
                        "http: DELIVERED an endpoint got o-1",
                        "process: DELIVERED {\"item\":\"tea\"}",
                        "router: DELIVERED archived, caused by o-1")
                .anyMatch(line -> line.startsWith("weighted: DELIVERED "));
    }
}
