package io.eventgateway.benchmarks.compare;

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
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An installed PostgreSQL with its default settings, durability included, on a free loopback port, with its data in a temporary
 * directory. It ends with this process.
 */
final class PostgresServer {
    private static final String USER = "postgres";
    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Path directory;
    private final int port;
    private final Process process;

    private PostgresServer(Path directory, int port, Process process) {
        this.directory = directory;
        this.port = port;
        this.process = process;
    }

    /**
     * Starts the newest server that is installed.
     *
     * @throws IOException if there is none, which says how to get one, or if it does not start
     */
    static PostgresServer start() throws IOException {
        Path bin = binaries();
        if (bin == null) {
            throw new IOException(
                    "no PostgreSQL server was found: install one (Debian: postgresql), or give --postgres URL");
        }
        Path directory = Files.createTempDirectory("eventgateway-compare");
        Path data = directory.resolve("data");
        if (root()) {
            run(List.of("chown", USER, directory.toString()));
        }
        run(asUser(List.of(
                bin.resolve("initdb").toString(), "-D", data.toString(), "-U", USER, "-A", "trust", "-E", "UTF8")));
        int port = freePort();
        Process process = new ProcessBuilder(asUser(List.of(
                        bin.resolve("postgres").toString(),
                        "-D",
                        data.toString(),
                        "-p",
                        Integer.toString(port),
                        "-k",
                        directory.toString(),
                        "-c",
                        "listen_addresses=127.0.0.1")))
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("server.log").toFile())
                .start();
        PostgresServer server = new PostgresServer(directory, port, process);
        Runtime.getRuntime().addShutdownHook(new Thread(server::stop));
        server.awaitAnswer();
        return server;
    }

    /** Returns the directory of the newest version's commands. */
    private static @Nullable Path binaries() {
        List<Path> places = new ArrayList<>();
        Path versions = Path.of("/usr/lib/postgresql");
        if (Files.isDirectory(versions)) {
            try (Stream<Path> each = Files.list(versions)) {
                each.sorted(Comparator.reverseOrder()).forEach(version -> places.add(version.resolve("bin")));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        for (String place : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
            places.add(Path.of(place));
        }
        return places.stream()
                .filter(place -> Files.isExecutable(place.resolve("postgres")))
                .findFirst()
                .orElse(null);
    }

    private static boolean root() {
        return System.getProperty("user.name").equals("root");
    }

    /** Returns the command as an unprivileged user runs it; the server refuses to be root's. */
    private static List<String> asUser(List<String> command) {
        List<String> all = new ArrayList<>();
        if (root()) {
            all.addAll(List.of("setpriv", "--reuid=" + USER, "--regid=" + USER, "--clear-groups"));
        }
        all.addAll(command);
        return all;
    }

    private static void run(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException(command + " failed: " + output);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void awaitAnswer() throws IOException {
        long until = System.nanoTime() + PATIENCE_NANOS;
        while (!answers()) {
            if (!process.isAlive() || System.nanoTime() > until) {
                throw new IOException("it did not answer: " + Files.readString(directory.resolve("server.log")));
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }

    private boolean answers() {
        try (Connection connection = DriverManager.getConnection(url())) {
            return connection.isValid(5);
        } catch (SQLException e) {
            return false; // not yet
        }
    }

    /** Returns the JDBC URL of a database that nobody else uses. */
    String url() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=" + USER;
    }

    private void stop() {
        process.destroy();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException | UncheckedIOException e) {
            // it is in the temporary directory, which somebody empties
        }
    }
}
