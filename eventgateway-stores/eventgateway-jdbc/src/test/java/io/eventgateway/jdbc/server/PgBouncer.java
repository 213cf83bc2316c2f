package io.eventgateway.jdbc.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * PgBouncer before a PostgreSQL server: each transaction has a session of the server for itself, and the next transaction of the same
 * connection perhaps another one. It is the system's, so the tests that need it run in the profile {@code servers} only.
 */
public final class PgBouncer extends Server {
    private static final Path PROGRAM = Path.of("/usr/sbin/pgbouncer");

    private final PostgresServer server;

    /** A pooler that has its directory, and is to be started. */
    public PgBouncer(PostgresServer server) {
        super("pgbouncer");
        this.server = server;
        if (!Files.isExecutable(PROGRAM)) {
            throw new IllegalStateException(
                    PROGRAM + " is not there; the profile 'servers' needs it: install the Debian package pgbouncer");
        }
    }

    @Override
    ProcessHandle launch() throws IOException {
        Path settings = directory().resolve("pgbouncer.ini");
        Files.writeString(settings, """
                [databases]
                * = host=127.0.0.1 port=%d user=postgres
                [pgbouncer]
                listen_addr = 127.0.0.1
                listen_port = %d
                unix_socket_dir =
                auth_type = any
                pool_mode = transaction
                server_round_robin = 1
                default_pool_size = 6
                ignore_startup_parameters = extra_float_digits
                """.formatted(server.port(), port()));
        List<String> command = new ArrayList<>();
        if (isRoot()) {
            run(List.of("chown", "-R", PostgresServer.NOBODY, directory().toString()));
            command.addAll(List.of(
                    "setpriv",
                    "--reuid=" + PostgresServer.NOBODY,
                    "--regid=" + PostgresServer.NOBODY,
                    "--clear-groups"));
        }
        command.addAll(List.of(PROGRAM.toString(), settings.toString()));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(logFile().toFile()))
                .start()
                .toHandle();
    }

    @Override
    String adminUrl() {
        return url("postgres");
    }

    /** The URL of a database behind the pooler, for a driver that keeps no statement in a session. */
    public String url(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port() + "/" + database + "?user=postgres&prepareThreshold=0";
    }
}
