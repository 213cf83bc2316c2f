package io.eventgateway.jdbc.faults;

import io.eventgateway.jdbc.server.MariaDbServer;
import io.eventgateway.jdbc.server.PostgresServer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** The databases that things go wrong with. */
enum FaultDatabase {
    /** Embedded, in a file, for one process at a time. */
    H2 {
        @Override
        String create(Path directory, String name) {
            return "jdbc:h2:file:" + directory.resolve(name) + ";DB_CLOSE_ON_EXIT=FALSE";
        }
    },
    POSTGRESQL {
        @Override
        String create(Path directory, String name) {
            return PostgresServer.shared().create(name);
        }
    },
    MARIADB {
        @Override
        String create(Path directory, String name) {
            return MariaDbServer.shared().create(name);
        }
    };

    private static final AtomicInteger NUMBERS = new AtomicInteger();

    /** The URL of a new database of the name; one in a file is in the directory. */
    abstract String create(Path directory, String name);

    String url(Path directory) {
        return create(directory, "faults" + NUMBERS.incrementAndGet());
    }

    /** The databases of this run: all in the profile {@code faults}, else what the other tests run on. */
    static List<FaultDatabase> ofThisRun() {
        if (FaultRun.isLong()) {
            return List.of(values());
        }
        if (Boolean.getBoolean("eventgateway.servers")) {
            return List.of(MARIADB);
        }
        return Boolean.getBoolean("eventgateway.embedded") ? List.of(H2) : List.of(H2, POSTGRESQL);
    }

    /** As {@link #ofThisRun}, with a server in place of the embedded one. */
    static List<FaultDatabase> serversOfThisRun() {
        List<FaultDatabase> servers =
                ofThisRun().stream().filter(database -> database != H2).toList();
        return servers.isEmpty() ? List.of(POSTGRESQL) : servers;
    }
}
