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
        return rows;
    }

    private static void dispatch(List<Row> rows) {
        for (String handlers : List.of("1", "10", "100")) {
            rows.add(emit(handlers, POLLUTED)
                    .peer("Guava", dispatch("guava", handlers, POLLUTED))
                    .peer("Spring", dispatch("spring", handlers, POLLUTED))
                    .reference("a map and a loop", dispatch("bareLoop", handlers, POLLUTED))
                    .build());
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
        for (String handlers : List.of("1", "10", "100")) {
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

    private static Source dispatch(String method, String handlers, String profile) {
        return jmh("DispatchBenchmark." + method, Map.of("handlers", handlers, "profile", profile));
    }

    private static String functions(String count) {
        return count.equals("1") ? "a sync function" : count + " sync functions";
    }
}
