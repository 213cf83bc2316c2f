package io.eventgateway.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.eventgateway.EventGateway;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Processes that are killed and stopped while they emit and deliver, on one PostgreSQL. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "a process can't be stopped and resumed there")
class CrashTest {
    private static final int ROUNDS = 20;
    /** That of the workers, many times over. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir
    Path directory;

    private final ConcurrentLinkedQueue<String> own = new ConcurrentLinkedQueue<>();

    /** A call of a function, as it was written down. */
    private record Call(boolean begin, String eventId, String key, long number, String worker, long nanos) {
        static Call parse(String line) {
            String[] parts = line.split(" ", -1);
            return new Call(
                    parts[0].equals("begin"),
                    parts[1],
                    parts[2],
                    Long.parseLong(parts[3]),
                    parts[4],
                    Long.parseLong(parts[5]));
        }

        /** Those that are in order: of one emitter and key. */
        String line() {
            return eventId.substring(0, eventId.lastIndexOf('-')) + " " + key;
        }
    }

    private Process worker(HikariDataSource pool, String name, int pauseMicros) {
        try {
            return new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:TieredStopAtLevel=1",
                            "-Xshare:auto",
                            "-cp",
                            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                            "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                            CrashWorker.class.getName(),
                            pool.getJdbcUrl(),
                            name,
                            directory.toString(),
                            Integer.toString(pauseMicros))
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve(name + ".log").toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> lines(String suffix) {
        List<String> all = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(suffix)).toList()) {
                String text = Files.readString(file);
                // the last line may have been cut off by the kill
                all.addAll(text.substring(0, text.lastIndexOf('\n') + 1).lines().toList());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all;
    }

    private int accepted(String name) {
        return Files.exists(directory.resolve(name + ".accepted"))
                ? lines(name + ".accepted").size()
                : 0;
    }

    private List<Call> calls() {
        return Stream.concat(lines(".calls").stream(), own.stream())
                .map(Call::parse)
                .toList();
    }

    private static long count(HikariDataSource pool) {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT COUNT(*) FROM eg_delivery")) {
            rows.next();
            return rows.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void signal(Process process, String signal) throws Exception {
        // the shell's own, since a small system has no program of that name
        new ProcessBuilder("sh", "-c", "kill -" + signal + " " + process.pid())
                .start()
                .waitFor();
    }

    /** Delivers what is left, in this process. */
    private void drain(HikariDataSource pool) {
        try (EventGateway gateway = CrashWorker.gateway(pool, own::add, "drain")) {
            Awaitility.await().atMost(PATIENCE).until(() -> count(pool) == 0);
            assertThat(gateway.deadLetters().count()).isZero();
        }
    }

    private void assertNothingLost(String what) {
        Set<String> accepted = new HashSet<>(lines(".accepted"));
        List<Call> calls = calls();
        Map<String, Integer> begun = new HashMap<>();
        Set<String> ended = new HashSet<>();
        for (Call call : calls) {
            if (call.begin()) {
                begun.merge(call.eventId(), 1, Integer::sum);
            } else {
                ended.add(call.eventId());
            }
        }
        long again = begun.values().stream().filter(times -> times > 1).count();
        System.out.println(what + ": " + accepted.size() + " accepted, " + ended.size() + " delivered, " + again
                + " of them more than once");
        assertThat(accepted).isNotEmpty().isSubsetOf(ended);
        // what was under way, or not yet known to be completed, when a process died: a few for each death
        assertThat(again).isLessThan(accepted.size() / 2);
    }

    private void assertInOrder() {
        Map<String, Long> last = new HashMap<>();
        Set<String> seen = new HashSet<>();
        calls().stream()
                .filter(call -> call.begin() && !call.key().startsWith("k0-"))
                .sorted(Comparator.comparingLong(Call::nanos))
                .filter(call -> seen.add(call.eventId())) // what is delivered again may come late, but never first
                .forEach(call -> {
                    Long before = last.put(call.line(), call.number());
                    assertThat(before == null || before < call.number())
                            .as("%s after %s", call, before)
                            .isTrue();
                });
    }

    @Test
    void killingTheProcessTwentyTimesLosesNothingThatWasAccepted() throws Exception {
        try (HikariDataSource pool = TestDatabase.POSTGRESQL.migrated()) {
            Random random = new Random();
            for (int round = 1; round <= ROUNDS; round++) {
                String name = "w" + round;
                Process worker = worker(pool, name, 100);
                try {
                    Awaitility.await()
                            .atMost(Duration.ofSeconds(30))
                            .pollInterval(Duration.ofMillis(5))
                            .until(() -> accepted(name) > 0 || !worker.isAlive());
                    assertThat(worker.isAlive())
                            .as(() -> String.join("\n", lines(name + ".log")))
                            .isTrue();
                    int until = accepted(name) + random.nextInt(500);
                    Awaitility.await()
                            .atMost(Duration.ofSeconds(30))
                            .pollInterval(Duration.ofMillis(5))
                            .until(() -> accepted(name) > until);
                } finally {
                    worker.destroyForcibly().waitFor();
                }
            }
            drain(pool);
            assertNothingLost(ROUNDS + " kills");
            assertInOrder();
        }
    }

    @Test
    void ofThreeProcessesOneIsKilledAndOneIsStoppedPastItsLeaseAndNothingIsLostOrOutOfOrder() throws Exception {
        List<Process> workers = new ArrayList<>();
        try (HikariDataSource pool = TestDatabase.POSTGRESQL.migrated()) {
            for (String name : List.of("steady", "killed", "stopped")) {
                workers.add(worker(pool, name, 2_000));
            }
            Awaitility.await()
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> accepted("steady") > 300 && accepted("killed") > 300 && accepted("stopped") > 300);
            workers.get(1).destroyForcibly().waitFor();
            signal(workers.get(2), "STOP");
            int whenStopped = accepted("stopped");
            int steady = accepted("steady");
            // the steady one takes over what the others held
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> lines("steady.calls").stream().anyMatch(line -> line.startsWith("begin stopped-"))
                            || gone(pool) >= 2);
            signal(workers.get(2), "CONT");
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> accepted("stopped") > whenStopped + 300);
            assertThat(accepted("steady")).isGreaterThan(steady);
            for (Process worker : workers) {
                worker.destroyForcibly().waitFor();
            }
            drain(pool);
            assertNothingLost("one of three killed, one stopped");
            assertInOrder();
        } finally {
            workers.forEach(Process::destroyForcibly);
        }
    }

    private static long gone(HikariDataSource pool) {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT COUNT(*) FROM eg_gateway WHERE gone = 1")) {
            rows.next();
            return rows.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
