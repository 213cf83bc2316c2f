package io.eventgateway.benchmarks.durable;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.zaxxer.hikari.HikariDataSource;
import java.io.Serializable;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** db-scheduler: a one-time task for each event, lock-and-fetch, immediate execution. */
final class DbSchedulerContender implements Contender {
    /** The data of a task. */
    record Work(long number, byte[] filling) implements Serializable {}

    private static final String TABLE = """
            create table if not exists scheduled_tasks (
              task_name text not null, task_instance text not null, task_data bytea,
              execution_time timestamp with time zone not null, picked boolean not null, picked_by text,
              last_success timestamp with time zone, last_failure timestamp with time zone, consecutive_failures int,
              last_heartbeat timestamp with time zone, version bigint not null, priority smallint, state text,
              primary key (task_name, task_instance));
            create index if not exists execution_time_idx on scheduled_tasks (execution_time);
            create index if not exists last_heartbeat_idx on scheduled_tasks (last_heartbeat);
            """;

    private final List<Scheduler> schedulers = new ArrayList<>();
    private final List<HikariDataSource> pools = new ArrayList<>();
    private final OneTimeTask<Work> task;

    DbSchedulerContender(String url, int instances, Handler handler) {
        task = Tasks.oneTime("work", Work.class)
                .execute(
                        (instance, context) -> handler.handle(instance.getData().number()));
        for (int i = 0; i < instances; i++) {
            HikariDataSource pool = DurableThroughput.pool(url);
            try (Connection connection = pool.getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute(TABLE);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
            Scheduler scheduler = Scheduler.create(pool, task)
                    .schedulerName(new SchedulerName.Fixed("instance-" + i))
                    .threads(10)
                    .pollUsingLockAndFetch(0.5, 4.0)
                    .pollingInterval(Duration.ofMillis(100))
                    .enableImmediateExecution()
                    .build();
            scheduler.start();
            schedulers.add(scheduler);
            pools.add(pool);
        }
    }

    @Override
    public void emit(int instance, long number) {
        schedulers
                .get(instance)
                .schedule(task.instance(Long.toString(number), new Work(number, new byte[1_000])), Instant.now());
    }

    @Override
    public void close() {
        schedulers.forEach(Scheduler::stop);
        pools.forEach(HikariDataSource::close);
    }
}
