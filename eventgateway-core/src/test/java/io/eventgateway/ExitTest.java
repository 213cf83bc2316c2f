package io.eventgateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.cloudevents.CloudEvent;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.json.JsonMapper;

class ExitTest {
    /** A program that emits and ends, without closing its gateway. */
    static final class Program {
        private Program() {}

        public static void main(String[] arguments) throws Exception {
            boolean close = Boolean.parseBoolean(arguments[1]);
            EventGateway gateway = EventGateway.builder().closeOnExit(close).build();
            gateway.functions().register("f", (event, context) -> {
                Thread.sleep(500); // what takes longer than the rest of main
                return Files.writeString(Path.of(arguments[0]), "delivered");
            });
            gateway.subscribe("a", "f");
            gateway.emit("a", 1);
        }
    }

    private static void run(Path file, boolean closeOnExit) throws Exception {
        String classPath = Stream.of(
                        EventGateway.class,
                        Program.class,
                        JsonMapper.class,
                        JsonParser.class,
                        JsonProperty.class,
                        CloudEvent.class,
                        Nullable.class,
                        Logger.class)
                .map(type -> new File(type.getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .getPath())
                        .getPath())
                .distinct()
                .collect(Collectors.joining(File.pathSeparator));
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        classPath,
                        Program.class.getName(),
                        file.toString(),
                        String.valueOf(closeOnExit))
                .inheritIO()
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }

    @Test
    void aMainThatEndsWithoutCloseLosesNothingThatWasAccepted(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("file");

        run(file, true);

        assertThat(file).hasContent("delivered");
    }

    @Test
    void aGatewayThatAFrameworkClosesIsNotClosedByTheExit(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("file");

        run(file, false);

        assertThat(file).doesNotExist();
    }
}
