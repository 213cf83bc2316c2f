package io.eventgateway.jdbc.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
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
    private ProcessHandle process;

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

    /** Starts the server's process, which may not answer yet when this returns. */
    abstract ProcessHandle launch() throws IOException;

    /** Where the server writes its log. */
    final Path logFile() {
        return directory.resolve("server.log");
    }

    /** Starts it, and waits until it answers. */
    public final void start() {
        try {
            process = launch();
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
            return Files.readString(logFile());
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** Ends it at once, as a power failure would (as far as a process can tell). */
    public final void kill() {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroyForcibly(); // first, so that it starts no more of them
        children.forEach(ProcessHandle::destroyForcibly);
        // one that is left would keep the next server out; the limit is for where nobody reaps orphans, which then
        // never end
        CompletableFuture.allOf(Stream.concat(Stream.of(process), children.stream())
                        .map(ProcessHandle::onExit)
                        .toArray(CompletableFuture[]::new))
                .completeOnTimeout(null, 20, TimeUnit.SECONDS)
                .join();
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

    /** Whether this process is root's, who may not run database servers. */
    static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    /** Runs a command to its end. */
    static void run(List<String> command) {
        Path output = null;
        try {
            // a file, because a server that the command leaves behind would keep a pipe open
            output = Files.createTempFile("eventgateway-server", ".out");
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            if (process.waitFor() != 0) {
                throw new IllegalStateException(command + " failed:\n" + Files.readString(output));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(command + " could not be run", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } finally {
            if (output != null) {
                output.toFile().delete();
            }
        }
    }
}
