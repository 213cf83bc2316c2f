package io.eventgateway.benchmarks.durable;

import com.zaxxer.hikari.HikariDataSource;
import java.util.ArrayList;
import java.util.List;
import org.jobrunr.jobs.lambdas.JobRequest;
import org.jobrunr.jobs.lambdas.JobRequestHandler;
import org.jobrunr.scheduling.JobRequestScheduler;
import org.jobrunr.server.BackgroundJobServer;
import org.jobrunr.server.BackgroundJobServerConfiguration;
import org.jobrunr.server.JobActivator;
import org.jobrunr.storage.sql.postgres.PostgresStorageProvider;
import org.jobrunr.utils.mapper.jackson.JacksonJsonMapper;

/** JobRunr: a job request for each event, polled as often as it can. */
final class JobRunrContender implements Contender {
    private static final String FILLING = "x".repeat(1_000);

    /** A job. */
    public static final class Work implements JobRequest {
        /** Which one. */
        public long number;
        /** Its load. */
        public String filling = FILLING;

        /** For Jackson. */
        public Work() {}

        Work(long number) {
            this.number = number;
        }

        @Override
        public Class<WorkHandler> getJobRequestHandler() {
            return WorkHandler.class;
        }
    }

    /** What handles it. */
    public static final class WorkHandler implements JobRequestHandler<Work> {
        private final Handler handler;

        /** For a handler. */
        WorkHandler(Handler handler) {
            this.handler = handler;
        }

        @Override
        public void run(Work work) {
            handler.handle(work.number);
        }
    }

    private final List<HikariDataSource> pools = new ArrayList<>();
    private final List<BackgroundJobServer> servers = new ArrayList<>();
    private final List<JobRequestScheduler> schedulers = new ArrayList<>();

    JobRunrContender(String url, int instances, Handler handler) {
        WorkHandler shared = new WorkHandler(handler);
        for (int i = 0; i < instances; i++) {
            HikariDataSource pool = DurableThroughput.pool(url);
            PostgresStorageProvider storage = new PostgresStorageProvider(pool);
            JacksonJsonMapper mapper = new JacksonJsonMapper();
            storage.setJobMapper(new org.jobrunr.jobs.mappers.JobMapper(mapper));
            BackgroundJobServer server = new BackgroundJobServer(
                    storage,
                    mapper,
                    new JobActivator() {
                        @Override
                        @SuppressWarnings("unchecked")
                        public <T> T activateJob(Class<T> type) {
                            return (T) shared;
                        }
                    },
                    BackgroundJobServerConfiguration.usingStandardBackgroundJobServerConfiguration()
                            .andPollIntervalInSeconds(5)
                            .andWorkerCount(16));
            server.start();
            pools.add(pool);
            servers.add(server);
            schedulers.add(new JobRequestScheduler(storage, List.of()));
        }
    }

    @Override
    public void emit(int instance, long number) {
        schedulers.get(instance).enqueue(new Work(number));
    }

    @Override
    public void close() {
        servers.forEach(BackgroundJobServer::stop);
        pools.forEach(HikariDataSource::close);
    }
}
