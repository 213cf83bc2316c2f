package io.eventgateway.jdbc;

import io.eventgateway.error.StoreFailedException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The versions of the tables. Each file is one version, says so in its last statements, and is never changed again. */
final class Migrations {
    private static final List<String> FILES = List.of("V1__eventgateway.sql", "V2__shared_state.sql");
    private static final String LOCK = "{revision}_migration";
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final int LOCK_SECONDS = 20;

    private final Database database;
    private final int latest;

    Migrations(Database database) {
        this(database, FILES.size());
    }

    /** The versions up to one, as an earlier release knows them. */
    Migrations(Database database, int latest) {
        this.database = database;
        this.latest = latest;
    }

    /** Brings the tables to the latest version, if they are not; of many who do this at the same time, one does it. */
    void apply() {
        long until = System.nanoTime() + database.timeout().toNanos();
        int version = version();
        requireNotNewer(version);
        while (version < latest) {
            try {
                migrate();
            } catch (StoreFailedException e) {
                boolean others = e.getCause() instanceof SQLException cause && Dialect.isThereAlready(cause);
                if (!others
                        || System.nanoTime() - until > 0
                        || Thread.currentThread().isInterrupted()) {
                    throw e;
                }
                // somebody else creates the tables at this moment, where the database has no lock to wait for
                LockSupport.parkNanos(PAUSE_NANOS);
            }
            version = version();
        }
    }

    private void migrate() {
        database.change("the tables of the gateway could not be created or changed", connection -> {
            lock(connection);
            try {
                int now = versionIn(connection);
                for (int next = now + 1; next <= latest; next++) {
                    for (String statement : statements(connection, next)) {
                        Database.execute(connection, statement);
                    }
                }
            } finally {
                unlock(connection);
            }
        });
    }

    /** Refuses tables of another version. */
    void check() {
        int version = version();
        requireNotNewer(version);
        if (version < latest) {
            throw new StoreFailedException((version == 0
                            ? "the tables '" + database.settings().qualified("*") + "' are not there"
                            : "the tables '" + database.settings().qualified("*") + "' are of version " + version)
                    + ", this release needs version " + latest
                    + "; bring them there with JdbcStores.migrate(dataSource), or with the migrations in the jar");
        }
    }

    private void requireNotNewer(int version) {
        if (version > latest) {
            throw new StoreFailedException("the tables '" + database.settings().qualified("*") + "' are of version "
                    + version + ", this release knows versions up to " + latest + "; use a newer release");
        }
    }

    private int version() {
        return database.run("the version of the gateway's tables could not be read", this::versionIn);
    }

    private int versionIn(Connection connection) throws SQLException {
        if (!exists(connection)) {
            return 0;
        }
        try (PreparedStatement query = connection.prepareStatement(
                        database.sql("SELECT version FROM {revision} WHERE name = 'schema'"));
                ResultSet rows = query.executeQuery()) {
            return rows.next() ? rows.getInt(1) : 0;
        }
    }

    /** Asked of the catalogue, since a failed query would end a transaction of PostgreSQL. */
    private boolean exists(Connection connection) throws SQLException {
        Settings settings = database.settings();
        String schema = settings.schema();
        if (database.dialect() == Dialect.POSTGRESQL) { // whose information_schema hides what one may not touch
            return Rows.first(
                            connection,
                            "SELECT 1 FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
                                    + " WHERE c.relname = ? AND n.nspname = COALESCE(?::text, n.nspname)"
                                    + " AND (?::text IS NOT NULL OR pg_catalog.pg_table_is_visible(c.oid))",
                            rows -> true,
                            settings.prefix() + "revision",
                            schema,
                            schema)
                    != null;
        }
        String inSchema = schema != null
                ? "LOWER(table_schema) = LOWER(?)"
                : switch (database.dialect()) {
                    case MYSQL -> "table_schema = DATABASE()";
                    default -> "table_schema = SCHEMA()";
                };
        try (PreparedStatement query = connection.prepareStatement(
                "SELECT COUNT(*) FROM information_schema.tables WHERE LOWER(table_name) = ? AND " + inSchema)) {
            query.setString(1, settings.prefix() + "revision");
            if (schema != null) {
                query.setString(2, schema);
            }
            try (ResultSet rows = query.executeQuery()) {
                return rows.next() && rows.getInt(1) > 0;
            }
        }
    }

    private void lock(Connection connection) throws SQLException {
        switch (database.dialect()) {
            case POSTGRESQL ->
                Database.execute(connection, "SELECT pg_advisory_xact_lock(hashtext('" + database.sql(LOCK) + "'))");
            case MYSQL -> {
                String sql = "SELECT GET_LOCK(" + mysqlLock() + ", " + LOCK_SECONDS + ")";
                if (!Integer.valueOf(1).equals(Rows.first(connection, sql, rows -> rows.getInt(1)))) {
                    throw new StoreFailedException("the tables of the gateway are being created or changed by another"
                            + " process for more than " + LOCK_SECONDS + " s; try again when it has ended");
                }
            }
            case H2 -> {} // each of its statements commits, and what is there already fails: see apply
        }
    }

    /** A lock's name has 64 characters at most, so it is a digest. */
    private String mysqlLock() {
        return "MD5(CONCAT(DATABASE(), '." + database.sql(LOCK) + "'))";
    }

    /** MySQL's lock is the session's and not the transaction's, and the session is the pool's. */
    private void unlock(Connection connection) throws SQLException {
        if (database.dialect() == Dialect.MYSQL) {
            Database.execute(connection, "SELECT RELEASE_LOCK(" + mysqlLock() + ")");
        }
    }

    /** Returns what MySQL or MariaDB compares texts by: with the others, two texts that differ in trailing spaces would be one. */
    private String collation(Connection connection) throws SQLException {
        if (database.dialect() != Dialect.MYSQL) {
            return "";
        }
        String version = Rows.first(connection, "SELECT VERSION()", rows -> rows.getString(1));
        return String.valueOf(version).contains("MariaDB") ? "utf8mb4_nopad_bin" : "utf8mb4_0900_bin";
    }

    /** The statements of a version, in their order. */
    List<String> statements(Connection connection, int version) throws SQLException {
        String collation = collation(connection);
        Settings settings = database.settings();
        String schema = settings.schema();
        String script = read(version)
                .replace("${prefix}", settings.qualified(""))
                .replace("${index}", settings.prefix())
                .replace("${collation}", collation);
        List<String> statements = new ArrayList<>();
        if (schema != null && version == 1 && database.dialect() != Dialect.MYSQL) {
            statements.add("CREATE SCHEMA IF NOT EXISTS " + schema);
        }
        for (String statement : script.replaceAll("(?m)^--.*$", "").split(";", -1)) {
            if (!statement.isBlank()) {
                statements.add(statement.strip());
            }
        }
        return statements;
    }

    private String read(int version) {
        String name = "migration/" + database.dialect().directory() + "/" + FILES.get(version - 1);
        try (InputStream file = Migrations.class.getResourceAsStream(name)) {
            if (file == null) {
                throw new StoreFailedException("the migration " + name + " is not in the jar");
            }
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
