package io.eventgateway.jdbc.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A MariaDB server with its default settings, durability included. Its programs are those of the system's package, so the tests
 * that need it run in the profile {@code servers} only.
 */
public final class MariaDbServer extends Server {
    private static final List<Path> PLACES =
            List.of(Path.of("/usr/sbin"), Path.of("/usr/bin"), Path.of("/usr/local/bin"));

    /** The server's time zone: that of Berlin, with its summer time, in a form that needs no table of zones. */
    public static final String TIME_ZONE = "CET-1CEST,M3.5.0,M10.5.0/3";

    private static MariaDbServer shared;

    private final Path program = find("mariadbd");

    /** A server that has its directory, and is to be started. */
    public MariaDbServer() {
        super("mariadb");
        if (isRoot()) {
            run(List.of("chown", "mysql", directory().toString()));
        }
        run(List.of(
                find("mariadb-install-db").toString(),
                "--no-defaults",
                "--datadir=" + directory().resolve("data"),
                "--auth-root-authentication-method=normal",
                "--skip-test-db",
                "--user=" + user()));
    }

    private static Path find(String command) {
        return PLACES.stream()
                .map(place -> place.resolve(command))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(command + " is not in " + PLACES
                        + "; the profile 'servers' needs it: install the Debian package mariadb-server"));
    }

    private static String user() {
        return isRoot() ? "mysql" : System.getProperty("user.name");
    }

    /** One that is running, for all tests of a process that don't harm it. */
    public static synchronized MariaDbServer shared() {
        if (shared == null) {
            MariaDbServer started = new MariaDbServer();
            started.start();
            shared = started;
        }
        return shared;
    }

    @Override
    ProcessHandle launch() throws IOException {
        ProcessBuilder server = new ProcessBuilder(
                        program.toString(),
                        "--no-defaults",
                        "--datadir=" + directory().resolve("data"),
                        "--port=" + port(),
                        "--bind-address=127.0.0.1",
                        "--socket=" + directory().resolve("socket"),
                        "--pid-file=" + directory().resolve("pid"),
                        "--user=" + user())
                .directory(directory().toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(logFile().toFile()));
        server.environment().put("TZ", TIME_ZONE);
        return server.start().toHandle();
    }

    @Override
    String adminUrl() {
        return "jdbc:mariadb://127.0.0.1:" + port() + "/?user=root";
    }

    /** The URL of a new database of that name. */
    public String create(String database) {
        PostgresServer.execute(adminUrl(), "CREATE DATABASE " + database);
        return "jdbc:mariadb://127.0.0.1:" + port() + "/" + database + "?user=root";
    }
}
