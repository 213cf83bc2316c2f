package io.eventgateway.jdbc.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * A database server of its own, on loopback, in a temporary directory, run by an unprivileged user. It ends with this process at
 * the latest.
 */
abstract class Server implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Path directory;
    private final int port;
    private Process process;

    Server(String name) {
        try {
            this.directory = Files.createTempDirectory("eventgateway-" + name);
            this.port = freePort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(this::close));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    Path directory() {
        return directory;
    }

    int port() {
        return port;
    }

    /** The URL that the administrator connects to. */
    abstract String adminUrl();

    abstract List<String> command();

    /** Starts it, and waits until it answers. */
    public final void start() {
        try {
            process = new ProcessBuilder(command())
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(
                            directory.resolve("server.log").toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException("the server could not be started: " + e.getMessage(), e);
        }
        try {
            Awaitility.await()
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> answers() || !process.isAlive());
        } catch (ConditionTimeoutException e) {
            throw new IllegalStateException("the server did not start within " + PATIENCE + ":\n" + log(), e);
        }
        if (!process.isAlive()) {
            throw new IllegalStateException("the server did not start:\n" + log());
        }
    }

    private boolean answers() {
        try (Connection connection = DriverManager.getConnection(adminUrl())) {
            return connection.isValid(5);
        } catch (SQLException e) {
            return false;
        }
    }

    private String log() {
        try {
            return Files.readString(directory.resolve("server.log"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** Ends it at once, as a power failure would (as far as a process can tell). */
    public final void kill() {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroyForcibly(); // first, so that it starts no more of them
        children.forEach(ProcessHandle::destroyForcibly);
        await(process);
        for (ProcessHandle child : children) {
            child.onExit().orTimeout(30, TimeUnit.SECONDS).join(); // one that is left would keep the next server out
        }
    }

    private static void await(Process ending) {
        try {
            ending.waitFor(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends it in an orderly way. */
    public final void stop() {
        process.destroy();
        await(process);
    }

    @Override
    public final void close() {
        if (process != null && process.isAlive()) {
            kill();
        }
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException | UncheckedIOException e) {
            // it is in the temporary directory, which somebody empties
        }
    }

    /** Where a command of a server's package is. */
    static Path find(String command, String debianPackage, List<Path> places) {
        for (Path place : places) {
            if (Files.isExecutable(place.resolve(command))) {
                return place.resolve(command);
            }
        }
        throw new IllegalStateException(
                command + " was not found in " + places + "; these tests need it: install " + debianPackage);
    }

    /** The command as it is run by that user, if this process is root's, who may not run servers. */
    static List<String> asUser(String user, List<String> command) {
        List<String> all = new ArrayList<>();
        if (System.getProperty("user.name").equals("root")) {
            all.addAll(List.of("setpriv", "--reuid=" + user, "--regid=" + user, "--clear-groups"));
        }
        all.addAll(command);
        return all;
    }

    static void run(List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(command + " failed:\n" + output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(command + " could not be run", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
