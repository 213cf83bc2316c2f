package io.eventgateway.invokers.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.FunctionDefinition;
import io.eventgateway.InvocationException;
import io.eventgateway.InvocationException.Kind;
import io.eventgateway.InvocationResult;
import io.eventgateway.error.InvalidFunctionException;
import io.eventgateway.spi.Secrets;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

@DisabledOnOs(OS.WINDOWS)
class ProcessInvokerTest {
    private final EventGateway gateway = gateway(ProcessInvokerProvider.allowing(command -> true)
            .withEnvironment("GREETING", "TOKEN")
            .withMaxProcesses(2));

    private static EventGateway gateway(ProcessInvokerProvider provider) {
        return EventGateway.builder().invoker(provider).build();
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    private static FunctionDefinition running(String functionId, String... command) {
        return FunctionDefinition.of(functionId, "process", Map.of("command", List.of(command)));
    }

    private static InvocationResult call(EventGateway gateway, FunctionDefinition function, Event event) {
        gateway.functions().registerOrUpdate(function);
        return gateway.invoke(function.functionId(), event);
    }

    private InvocationResult call(FunctionDefinition function, Event event) {
        return call(gateway, function, event);
    }

    private InvocationException failure(FunctionDefinition function, Event event) {
        return catchThrowableOfType(InvocationException.class, () -> call(function, event));
    }

    // -------------------------------------------------------------------------------------------- what may run at all

    @Test
    void theDiscoveredProviderRefusesEveryProgram() {
        try (EventGateway discovering = EventGateway.create()) {
            assertThatThrownBy(() -> discovering.functions().register(running("f", "/bin/cat", "secret-argument")))
                    .isInstanceOf(InvalidFunctionException.class)
                    .hasMessageContaining("'command' /bin/cat is not allowed")
                    .hasMessageContaining("ProcessInvokerProvider.allowing(..)")
                    .hasMessageNotContaining("secret-argument");
        }
    }

    @Test
    void onlyWhatTheApplicationAllowsMayBeConfigured(@TempDir Path directory) {
        ProcessInvokerProvider cat = ProcessInvokerProvider.allowing(Path.of("/bin/cat"));
        FunctionDefinition function = running("f", "/bin/cat");
        try (EventGateway strict = gateway(cat)) {
            assertThatThrownBy(() -> strict.functions().register(running("f", "/bin/sh", "-c", "id")))
                    .hasMessageContaining("'command' /bin/sh is not allowed");
            assertThatThrownBy(() ->
                            strict.functions().register(function.with("environment", Map.of("LD_PRELOAD", "/tmp/x"))))
                    .hasMessageContaining("'environment.LD_PRELOAD' is not allowed")
                    .hasMessageNotContaining("/tmp/x");
            assertThatThrownBy(() -> strict.functions().register(function.with("inheritEnvironment", true)))
                    .hasMessageContaining("'inheritEnvironment' is not allowed");
            assertThatThrownBy(() -> strict.functions().register(function.with("directory", directory.toString())))
                    .hasMessageContaining("'directory'");
            assertThat(call(strict, function.with("mode", "data"), Event.of("a", 1))
                            .valueAs(Integer.class))
                    .isEqualTo(1);
        }
        try (EventGateway lenient = gateway(cat.withDirectories(directory).withInheritedEnvironment())) {
            lenient.functions()
                    .register(function.with("directory", directory.toString()).with("inheritEnvironment", true));
        }
    }

    // ------------------------------------------------------------------------------------------- what a program gets

    @Test
    void readsTheEventAsStructuredJson() {
        Event event = Event.builder("a").subject("s").data(Map.of("n", 1)).build();

        InvocationResult result = call(running("f", "/bin/cat"), event);

        assertThat(Event.fromJson(result.asJson()).getId()).isEqualTo(event.getId());
        assertThat(result.asJson().path("data").path("n").asInt()).isEqualTo(1);
    }

    @Test
    void noShellReadsTheArguments() {
        assertThat(call(running("f", "/bin/echo", "$(id) ; `id` > x *"), Event.of("a", null))
                        .valueAs(String.class))
                .isEqualTo("$(id) ; `id` > x *\n");
    }

    @Test
    void getsTheConfiguredEnvironmentAndNothingElse() {
        FunctionDefinition env = running("f", "/usr/bin/env").with("environment", Map.of("GREETING", "hello"));

        assertThat(call(env, Event.of("a", null)).valueAs(String.class)).isEqualTo("GREETING=hello\n");
    }

    @Test
    void aVariableMayReferToASecretWhichIsResolvedAtEachCall() {
        AtomicReference<String> secret = new AtomicReference<>("one");
        Secrets vault = new Secrets() {
            @Override
            public String scheme() {
                return "vault";
            }

            @Override
            public String resolve(String name) {
                return secret.get();
            }
        };
        try (EventGateway secretive = EventGateway.builder()
                .secrets(vault)
                .invoker(
                        ProcessInvokerProvider.allowing(Path.of("/usr/bin/env")).withEnvironment("TOKEN"))
                .build()) {
            FunctionDefinition env =
                    running("f", "/usr/bin/env").with("environment", Map.of("TOKEN", "t-${vault:token}"));
            assertThat(call(secretive, env, Event.of("a", null)).valueAs(String.class))
                    .isEqualTo("TOKEN=t-one\n");
            secret.set("two");
            assertThat(call(secretive, env, Event.of("a", null)).valueAs(String.class))
                    .isEqualTo("TOKEN=t-two\n");
            secret.set("nul\0");
            assertThatThrownBy(() -> call(secretive, env, Event.of("a", null)))
                    .isInstanceOf(InvocationException.class)
                    .hasMessageContaining("function 'f' can't be called: 'environment.TOKEN'")
                    .hasMessageNotContaining("nul");
        }
    }

    @Test
    void inheritsTheEnvironmentAndRunsInADirectoryWhereBothAreAllowed(@TempDir Path directory) throws Exception {
        Path real = directory.toRealPath();
        try (EventGateway lenient = gateway(ProcessInvokerProvider.allowing(command -> true)
                .withDirectories(real)
                .withInheritedEnvironment())) {
            FunctionDefinition env = running("env", "/usr/bin/env").with("inheritEnvironment", true);
            assertThat(call(lenient, env, Event.of("a", null)).valueAs(String.class))
                    .contains("PATH=");
            FunctionDefinition pwd = running("pwd", "/bin/pwd").with("directory", real.toString());
            assertThat(call(lenient, pwd, Event.of("a", null)).valueAs(String.class))
                    .isEqualTo(real + "\n");
        }
    }

    @Test
    void aProgramThatDoesNotReadALargeInputSucceedsAllTheSame() {
        assertThat(call(running("f", "/bin/true"), Event.of("a", "x".repeat(500_000)))
                        .isEmpty())
                .isTrue();
    }

    @Test
    void anInputThatIsLargerThanAPipeComesBackWhole() {
        String large = "x".repeat(700_000);
        assertThat(call(running("f", "/bin/cat").with("mode", "data"), Event.of("a", large))
                        .valueAs(String.class))
                .isEqualTo(large);
    }

    // ----------------------------------------------------------------------------------------- how the output is read

    @ParameterizedTest
    @CsvSource({
        "auto, '{\"a\":1}', application/json",
        "auto, 'a b', text/plain; charset=utf-8",
        "text, '1', text/plain; charset=utf-8",
        "bytes, '1', application/octet-stream",
        "json, '1', application/json"
    })
    void readsTheOutputAsConfigured(String output, String written, String contentType) {
        InvocationResult result =
                call(running("f", "/bin/echo", "-n", written).with("output", output), Event.of("a", null));
        assertThat(result.contentType()).isEqualTo(contentType);
    }

    @Test
    void whatIsNoTextIsBytes() {
        byte[] bytes = {(byte) 0xff, 0, 1};
        InvocationResult result = call(
                running("f", "/bin/cat").with("mode", "data"),
                Event.builder("a").data(bytes).build());
        assertThat(result.contentType()).isEqualTo("application/octet-stream");
        assertThat(result.value()).isEqualTo(bytes);
    }

    @Test
    void anOutputThatShouldBeJsonAndIsNotIsAFailure() {
        assertThat(failure(running("f", "/bin/echo", "secret-output").with("output", "json"), Event.of("a", null)))
                .hasMessageContaining("is not JSON")
                .hasMessageNotContaining("secret-output");
    }

    @Test
    void anEndlessOutputIsCutOffAndItsProgramEnded() {
        FunctionDefinition yes = running("f", "/usr/bin/yes", marker("1")).with("maxOutputBytes", 100_000);
        assertThat(failure(yes, Event.of("a", null))).satisfies(failure -> {
            assertThat(failure.kind()).isEqualTo(Kind.FUNCTION_ERROR);
            assertThat(failure.retryable()).isFalse();
            assertThat(failure).hasMessageContaining("more than 100000 bytes (maxOutputBytes)");
        });
        awaitGone(marker("1"));
    }

    // --------------------------------------------------------------------------------------------------- how it fails

    @Test
    void anExitCodeOtherThanZeroIsAFailureOfTheFunction() {
        assertThat(failure(running("f", "/bin/cat", "/does/not/exist"), Event.of("a", null)))
                .satisfies(failure -> {
                    assertThat(failure.kind()).isEqualTo(Kind.FUNCTION_ERROR);
                    assertThat(failure.retryable()).isTrue();
                    assertThat(failure)
                            .hasMessageContaining("function 'f' (/bin/cat) ended with exit code 1")
                            .hasMessageNotContaining("exist");
                });
    }

    @Test
    void theStandardErrorIsLoggedOnlyWhereThatIsConfiguredAndWithoutSecrets() {
        FunctionDefinition cat = running("f", "/bin/cat", "/no/hush-hush\u001b\nthing");
        assertThat(logged(() -> failure(cat, Event.of("a", null)))).doesNotContain("thing");
        assertThat(logged(() -> failure(
                        cat.with("logErrors", true).with("environment", Map.of("TOKEN", "hush-hush")),
                        Event.of("a", null))))
                .contains("Function 'f' wrote to its standard error", "/no/***", "thing")
                .doesNotContain("hush-hush", "\u001b");
    }

    private static String logged(Runnable work) {
        PrintStream before = System.err;
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        System.setErr(new PrintStream(written, true, StandardCharsets.UTF_8));
        try {
            work.run();
        } finally {
            System.setErr(before);
        }
        return written.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aProgramThatIsNotThereCanNotBeCalled() {
        assertThat(failure(running("f", "/does/not/exist"), Event.of("a", null)))
                .satisfies(failure -> assertThat(failure.kind()).isEqualTo(Kind.CALL_FAILED));
    }

    // ------------------------------------------------------------------------------------------------ time and bounds

    @Test
    void aProgramWithItsChildrenIsEndedWhenItsTimeIsOver() {
        FunctionDefinition parent = running("f", "/usr/bin/timeout", "600", "/bin/sleep", marker("2"))
                .with("callTimeout", "PT0.5S");
        assertThat(failure(parent, Event.of("a", null)).kind()).isEqualTo(Kind.TIMEOUT);
        awaitGone(marker("2"));
    }

    @Test
    void aProgramThatIgnoresTheRequestToEndIsKilled() {
        FunctionDefinition stubborn = running("f", "/usr/bin/env", "--ignore-signal=TERM", "/bin/sleep", marker("3"))
                .with("callTimeout", "PT0.5S");
        assertThat(failure(stubborn, Event.of("a", null)).kind()).isEqualTo(Kind.TIMEOUT);
        awaitGone(marker("3"));
    }

    @Test
    void aProgramIsEndedWhenItsCallIsCancelled() {
        ProcessConfiguration configuration = new ProcessConfiguration(
                List.of("/bin/sleep", marker("4")), null, null, null, null, null, null, null, null);
        ProcessThreads threads = new ProcessThreads(1);
        ProcessRun run = new ProcessRun(
                configuration,
                new ProcessAnswers("f", configuration, JsonMapper.shared()),
                threads,
                Map::of,
                new byte[0],
                Duration.ofMinutes(10));
        threads.run(run);
        await(() -> processes(marker("4")).findAny().isPresent());

        run.result().cancel(true);

        awaitGone(marker("4"));
    }

    @Test
    void atMostSoManyProcessesRunAtATime() {
        String seconds = "0.3" + marker("5");
        gateway.functions().register(running("f", "/bin/sleep", seconds));
        List<CompletableFuture<InvocationResult>> calls = IntStream.range(0, 6)
                .mapToObj(i -> gateway.invokeAsync("f", Event.of("a", null)))
                .toList();

        long most = 0;
        while (!calls.stream().allMatch(CompletableFuture::isDone)) {
            most = Math.max(most, processes(seconds).count());
        }

        assertThat(most).isBetween(1L, 2L);
        calls.forEach(call -> assertThat(call.join().isEmpty()).isTrue());
    }

    @Test
    void anIdleProviderKeepsNoThread() {
        ProcessThreads threads = new ProcessThreads(3);
        CompletableFuture<Thread> ran = new CompletableFuture<>();
        threads.run(() -> ran.complete(Thread.currentThread()));
        await(() -> !ran.join().isAlive());
    }

    private static String marker(String number) {
        return "86" + ProcessHandle.current().pid() + number;
    }

    private static Stream<ProcessHandle> processes(String marker) {
        return ProcessHandle.allProcesses().filter(process -> {
            try {
                return Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"))
                        .contains("\0" + marker);
            } catch (Exception e) {
                return process.info().commandLine().orElse("").contains(" " + marker); // on other systems
            }
        });
    }

    private static void awaitGone(String marker) {
        await(() -> processes(marker).findAny().isEmpty());
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.onSpinWait();
        }
    }

    @Test
    void refusesAVariableWithANulCharacterAtItsRegistration() {
        FunctionDefinition env = running("f", "/usr/bin/env").with("environment", Map.of("GREETING", "nul\0"));

        assertThatThrownBy(() -> call(env, Event.of("a", null)))
                .isInstanceOf(io.eventgateway.error.InvalidFunctionException.class)
                .hasMessageContaining("'f'")
                .hasMessageContaining("'environment.GREETING' must be a string without NUL characters");
    }

    @Test
    void aSecretThatIsNotToBeHadEndsTheCallInItsOwnTime() {
        CountDownLatch over = new CountDownLatch(1);
        Secrets vault = new Secrets() {
            @Override
            public String scheme() {
                return "vault";
            }

            @Override
            public String resolve(String name) throws InterruptedException {
                over.await();
                return name;
            }
        };
        try (EventGateway secretive = EventGateway.builder()
                .secrets(vault)
                .invoker(
                        ProcessInvokerProvider.allowing(Path.of("/usr/bin/env")).withEnvironment("TOKEN"))
                .build()) {
            FunctionDefinition env = running("f", "/usr/bin/env")
                    .with("environment", Map.of("TOKEN", "${vault:token}"))
                    .with("callTimeout", "PT0.1S");

            assertThatThrownBy(() -> call(secretive, env, Event.of("a", null)))
                    .isInstanceOfSatisfying(InvocationException.class, failure -> assertThat(failure.kind())
                            .isEqualTo(InvocationException.Kind.TIMEOUT));
        } finally {
            over.countDown();
        }
    }
}
