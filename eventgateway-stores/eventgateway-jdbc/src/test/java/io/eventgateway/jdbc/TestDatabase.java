package io.eventgateway.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.eventgateway.jdbc.server.MariaDbServer;
import io.eventgateway.jdbc.server.PostgresServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** The databases that everything is tested on. */
enum TestDatabase {
    /** Embedded, in a file. */
    H2 {
        @Override
        String url(String name) {
            try {
                return "jdbc:h2:file:"
                        + Files.createTempDirectory("eventgateway-h2").resolve(name);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    },
    /** A server that comes with the test class path. */
    POSTGRESQL {
        @Override
        String url(String name) {
            return PostgresServer.shared().create(name);
        }
    },
    /** A server of the system's package, in the profile {@code servers}. */
    MARIADB {
        @Override
        String url(String name) {
            return MariaDbServer.shared().create(name);
        }
    };

    private static final AtomicInteger NUMBERS = new AtomicInteger();
    private static final List<String> TABLES = List.of(
            "delivery",
            "dead_letter",
            "event",
            "turn",
            "gateway",
            "consumer",
            "registration",
            "inbox",
            "seen",
            "bucket",
            "handler");

    /** The databases that this run is about: those that need nothing installed, or in the profile {@code servers} the other. */
    static List<TestDatabase> ofThisRun() {
        if (Boolean.getBoolean("eventgateway.servers")) {
            return List.of(MARIADB);
        }
        return Boolean.getBoolean("eventgateway.embedded") ? List.of(H2) : List.of(H2, POSTGRESQL);
    }

    /** As {@link #ofThisRun}, without the embedded one, which stops with its process. */
    static List<TestDatabase> serversOfThisRun() {
        return List.of(Boolean.getBoolean("eventgateway.servers") ? MARIADB : POSTGRESQL);
    }

    /** The URL of a new, empty database. */
    abstract String url(String name);

    /** A pool on a new, empty database. */
    HikariDataSource empty() {
        return PostgresServer.pool(url("test" + NUMBERS.incrementAndGet()), 12);
    }

    /** A pool on a new database with empty tables. */
    HikariDataSource migrated() {
        HikariDataSource pool = empty();
        JdbcStores.migrate(pool);
        return pool;
    }

    /** Empties the tables. */
    static void clear(HikariDataSource pool) {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(
                    "UPDATE eg_revision SET version = COALESCE((SELECT MAX(position) FROM eg_event), version)"
                            + " WHERE name = 'forgotten'"); // so that nobody waits for what is deleted here
            for (String table : TABLES) {
                statement.executeUpdate("DELETE FROM eg_" + table);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
