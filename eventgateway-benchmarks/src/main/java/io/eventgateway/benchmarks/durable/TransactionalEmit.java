package io.eventgateway.benchmarks.durable;

import com.zaxxer.hikari.HikariDataSource;
import io.eventgateway.EmitOptions;
import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.Subscription;
import io.eventgateway.benchmarks.Figures;
import io.eventgateway.jdbc.JdbcStores;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Prints what a transaction takes that inserts a row of an application's own, beside one that inserts another plain row of a
 * kilobyte too, and one that emits an event of a kilobyte; and how long after its commit the event's function is called.
 * Arguments: a JDBC URL, how many rounds.
 */
public final class TransactionalEmit {
    private static final int TRANSACTIONS = 4_000;
    private static final byte[] DATA = new byte[1_000];

    private TransactionalEmit() {}

    /** What a transaction does besides. */
    @FunctionalInterface
    interface Step {
        void in(Connection connection, long number) throws SQLException;
    }

    /** Runs it. */
    public static void main(String[] arguments) throws Exception {
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 3;
        try (HikariDataSource pool = DurableThroughput.pool(arguments[0])) {
            DurableThroughput.recreate(arguments[0]);
            try (Connection connection = pool.getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("CREATE TABLE orders (id BIGSERIAL PRIMARY KEY, item TEXT NOT NULL)");
                statement.execute("CREATE TABLE plain (id BIGSERIAL PRIMARY KEY, data BYTEA NOT NULL)");
            }
            JdbcStores.migrate(pool);
            AtomicLongArray calledAt = new AtomicLongArray(TRANSACTIONS);
            long[] committedAt = new long[TRANSACTIONS];
            AtomicLong called = new AtomicLong();
            try (EventGateway gateway =
                    EventGateway.builder().stores(JdbcStores.of(pool)).build()) {
                gateway.functions().register("f", (event, context) -> {
                    calledAt.set(Integer.parseInt(event.getId()), System.nanoTime());
                    called.incrementAndGet();
                    return null;
                });
                gateway.subscriptions()
                        .create(Subscription.to("work").function("f").build());
                for (int round = 1; round <= rounds; round++) {
                    for (int threads : new int[] {1, 8}) {
                        double own = run(pool, threads, committedAt, (connection, number) -> {});
                        double plain = run(pool, threads, committedAt, (connection, number) -> {
                            try (PreparedStatement insert =
                                    connection.prepareStatement("INSERT INTO plain (data) VALUES (?)")) {
                                insert.setBytes(1, DATA);
                                insert.executeUpdate();
                            }
                        });
                        called.set(0);
                        double emit = run(
                                pool,
                                threads,
                                committedAt,
                                (connection, number) -> gateway.emit(
                                        Event.builder("work")
                                                .id(Long.toString(number))
                                                .data("application/octet-stream", DATA)
                                                .build(),
                                        EmitOptions.inTransaction(connection)));
                        while (called.get() < TRANSACTIONS) {
                            TimeUnit.MILLISECONDS.sleep(1);
                        }
                        long[] latencies = new long[TRANSACTIONS];
                        for (int i = 0; i < TRANSACTIONS; i++) {
                            latencies[i] = calledAt.get(i) - committedAt[i];
                        }
                        Arrays.sort(latencies);
                        if (round > 1) { // what the first one takes is the compiler's
                            Figures.print(threads + " plain", plain, "us");
                            Figures.print(threads + " emit", emit, "us");
                            Figures.print(threads + " p50", latencies[TRANSACTIONS / 2] / 1e6, "ms");
                            Figures.print(threads + " p99", latencies[TRANSACTIONS * 99 / 100] / 1e6, "ms");
                        }
                        System.out.println(String.format(
                                Locale.ROOT,
                                "round %d  threads %d  own row %5.0f us  + plain insert %5.0f us  + emit %5.0f us  emit/plain %.2f"
                                        + "  commit to function p50 %6.0f us  p99 %6.0f us",
                                round,
                                threads,
                                own,
                                plain,
                                emit,
                                emit / plain,
                                latencies[TRANSACTIONS / 2] / 1e3,
                                latencies[TRANSACTIONS * 99 / 100] / 1e3));
                    }
                }
            }
        }
    }

    /** The time that a transaction takes its thread, in microseconds. */
    private static double run(HikariDataSource pool, int threads, long[] committedAt, Step step) throws Exception {
        AtomicLong next = new AtomicLong();
        AtomicLong nanos = new AtomicLong();
        CountDownLatch done = new CountDownLatch(threads);
        for (int t = 0; t < threads; t++) {
            new Thread(() -> {
                        try {
                            for (long number = next.getAndIncrement();
                                    number < TRANSACTIONS;
                                    number = next.getAndIncrement()) {
                                long begun = System.nanoTime();
                                try (Connection connection = pool.getConnection()) {
                                    connection.setAutoCommit(false);
                                    try (PreparedStatement insert =
                                            connection.prepareStatement("INSERT INTO orders (item) VALUES (?)")) {
                                        insert.setString(1, "item");
                                        insert.executeUpdate();
                                    }
                                    step.in(connection, number);
                                    connection.commit();
                                    committedAt[(int) number] = System.nanoTime();
                                }
                                nanos.addAndGet(System.nanoTime() - begun);
                            }
                        } catch (SQLException e) {
                            e.printStackTrace();
                        } finally {
                            done.countDown();
                        }
                    })
                    .start();
        }
        done.await();
        return nanos.get() / 1e3 / TRANSACTIONS;
    }
}
