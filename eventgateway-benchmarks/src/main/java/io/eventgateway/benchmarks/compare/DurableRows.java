package io.eventgateway.benchmarks.compare;

import io.eventgateway.benchmarks.compare.Programs.Program;
import java.util.ArrayList;
import java.util.List;

/** The rows about what is delivered from a database, beside libraries that do so too. */
final class DurableRows {
    private static final List<String> PEERS = List.of("db-scheduler", "transaction-outbox", "JobRunr");

    private DurableRows() {}

    static List<Row> all() {
        List<Row> rows = new ArrayList<>();
        for (String instances : List.of("1", "3")) {
            Row.Builder emit = Row.higher(
                            "durable.emit." + instances,
                            "events of 1 KB emitted and delivered by " + instances(instances) + ", 8 threads")
                    .ours("emit", throughput("gateway", instances, "emit"));
            PEERS.forEach(peer -> emit.peer(peer, throughput(peer, instances, "emit")));
            emit.goal(Goal.ratio(4, 16));
            if (instances.equals("1")) {
                emit.reference("plain inserts", new Source.Program(Program.DURABLE_THROUGHPUT, "plain inserts of 1"));
            }
            rows.add(emit.build());
        }
        String inserts = "plain inserts of 100";
        for (String instances : List.of("1", "3")) {
            Row.Builder together = Row.higher(
                            "durable.emitall." + instances,
                            "the same with emitAll of 100; the peers have nothing like it and emit one by one")
                    .ours("emitAll", throughput("gateway", instances, "emitAll"));
            PEERS.forEach(peer -> together.peer(peer, throughput(peer, instances, "emit")));
            rows.add(together.reference(inserts, new Source.Program(Program.DURABLE_THROUGHPUT, inserts))
                    .goal(Goal.ratio(10, 6))
                    .goal(Goal.ratioTo(inserts, 0.6, 16))
                    .build());
        }
        for (String instances : List.of("1", "3")) {
            for (String percentile : List.of("p50", "p99")) {
                Row.Builder latency = Row.lower(
                                "durable.latency." + instances + "." + percentile,
                                "from emit to function at 1,000 a second, " + instances(instances) + ", " + percentile)
                        .ours("emit", throughput("gateway", instances, percentile));
                PEERS.forEach(peer -> latency.peer(peer, throughput(peer, instances, percentile)));
                if (percentile.equals("p99")) {
                    latency.goal(Goal.ratio(1, 16));
                }
                rows.add(latency.build());
            }
        }
        for (String threads : List.of("1", "8")) {
            rows.add(Row.lower(
                            "durable.transaction." + threads,
                            "a transaction that inserts a row of its own and emits 1 KB, or inserts it plainly; "
                                    + threads + (threads.equals("1") ? " thread" : " threads"))
                    .ours("emit", transactional(threads, "emit"))
                    .peer("a plain insert", transactional(threads, "plain"))
                    .goal(Goal.ratio(1.5, 6))
                    .build());
        }
        for (String threads : List.of("1", "8")) {
            rows.add(Row.lower(
                            "durable.commit." + threads,
                            "from the commit to the function in that run, p99, " + threads
                                    + (threads.equals("1") ? " thread" : " threads"))
                    .ours("emit", transactional(threads, "p99"))
                    .goal(Goal.figure(50, 16))
                    .build());
        }
        rows.add(Row.lower("durable.start.time", "a gateway started on 100,000 stored subscriptions")
                .ours("start", new Source.Program(Program.COLD_START, "start"))
                .build());
        rows.add(Row.lower("durable.start.heap", "the heap that they take")
                .ours("start", new Source.Program(Program.COLD_START, "heap"))
                .build());
        return rows;
    }

    private static String instances(String count) {
        return count.equals("1") ? "one instance" : count + " instances";
    }

    private static Source throughput(String contender, String instances, String figure) {
        return new Source.Program(Program.DURABLE_THROUGHPUT, contender + " " + instances + " " + figure);
    }

    private static Source transactional(String threads, String figure) {
        return new Source.Program(Program.TRANSACTIONAL_EMIT, threads + " " + figure);
    }
}
