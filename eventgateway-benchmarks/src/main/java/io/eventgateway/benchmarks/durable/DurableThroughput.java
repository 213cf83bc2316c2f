package io.eventgateway.benchmarks.durable;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.eventgateway.benchmarks.Figures;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;

/**
 * Prints how many events a second are emitted and delivered by way of one PostgreSQL, and how long each takes, beside libraries
 * that do the like. Arguments: a JDBC URL, how many rounds, and which (all unless said).
 */
public final class DurableThroughput {
    private static final int THREADS = 8;
    private static final int TOGETHER = 100;
    private static final int PACED = 4_000;
    private static final long PACE_NANOS = TimeUnit.MICROSECONDS.toNanos(8_000);

    /** Makes one. */
    @FunctionalInterface
    interface Maker {
        Contender make(String url, int instances, Contender.Handler handler);
    }

    record Named(String name, Maker maker, int events) {}

    private static final List<Named> ALL = List.of(
            new Named("gateway", GatewayContender::new, 60_000),
            new Named("db-scheduler", DbSchedulerContender::new, 10_000),
            new Named("transaction-outbox", OutboxContender::new, 10_000),
            new Named("JobRunr", JobRunrContender::new, 4_000));

    private DurableThroughput() {}

    static HikariDataSource pool(String url) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(12);
        return new HikariDataSource(config);
    }

    static void recreate(String url) {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute("DROP SCHEMA public CASCADE");
            statement.execute("CREATE SCHEMA public");
            statement.execute("CHECKPOINT");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Runs it. */
    public static void main(String[] arguments) throws Exception {
        String url = arguments[0];
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 3;
        String only = arguments.length > 2 ? arguments[2] : "";
        for (int round = 1; round <= rounds; round++) {
            inserts(url, round, 1);
            inserts(url, round, TOGETHER);
            for (Named each : ALL) {
                if (only.isEmpty() || only.equals(each.name())) {
                    for (int instances : new int[] {1, 3}) {
                        run(url, round, each, instances);
                    }
                }
            }
        }
    }

    private static void print(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }

    private static void run(String url, int round, Named each, int instances) throws Exception {
        recreate(url);
        AtomicLong handled = new AtomicLong();
        AtomicLongArray startedAt = new AtomicLongArray(PACED * 2);
        try (Contender contender = each.maker().make(url, instances, number -> {
            if (number < startedAt.length()) {
                startedAt.compareAndSet((int) number, 0, System.nanoTime());
            }
            handled.incrementAndGet();
        })) {
            long[] warm = paced(contender, instances, handled, startedAt, 0);
            long[] latencies = paced(contender, instances, handled, startedAt, PACED);
            long before = handled.get();
            int events = each.events();
            long begun = System.nanoTime();
            emit(events, startedAt.length(), (thread, number) -> contender.emit(thread % instances, number));
            await(handled, before + events);
            double single = events / seconds(begun);
            double together = 0;
            if (contender.hasEmitAll()) {
                before = handled.get();
                begun = System.nanoTime();
                emit(events / TOGETHER, 0, (thread, number) -> {
                    List<Long> numbers = new ArrayList<>();
                    for (int i = 0; i < TOGETHER; i++) {
                        numbers.add(1_000_000 + number * TOGETHER + i);
                    }
                    contender.emitAll(thread % instances, numbers);
                });
                await(handled, before + events / TOGETHER * TOGETHER);
                together = events / seconds(begun);
            }
            String figure = each.name() + " " + instances + " ";
            Figures.print(figure + "emit", single, "events/s");
            if (together > 0) {
                Figures.print(figure + "emitAll", together, "events/s");
            }
            Figures.print(figure + "p50", percentile(latencies, 0.5), "us");
            Figures.print(figure + "p99", percentile(latencies, 0.99), "us");
            print(
                    "round %d  %-20s instances %d  events/s %8.0f  emitAll(100) %8.0f  paced at 1000/s: p50 %6.0f us  p99 %7.0f us  (first %d)",
                    round,
                    each.name(),
                    instances,
                    single,
                    together,
                    percentile(latencies, 0.5),
                    percentile(latencies, 0.99),
                    warm.length);
        }
    }

    private static double seconds(long begun) {
        return (System.nanoTime() - begun) / 1e9;
    }

    private static double percentile(long[] sorted, double share) {
        return sorted[(int) Math.min(sorted.length - 1, sorted.length * share)] / 1e3;
    }

    /** One of many emissions, on one of the threads. */
    @FunctionalInterface
    interface Emission {
        void emit(int thread, long number) throws Exception;
    }

    private static void emit(int events, long from, Emission emission) throws InterruptedException {
        AtomicLong next = new AtomicLong(from);
        long end = from + events;
        CountDownLatch done = new CountDownLatch(THREADS);
        for (int t = 0; t < THREADS; t++) {
            int thread = t;
            new Thread(() -> {
                        try {
                            for (long number = next.getAndIncrement(); number < end; number = next.getAndIncrement()) {
                                emission.emit(thread, number);
                            }
                        } catch (Exception e) {
                            e.printStackTrace();
                        } finally {
                            done.countDown();
                        }
                    })
                    .start();
        }
        done.await();
    }

    private static void await(AtomicLong handled, long wanted) throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
        while (handled.get() < wanted) {
            if (System.nanoTime() > until) {
                throw new IllegalStateException("only " + handled.get() + " of " + wanted + " were handled");
            }
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }

    /** The times from the call of emit to that of the function, sorted, at a pace that leaves time. */
    private static long[] paced(
            Contender contender, int instances, AtomicLong handled, AtomicLongArray startedAt, int from)
            throws InterruptedException {
        long[] emittedAt = new long[PACED];
        long before = handled.get();
        AtomicLong turn = new AtomicLong();
        long begun = System.nanoTime();
        emit(PACED, from, (thread, number) -> {
            long due = begun + turn.getAndIncrement() * PACE_NANOS / THREADS;
            long wait = due - System.nanoTime();
            if (wait > 0) {
                LockSupport.parkNanos(wait);
            }
            emittedAt[(int) number - from] = System.nanoTime();
            contender.emit(thread % instances, number);
        });
        await(handled, before + PACED);
        long[] latencies = new long[PACED];
        for (int i = 0; i < PACED; i++) {
            latencies[i] = startedAt.get(from + i) - emittedAt[i];
        }
        Arrays.sort(latencies);
        return latencies;
    }

    /** What the database itself takes: plain inserts, so many in a transaction. */
    private static void inserts(String url, int round, int together) throws Exception {
        recreate(url);
        try (HikariDataSource pool = pool(url)) {
            try (Connection connection = pool.getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("CREATE TABLE plain (id BIGSERIAL PRIMARY KEY, data BYTEA NOT NULL)");
            }
            byte[] data = new byte[1_000];
            int events = 40_000;
            long begun = System.nanoTime();
            emit(events / together, 0, (thread, number) -> {
                try (Connection connection = pool.getConnection()) {
                    connection.setAutoCommit(together == 1);
                    try (var insert = connection.prepareStatement("INSERT INTO plain (data) VALUES (?)")) {
                        for (int i = 0; i < together; i++) {
                            insert.setBytes(1, data);
                            insert.addBatch();
                        }
                        insert.executeBatch();
                    }
                    if (together > 1) {
                        connection.commit();
                    }
                }
            });
            double inserted = events / seconds(begun);
            Figures.print("plain inserts of " + together, inserted, "events/s");
            print("round %d  plain inserts of %d   events/s %8.0f", round, together, inserted);
        }
    }
}
