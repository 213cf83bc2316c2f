package io.eventgateway.benchmarks.compare;

import static io.eventgateway.benchmarks.compare.Row.jmh;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The rows of the table, in its order. */
final class Rows {
    private static final String POLLUTED = "POLLUTED";
    private static final String CLEAN = "CLEAN";

    private Rows() {}

    /** Returns all rows. */
    static List<Row> all() {
        List<Row> rows = new ArrayList<>();
        dispatch(rows);
        types(rows);
        rows.addAll(FilterRows.all());
        rows.addAll(SchemaRows.all());
        paths(rows);
        async(rows);
        handOff(rows);
        order(rows);
        timers(rows);
        http(rows);
        rows.addAll(DurableRows.all());
        memory(rows);
        return rows;
    }

    private static void dispatch(List<Row> rows) {
        for (String handlers : List.of("1", "10", "100")) {
            Row.Builder row = emit(handlers, POLLUTED).peer("Spring", dispatch("spring", handlers, POLLUTED));
            if (!handlers.equals("10")) { // for the time that they take
                row.peer("Guava", dispatch("guava", handlers, POLLUTED))
                        .reference("a map and a loop", dispatch("bareLoop", handlers, POLLUTED));
            }
            rows.add(row.build());
        }
        for (String handlers : List.of("1", "100")) {
            rows.add(Row.lower("dispatch." + handlers + ".data", "emit(type, data) to " + functions(handlers))
                    .ours("emit(type, data)", dispatch("eventGatewayTypeAndData", handlers, POLLUTED))
                    .peer("Guava", dispatch("guava", handlers, POLLUTED))
                    .goal(Goal.ratio(1, 3))
                    .build());
        }
        rows.add(Row.lower("dispatch.1.complete", "emit(Event) of an event that lacks nothing to " + functions("1"))
                .ours("emit(Event)", dispatch("eventGatewayCompleteEvent", "1", POLLUTED))
                .peer("greenrobot", dispatch("greenrobot", "1", POLLUTED))
                .peer("MBassador", dispatch("mbassador", "1", POLLUTED))
                .build());
        for (String handlers : List.of("1", "100")) {
            Row.Builder row = emit(handlers, CLEAN);
            if (handlers.equals("100")) {
                row.goal(Goal.figure(280, 13));
            }
            rows.add(row.build());
        }
    }

    private static Row.Builder emit(String handlers, String profile) {
        boolean clean = profile.equals(CLEAN);
        return Row.lower(
                        "dispatch." + handlers + (clean ? ".clean" : ""),
                        "emit(Event) to " + functions(handlers) + (clean ? ", nothing else used before" : ""))
                .ours("emit(Event)", dispatch("eventGatewayEvent", handlers, profile))
                .peer("greenrobot", dispatch("greenrobot", handlers, profile))
                .peer("MBassador", dispatch("mbassador", handlers, profile))
                .goal(Goal.ratio(1, 15));
    }

    private static void types(List<Row> rows) {
        for (String others : List.of("1000", "100000")) {
            rows.add(Row.lower(
                            "types." + others,
                            "emit(Event) to a sync function, with subscriptions of "
                                    + Numbers.plain(Integer.parseInt(others))
                                    + " other types, and of one")
                    .ours("many types", types(others))
                    .peer("one type", types("1"))
                    .goal(Goal.ratio(1.3, 3))
                    .build());
        }
    }

    private static Source types(String others) {
        return jmh("OtherTypesBenchmark.emit", Map.of("others", others));
    }

    private static void paths(List<Row> rows) {
        rows.add(Row.lower("paths", "one of 1,000 http paths found, with its parameter")
                .ours("PathTree", jmh("PathBenchmark.eventGateway", Map.of()))
                .peer("Undertow", jmh("PathBenchmark.undertow", Map.of()))
                .peer("Spring", jmh("PathBenchmark.springPathPattern", Map.of()))
                .goal(Goal.ratio(1, 3))
                .build());
    }

    private static void async(List<Row> rows) {
        String executor = "an executor and futures";
        rows.add(Row.higher("async", "1,000 events handed to other threads, each with its completion")
                .ours("emit and completion", jmh("AsyncBenchmark.eventGateway", Map.of()))
                .peer("Guava", jmh("AsyncBenchmark.guavaAsyncEventBus", Map.of()))
                .peer("Spring", jmh("AsyncBenchmark.springAsyncMulticaster", Map.of()))
                .peer("Vert.x", jmh("AsyncBenchmark.vertxLocalEventBus", Map.of()))
                .reference(executor, jmh("AsyncBenchmark.threadPoolExecutorAndFuture", Map.of()))
                .goal(Goal.ratio(1, 15))
                .goal(Goal.ratioTo(executor, 0.8, 5))
                .build());
    }

    private static void handOff(List<Row> rows) {
        for (String percentile : List.of("p50", "p99.9")) {
            rows.add(Row.lower(
                            "handoff." + percentile.replace(".", ""),
                            "one event handed to another thread and back, nothing else going on, " + percentile)
                    .ours("emit and completion", handOff("eventGateway", percentile))
                    .peer("an executor and a future", handOff("threadPoolExecutorAndFuture", percentile))
                    .reference("Guava", handOff("guavaAsyncEventBus", percentile))
                    .reference("Vert.x", handOff("vertxLocalEventBus", percentile))
                    .goal(Goal.ratio(1, 15))
                    .build());
        }
    }

    private static Source handOff(String method, String percentile) {
        return new Source.Jmh("HandOffLatencyBenchmark." + method, Map.of(), percentile);
    }

    private static void order(List<Row> rows) {
        rows.add(Row.higher("order", "20,000 events of 10,000 keys, in the order of their keys and in none")
                .ours("ordered by key", jmh("OrderBenchmark.ordered", Map.of()))
                .peer("unordered", jmh("OrderBenchmark.unordered", Map.of()))
                .goal(Goal.ratio(0.67, 5))
                .build());
    }

    private static void timers(List<Row> rows) {
        rows.add(Row.lower("timers", "a million retries put off by up to 100 ms, and run")
                .ours("timers", timers("eventGateway"))
                .peer("Netty's wheel", timers("nettyHashedWheelTimer"))
                .peer("the JDK's executor", timers("scheduledThreadPoolExecutor"))
                .goal(Goal.ratio(1, 15))
                .build());
    }

    private static Source timers(String method) {
        return jmh("io.eventgateway.internal.delivery.TimersBenchmark." + method, Map.of());
    }

    private static void http(List<Row> rows) {
        rows.add(Row.higher("http", "events of 1 KB to a local server, 16 at once")
                .ours("http function", jmh("HttpDeliveryBenchmark.eventGateway", Map.of()))
                .peer("OkHttp's enqueue", jmh("HttpDeliveryBenchmark.okHttpEnqueue", Map.of()))
                .goal(Goal.ratio(0.9, 3))
                .build());
        rows.add(fanOut("http.many", "events of 1 KB to a local server, 1,000 in flight", "unsigned", 0.9));
        rows.add(fanOut("http.signed", "the same, each with a signature", "signed", 0.85));
        rows.add(Row.lower("http.dead", "a call to a host behind 1,000 calls to one that never answers")
                .ours("http function", new Source.Program(Programs.Program.DEAD_HOST, "behind"))
                .reference("alone", new Source.Program(Programs.Program.DEAD_HOST, "alone"))
                .goal(Goal.figure(100, 17))
                .build());
        rows.add(Row.lower("memory.http", "heap that 1,000,000 deliveries over HTTP leave behind")
                .ours("http function", new Source.Program(Programs.Program.HTTP_MEMORY, "growth"))
                .goal(Goal.figure(5, 17))
                .build());
    }

    private static Row fanOut(String id, String what, String figure, double goal) {
        return Row.higher(id, what)
                .ours("http function", new Source.Program(Programs.Program.HTTP_FAN_OUT, figure))
                .peer("OkHttp's enqueue", new Source.Program(Programs.Program.HTTP_FAN_OUT, "OkHttp"))
                .reference(
                        "OkHttp with the headers of a signature",
                        new Source.Program(Programs.Program.HTTP_FAN_OUT, "OkHttp, with the headers of a signature"))
                .goal(Goal.ratio(goal, 17))
                .build();
    }

    private static void memory(List<Row> rows) {
        rows.add(Row.lower("memory.waiting", "heap that a delivery takes which waits for its next attempt")
                .ours("a delivery", new Source.Program(Programs.Program.WAITING_MEMORY, "bytes"))
                .goal(Goal.figure(400, 15))
                .build());
        rows.add(Row.lower("memory.filters", "heap that each of 10,000 filters takes")
                .ours("a filter", new Source.Program(Programs.Program.FILTER_SET_MEMORY, "ours"))
                .peer("event-ruler", new Source.Program(Programs.Program.FILTER_SET_MEMORY, "event-ruler"))
                .goal(Goal.ratio(1, 4))
                .build());
    }

    private static Source dispatch(String method, String handlers, String profile) {
        return jmh("DispatchBenchmark." + method, Map.of("handlers", handlers, "profile", profile));
    }

    private static String functions(String count) {
        return count.equals("1") ? "a sync function" : count + " sync functions";
    }
}
