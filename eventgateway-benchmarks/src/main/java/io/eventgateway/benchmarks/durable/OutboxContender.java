package io.eventgateway.benchmarks.durable;

import com.gruelbox.transactionoutbox.Dialect;
import com.gruelbox.transactionoutbox.ExecutorSubmitter;
import com.gruelbox.transactionoutbox.Instantiator;
import com.gruelbox.transactionoutbox.Persistor;
import com.gruelbox.transactionoutbox.TransactionManager;
import com.gruelbox.transactionoutbox.TransactionOutbox;
import com.zaxxer.hikari.HikariDataSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** gruelbox' transaction-outbox: a call recorded in a transaction, made right after its commit. */
final class OutboxContender implements Contender {
    /** What is called. */
    public static class Work {
        private final Handler handler;

        /** For a handler. */
        Work(Handler handler) {
            this.handler = handler;
        }

        /** For the proxy. */
        public Work() {
            this(number -> {});
        }

        /** The call. */
        public void handle(long number, String filling) {
            handler.handle(number);
        }
    }

    private static final String FILLING = "x".repeat(1_000);

    private final List<HikariDataSource> pools = new ArrayList<>();
    private final List<TransactionManager> managers = new ArrayList<>();
    private final List<TransactionOutbox> outboxes = new ArrayList<>();
    private final List<ThreadPoolExecutor> executors = new ArrayList<>();

    OutboxContender(String url, int instances, Handler handler) {
        for (int i = 0; i < instances; i++) {
            HikariDataSource pool = DurableThroughput.pool(url);
            TransactionManager manager = TransactionManager.fromDataSource(pool);
            ThreadPoolExecutor executor =
                    new ThreadPoolExecutor(8, 8, 1, TimeUnit.MINUTES, new ArrayBlockingQueue<>(16_384));
            outboxes.add(TransactionOutbox.builder()
                    .transactionManager(manager)
                    .persistor(Persistor.forDialect(Dialect.POSTGRESQL_9))
                    .submitter(ExecutorSubmitter.builder().executor(executor).build())
                    .instantiator(Instantiator.using(type -> new Work(handler)))
                    .build());
            pools.add(pool);
            managers.add(manager);
            executors.add(executor);
        }
    }

    @Override
    public void emit(int instance, long number) {
        managers.get(instance)
                .inTransaction(() -> outboxes.get(instance).schedule(Work.class).handle(number, FILLING));
    }

    @Override
    public void close() {
        executors.forEach(ThreadPoolExecutor::shutdownNow);
        pools.forEach(HikariDataSource::close);
    }
}
