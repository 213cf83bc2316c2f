package io.eventgateway.jdbc.server;

import java.nio.file.Path;
import java.util.List;

/** A MariaDB server with its default settings, durability included. */
public final class MariaDbServer extends Server {
    private static final List<Path> PLACES =
            List.of(Path.of("/usr/sbin"), Path.of("/usr/bin"), Path.of("/usr/local/bin"));

    private static MariaDbServer shared;

    private MariaDbServer() {
        super("mariadb");
        boolean root = System.getProperty("user.name").equals("root");
        if (root) {
            run(List.of("chown", "mysql", directory().toString()));
        }
        run(List.of(
                find("mariadb-install-db", "mariadb-server", PLACES).toString(),
                "--no-defaults",
                "--datadir=" + directory().resolve("data"),
                "--auth-root-authentication-method=normal",
                "--skip-test-db",
                "--user=" + user()));
    }

    private static String user() {
        String own = System.getProperty("user.name");
        return own.equals("root") ? "mysql" : own;
    }

    /** One that is running, for all tests of a process. */
    public static synchronized MariaDbServer shared() {
        if (shared == null) {
            MariaDbServer started = new MariaDbServer();
            started.start();
            shared = started;
        }
        return shared;
    }

    @Override
    List<String> command() {
        return List.of(
                find("mariadbd", "mariadb-server", PLACES).toString(),
                "--no-defaults",
                "--datadir=" + directory().resolve("data"),
                "--port=" + port(),
                "--bind-address=127.0.0.1",
                "--socket=" + directory().resolve("socket"),
                "--pid-file=" + directory().resolve("pid"),
                "--user=" + user());
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
