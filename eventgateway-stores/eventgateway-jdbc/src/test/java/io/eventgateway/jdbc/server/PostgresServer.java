package io.eventgateway.jdbc.server;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A PostgreSQL server with its default settings, durability included. */
public final class PostgresServer extends Server {
    private static PostgresServer shared;

    private final Path bin;

    /** A server that has its directory, and is to be started. */
    public PostgresServer() {
        super("postgresql");
        this.bin = find("postgres", "postgresql-15", places()).getParent();
        String user = "postgres";
        if (System.getProperty("user.name").equals("root")) {
            run(List.of("chown", user, directory().toString()));
        }
        run(asUser(
                user,
                List.of(
                        bin.resolve("initdb").toString(),
                        "-D",
                        directory().resolve("data").toString(),
                        "-U",
                        user,
                        "-A",
                        "trust",
                        "-E",
                        "UTF8",
                        "--locale=C.UTF-8")));
    }

    /** One that is running, for all tests of a process that don't harm it. */
    public static synchronized PostgresServer shared() {
        if (shared == null) {
            PostgresServer started = new PostgresServer();
            started.start();
            shared = started;
        }
        return shared;
    }

    /** The newest version that is installed comes first. */
    private static List<Path> places() {
        Path versions = Path.of("/usr/lib/postgresql");
        List<Path> places = new ArrayList<>();
        if (Files.isDirectory(versions)) {
            try (Stream<Path> each = Files.list(versions)) {
                each.sorted(Comparator.reverseOrder()).forEach(version -> places.add(version.resolve("bin")));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        for (String place : System.getenv("PATH").split(":", -1)) {
            places.add(Path.of(place));
        }
        return places;
    }

    @Override
    List<String> command() {
        return asUser(
                "postgres",
                List.of(
                        bin.resolve("postgres").toString(),
                        "-D",
                        directory().resolve("data").toString(),
                        "-p",
                        Integer.toString(port()),
                        "-k",
                        directory().toString(),
                        "-c",
                        "listen_addresses=127.0.0.1"));
    }

    @Override
    String adminUrl() {
        return url("postgres");
    }

    /** The URL of a database. */
    public String url(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port() + "/" + database + "?user=postgres";
    }

    /** The URL of a new database of that name. */
    public String create(String database) {
        execute(adminUrl(), "CREATE DATABASE " + database);
        return url(database);
    }

    /** Runs a statement. */
    public static void execute(String url, String sql) {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql + ": " + e.getMessage(), e);
        }
    }

    /** A pool on a database. */
    public static HikariDataSource pool(String url, int size) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(0);
        config.setConnectionTimeout(5_000);
        config.setInitializationFailTimeout(-1);
        return new HikariDataSource(config);
    }
}
