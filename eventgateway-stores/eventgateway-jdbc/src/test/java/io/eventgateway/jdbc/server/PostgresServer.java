package io.eventgateway.jdbc.server;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * A PostgreSQL server with its default settings, durability included. Its programs come with the test class path, see
 * {@link PostgresPrograms}.
 */
public final class PostgresServer extends Server {
    /** The user "nobody" of every Unix, who runs the server if this process is root's. */
    static final String NOBODY = "65534";

    private static PostgresServer shared;

    private final Path bin;
    private final Path data;

    /** Where the C library finds locales; null for where the system has them. */
    private final Path locales;

    /** A server that has its directory, and is to be started. */
    public PostgresServer() {
        this(List.of("--no-locale"), null);
    }

    private PostgresServer(List<String> localeOptions, String locale) {
        super("postgresql");
        try {
            this.bin = PostgresPrograms.unpack(directory().resolve("programs"));
        } catch (IOException e) {
            throw new UncheckedIOException("PostgreSQL could not be unpacked", e);
        }
        this.data = directory().resolve("data");
        this.locales = locale == null ? null : directory().resolve("locales");
        if (locale != null) {
            compile(locale);
        }
        if (isRoot()) {
            run(List.of("chown", "-R", NOBODY + ":" + NOBODY, directory().toString()));
        }
        List<String> options =
                new ArrayList<>(List.of("-D", data.toString(), "-U", "postgres", "-A", "trust", "-E", "UTF8"));
        options.addAll(localeOptions);
        runUnprivileged("initdb", options.toArray(new String[0]));
        try {
            Files.writeString(data.resolve("postgresql.conf"), """
                    port = %d
                    listen_addresses = '127.0.0.1'
                    unix_socket_directories = ''
                    """.formatted(port()), StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("PostgreSQL could not be configured", e);
        }
    }

    /**
     * A server whose databases sort text by a locale of the C library, such as {@code en_US}, which is made for it. That takes the
     * system's localedef and its sources of locales.
     */
    public static PostgresServer withLocale(String locale) {
        return new PostgresServer(List.of("--locale-provider=libc", "--locale=" + locale + ".UTF-8"), locale);
    }

    private void compile(String locale) {
        try {
            Files.createDirectories(locales);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        run(List.of(
                "localedef",
                "-i",
                locale,
                "-f",
                "UTF-8",
                locales.resolve(locale + ".UTF-8").toString()));
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

    /** Runs one of PostgreSQL's programs, none of which root may run. */
    private void runUnprivileged(String program, String... arguments) {
        List<String> command = new ArrayList<>();
        if (isRoot()) {
            command.addAll(List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups"));
        }
        if (locales != null) {
            command.addAll(List.of("env", "LOCPATH=" + locales));
        }
        command.add(bin.resolve(program).toString());
        command.addAll(List.of(arguments));
        run(command);
    }

    /** By pg_ctl, which on Windows gives the administrator's rights up, with which a server does not start. */
    @Override
    ProcessHandle launch() throws IOException {
        runUnprivileged("pg_ctl", "-w", "-D", data.toString(), "-l", logFile().toString(), "start");
        String pid = Files.readAllLines(data.resolve("postmaster.pid")).get(0);
        return ProcessHandle.of(Long.parseLong(pid.strip()))
                .orElseThrow(() -> new IOException("the server ended at once; its log is " + logFile()));
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
