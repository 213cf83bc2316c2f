package io.eventgateway.examples.quickstart;

import io.eventgateway.Emission;
import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.Filter;
import io.eventgateway.FunctionDefinition;
import io.eventgateway.Subscription;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How many webhooks a second a gateway delivers once the JVM has compiled the code: in memory, to functions in this process. */
final class Throughput {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Throughput() {}

    /** Emits the events again and again for the time to warm up and for the time to measure; prints and returns the deliveries a second. */
    static double measure(PrintStream out, List<Event> events, Duration warmUp, Duration measured) {
        try (EventGateway gateway = EventGateway.create()) {
            register(gateway);
            emitFor(gateway, events, warmUp);
            long start = System.nanoTime();
            long deliveries = emitFor(gateway, events, measured);
            double perSecond = deliveries * 1e9 / (System.nanoTime() - start);
            out.printf(
                    Locale.ROOT,
                    "%nAfter %.0f s of warm-up: %,.0f deliveries a second on %d processors (in this process: async, filtered, weighted).%n",
                    warmUp.toMillis() / 1e3,
                    perSecond,
                    Runtime.getRuntime().availableProcessors());
            return perSecond;
        }
    }

    private static void register(EventGateway gateway) {
        gateway.functions().register("audit", (event, context) -> null);
        gateway.functions().register("reviewers", (event, context) -> null);
        gateway.functions().register("v1", (event, context) -> null);
        gateway.functions().register("v2", (event, context) -> null);
        gateway.functions().register(FunctionDefinition.weighted("canary", Map.of("v1", 80, "v2", 20)));
        gateway.subscribe("com.github.**", "audit");
        gateway.subscribe("com.github.*.*", "canary");
        gateway.subscriptions()
                .create(Subscription.to("com.github.pull_request.*")
                        .function("reviewers")
                        .filter(Filter.pattern("{\"data\": {\"pull_request\": {\"draft\": [false]}}}"))
                        .build());
    }

    /** Returns how many deliveries there were. */
    private static long emitFor(EventGateway gateway, List<Event> events, Duration time) {
        long deliveries = 0;
        long end = System.nanoTime() + time.toNanos();
        do {
            for (Emission emission : gateway.emitAll(events)) {
                deliveries += emission.subscriptionIds().size();
            }
            if (!gateway.awaitIdle(PATIENCE)) {
                throw new IllegalStateException("deliveries did not end in time: " + gateway.backlog());
            }
        } while (System.nanoTime() - end < 0);
        return deliveries;
    }
}
