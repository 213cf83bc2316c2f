package io.eventgateway.application;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Starts the packaged application as its users would, once on each path. */
class ModulesTest {
    private static final String WORKS = "IT WORKS, {\"hello\":{\"name\":\"ada\"}}, /hello/:name";

    private final String application = System.getProperty("application.jar");
    private final String jars = System.getProperty("runtime.jars");

    private static String run(String... arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return output;
    }

    @Test
    void worksOnTheModulePath() throws Exception {
        assertThat(run(
                        "-p",
                        application + File.pathSeparator + jars,
                        "-m",
                        "io.eventgateway.application/io.eventgateway.application.Main"))
                .contains("named true, core named true, " + WORKS);
    }

    @Test
    void worksOnTheClassPath() throws Exception {
        assertThat(run(
                        "-cp",
                        application + File.pathSeparator + jars + File.separator + "*",
                        "io.eventgateway.application.Main"))
                .contains("named false, core named false, " + WORKS);
    }

    @Test
    void worksWithoutTheAwsSdk() throws Exception {
        StringBuilder classPath = new StringBuilder(application);
        for (File jar : new File(jars).listFiles()) {
            if (jar.getName().startsWith("eventgateway")
                    || jar.getName().startsWith("jackson")
                    || jar.getName().startsWith("cloudevents")
                    || jar.getName().startsWith("caffeine")
                    || jar.getName().startsWith("slf4j")
                    || jar.getName().startsWith("ok")
                    || jar.getName().startsWith("kotlin")) {
                classPath.append(File.pathSeparator).append(jar);
            }
        }
        assertThat(run("-cp", classPath.toString(), "io.eventgateway.application.Main"))
                .contains("InvalidFunctionException")
                .contains("the invoker for type 'awslambda' lacks a library")
                .doesNotContain("'http'");
    }
}
