package io.eventgateway.application;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starts the packaged application as its users would, each way in a JVM of its own. */
class ModulesTest {
    private static final String MAIN = "io.eventgateway.application.Main";
    private static final String WORKS = "IT WORKS, {\"hello\":{\"name\":\"ada\"}}, /hello/:name, {\"jackson\":2}";
    /** As docs/compatibility.md has it. */
    private static final String MODULES_OF_AN_IMAGE = "java.compiler,java.sql";

    private final String application = System.getProperty("application.jar");
    private final String jars = System.getProperty("runtime.jars");

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private static String run(String java, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(java));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return output;
    }

    private String classPathOf(Predicate<String> wanted) {
        return application
                + Arrays.stream(new File(jars).listFiles())
                        .filter(jar -> wanted.test(jar.getName()))
                        .map(jar -> File.pathSeparator + jar)
                        .collect(Collectors.joining());
    }

    @Test
    void worksOnTheModulePath() throws Exception {
        assertThat(run(
                        java(),
                        "-p",
                        application + File.pathSeparator + jars,
                        "-m",
                        "io.eventgateway.application/" + MAIN))
                .contains("named true, core named true, " + WORKS);
    }

    @Test
    void worksOnTheClassPath() throws Exception {
        assertThat(run(java(), "-cp", classPathOf(name -> true), MAIN))
                .contains("named false, core named false, " + WORKS);
    }

    @Test
    void worksWithTheNewestJackson() throws Exception {
        String newest = System.getProperty("newest.jackson") + File.separator + "*";
        assertThat(run(java(), "-cp", newest + File.pathSeparator + classPathOf(name -> true), MAIN))
                .contains("with Jackson 3.2.4")
                .contains(WORKS);
    }

    @Test
    void worksOnAnImageOfTheModulesThatItNeeds(@TempDir Path directory) throws Exception {
        Path image = directory.resolve("image");
        int exit = ToolProvider.findFirst("jlink")
                .orElseThrow()
                .run(System.out, System.err, "--add-modules", MODULES_OF_AN_IMAGE, "--output", image.toString());
        assertThat(exit).isZero();
        assertThat(run(image.resolve("bin").resolve("java").toString(), "-cp", classPathOf(notOfTheSdk()), MAIN))
                .contains("toured on Java")
                .contains("InvalidFunctionException");
    }

    @Test
    void namesWhatToAddForLambdaFunctionsAndServesTheOtherTypes() throws Exception {
        assertThat(run(java(), "-cp", classPathOf(notOfTheSdk()), MAIN))
                .contains("toured on Java")
                .contains("InvalidFunctionException")
                .contains("function 'lambda' is of type 'awslambda', which needs the AWS SDK;"
                        + " add software.amazon.awssdk:lambda (2.x) to the application's dependencies");
    }

    @Test
    void deliversTheFirstEventWithoutWhatTakesLongToStart() throws Exception {
        assertThat(run(
                        java(),
                        "-Xlog:class+load",
                        "-cp",
                        classPathOf(notOfTheSdk()),
                        "io.eventgateway.application.FirstDelivery"))
                .contains("delivered")
                .contains("io.eventgateway.EventGateway ")
                .doesNotContain("tools.jackson.databind.ObjectMapper ")
                .doesNotContain("com.dashjoin.jsonata.Jsonata ")
                .doesNotContain("okhttp3.OkHttpClient ");
    }

    private static Predicate<String> notOfTheSdk() {
        List<String> ours =
                List.of("eventgateway", "jackson", "cloudevents", "jsonata", "jspecify", "slf4j", "ok", "kotlin");
        return name -> ours.stream().anyMatch(name::startsWith);
    }
}
