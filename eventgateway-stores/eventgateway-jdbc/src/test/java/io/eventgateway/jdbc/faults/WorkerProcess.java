package io.eventgateway.jdbc.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventgateway.jdbc.faults.FaultWorker.Ending;
import io.eventgateway.jdbc.faults.FaultWorker.Task;
import io.eventgateway.jdbc.faults.Journal.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A process that runs {@link FaultWorker}, and what a test does to it. */
final class WorkerProcess {
    private static final Duration START = Duration.ofMinutes(1);

    private final Task task;
    private final Journal faults;
    private final Process process;

    WorkerProcess(Task task, Journal faults) {
        this.task = task;
        this.faults = faults;
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "-Xmx192m",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                "-Dorg.slf4j.simpleLogger.log.io.eventgateway.internal.log=off",
                FaultWorker.class.getName()));
        command.addAll(List.of(task.arguments()));
        try {
            this.process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log().toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String name() {
        return task.name();
    }

    private Path log() {
        return task.directory().resolve(name() + ".log");
    }

    long accepted() {
        return Journal.accepted(task.directory(), name());
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Waits until the process has accepted so many events more. */
    void awaitAccepted(long more) {
        long until = accepted() + more;
        Awaitility.await()
                .atMost(START)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> accepted() >= until || !process.isAlive());
        assertThat(process.isAlive()).as(this::output).isTrue();
    }

    private String output() {
        try {
            return name() + " ended:\n" + Files.readString(log());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
        faults.write(Kind.KILLED, name());
    }

    /** Stops the process as a debugger or a frozen machine does. */
    void stop() throws Exception {
        faults.write(Kind.STOPPED, name());
        signal("STOP");
    }

    void resume() throws Exception {
        faults.write(Kind.RESUMED, name());
        signal("CONT");
    }

    private void signal(String signal) throws Exception {
        // the shell's own, since a small system has no program of that name
        new ProcessBuilder("sh", "-c", "kill -" + signal + " " + process.pid())
                .start()
                .waitFor();
    }

    /** Tells the process to end, and returns at once. */
    void tell(Ending ending) {
        try {
            Files.createFile(ending.file(task.directory(), name()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until the process has ended as it was told. */
    void awaitEnd() throws InterruptedException {
        Duration limit = task.patience().plus(START);
        assertThat(process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS))
                .as(() -> name() + " did not end within " + limit)
                .isTrue();
        assertThat(process.exitValue()).as(this::output).isZero();
    }
}
