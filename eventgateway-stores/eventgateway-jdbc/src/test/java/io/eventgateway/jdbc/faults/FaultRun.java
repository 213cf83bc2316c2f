package io.eventgateway.jdbc.faults;

import com.zaxxer.hikari.HikariDataSource;
import io.eventgateway.EventGateway;
import io.eventgateway.EventGatewayException;
import io.eventgateway.jdbc.JdbcStores;
import io.eventgateway.jdbc.faults.FaultWorker.Ending;
import io.eventgateway.jdbc.faults.FaultWorker.Task;
import io.eventgateway.jdbc.server.PostgresServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes that work on one database while something goes wrong, and the account of it. The profile {@code faults} runs each for
 * {@code faults.seconds}, else they are short.
 */
@Tag("faults")
@Timeout(value = 2, unit = TimeUnit.HOURS)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "a process can't be stopped and resumed there")
abstract class FaultRun {
    private static final long SECONDS = Long.getLong("eventgateway.faults.seconds", 0);
    /** How long a fresh gateway may take to clear away what a run has left. */
    private static final Duration DRAIN = Duration.ofSeconds(90);

    /** Those of anonymous handlers belong to their processes, and have a test of their own. */
    private static final String NAMED = " WHERE subscription_id NOT LIKE 'anonymous%'";

    /** How long a process waits for its emissions when it finishes. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    static final Duration LEASE = Duration.ofSeconds(4);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    final Random random = new Random();
    final List<WorkerProcess> processes = new ArrayList<>();
    private final List<String> whileWaiting = new ArrayList<>();
    private Journal faults;
    private int started;

    /** Returns whether this is a run of the profile {@code faults}. */
    static boolean isLong() {
        return SECONDS > 0;
    }

    /** How long a run goes on: so many seconds, or as many as the profile says. */
    static Duration length(int seconds) {
        return Duration.ofSeconds(isLong() ? SECONDS : seconds);
    }

    @AfterEach
    void endProcesses() throws InterruptedException {
        for (WorkerProcess process : processes) {
            if (process.isAlive()) {
                process.kill();
            }
        }
    }

    /** What a process does unless a run says otherwise. */
    Task task(String url) {
        return new Task(
                url, "w" + ++started, directory, 8, 4_000, started == 1, LEASE, Duration.ofSeconds(30), PATIENCE);
    }

    WorkerProcess start(Task task) {
        if (faults == null) {
            faults = new Journal(directory, "faults");
        }
        WorkerProcess process = new WorkerProcess(task, faults);
        processes.add(process);
        return process;
    }

    /** A pool that waits longer for a connection than those of the processes, which are to notice an outage. */
    private static HikariDataSource pool(String url, int size) {
        HikariDataSource pool = PostgresServer.pool(url, size);
        pool.setConnectionTimeout(TimeUnit.MINUTES.toMillis(1));
        return pool;
    }

    static void migrate(String url) {
        try (HikariDataSource pool = pool(url, 2)) {
            JdbcStores.migrate(pool);
            execute(pool, "CREATE TABLE app_order (id VARCHAR(100) PRIMARY KEY)");
        }
    }

    static void execute(HikariDataSource pool, String sql) {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    static long number(HikariDataSource pool, String sql) {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** Has the processes that live wait for what they have emitted, and end. */
    void finish(String url) throws InterruptedException {
        List<WorkerProcess> living =
                processes.stream().filter(WorkerProcess::isAlive).toList();
        living.forEach(process -> process.tell(Ending.FINISH));
        try (HikariDataSource pool = pool(url, 1)) {
            long late = System.nanoTime() + PATIENCE.dividedBy(2).toNanos();
            while (living.stream().anyMatch(WorkerProcess::isAlive)) {
                if (System.nanoTime() - late > 0 && whileWaiting.isEmpty()) {
                    whileWaiting.addAll(stuck(pool)); // what somebody will want to know who looks for the reason
                }
                ToxicProxy.pause(Duration.ofMillis(50));
            }
        }
        for (WorkerProcess process : living) {
            process.awaitEnd();
        }
    }

    /** Clears away what is left with a fresh gateway, and checks what became of everything. */
    void drainAndCheck(String url, String run) throws Exception {
        List<String> stuck = drain(url);
        try {
            Account.of(Journal.readAll(directory), true, stuck).check(run);
        } catch (AssertionError e) {
            throw whileWaiting.isEmpty()
                    ? e
                    : new AssertionError(
                            e.getMessage() + "\nIn the tables while processes waited:\n"
                                    + String.join("\n", whileWaiting),
                            e);
        }
    }

    private List<String> drain(String url) throws Exception {
        try (HikariDataSource pool = pool(url, 8);
                EventGateway gateway =
                        Workload.gateway(pool, new Journal(directory, "drain"), LEASE, Duration.ofSeconds(30))) {
            Workload.replay(gateway).completion().get(DRAIN.toSeconds(), TimeUnit.SECONDS);
            try {
                Awaitility.await()
                        .atMost(DRAIN)
                        .pollInterval(Duration.ofMillis(100))
                        .ignoreException(EventGatewayException.class)
                        .until(() -> {
                            Workload.redrive(gateway);
                            return rows(pool, "delivery" + NAMED) + rows(pool, "dead_letter") + rows(pool, "turn") == 0;
                        });
            } catch (ConditionTimeoutException e) {
                return stuck(pool);
            }
            return List.of();
        }
    }

    private static long rows(HikariDataSource pool, String table) {
        return number(pool, "SELECT COUNT(*) FROM eg_" + table);
    }

    static List<String> stuck(HikariDataSource pool) {
        List<String> found = new ArrayList<>();
        for (String query : List.of(
                "SELECT 'delivery', subscription_id, order_key, instance, number, holder, due_at FROM eg_delivery"
                        + NAMED,
                "SELECT 'dead letter', subscription_id, order_key, instance, number, reason, message FROM eg_dead_letter",
                "SELECT 'turn', subscription_id, turn_key, instance, number, token, held FROM eg_turn")) {
            try (Connection connection = pool.getConnection();
                    Statement statement = connection.createStatement();
                    var rows = statement.executeQuery(query)) {
                while (rows.next()) {
                    StringBuilder row = new StringBuilder();
                    for (int i = 1; i <= 7; i++) {
                        row.append(rows.getString(i)).append(' ');
                    }
                    found.add(row.toString());
                }
            } catch (SQLException e) {
                throw new IllegalStateException(query, e);
            }
        }
        return found;
    }
}
