package io.eventgateway.examples.quickstart;

import io.eventgateway.Emission;
import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.Filter;
import io.eventgateway.FunctionDefinition;
import io.eventgateway.Subscription;
import io.eventgateway.SystemEvent;
import io.eventgateway.Transform;
import io.eventgateway.delivery.Backoff;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.delivery.DeliveryReport;
import io.eventgateway.delivery.DeliveryResult;
import io.eventgateway.delivery.DeliveryStatus;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** Emits 329 real GitHub webhook deliveries and shows where each went. */
public final class Quickstart {
    private Quickstart() {}

    /** Runs it, and fails if an event got lost. */
    public static void main(String[] args) throws IOException {
        run(System.out);
    }

    /** What became of the deliveries to each function: how many ended in which way. */
    static Map<String, Map<DeliveryStatus, Integer>> run(PrintStream out) throws IOException {
        AtomicInteger failures = new AtomicInteger();
        Collection<String> lines = new ConcurrentLinkedQueue<>();
        TallyInvokerProvider.reset();
        List<Event> webhooks = Webhooks.read();
        try (Receiver receiver = new Receiver();
                EventGateway gateway = EventGateway.create()) {
            register(gateway, receiver, failures, lines);

            long start = System.nanoTime();
            List<Emission> emissions = gateway.emitAll(webhooks);
            if (!gateway.awaitIdle(Duration.ofSeconds(30))) {
                throw new IllegalStateException("deliveries did not end in time: " + gateway.backlog());
            }
            double seconds = (System.nanoTime() - start) / (double) TimeUnit.SECONDS.toNanos(1);

            Map<String, Map<DeliveryStatus, Integer>> table = tabulate(emissions);
            print(out, table);
            int deliveries = table.values().stream()
                    .flatMap(row -> row.values().stream())
                    .mapToInt(Integer::intValue)
                    .sum();
            out.printf(
                    Locale.ROOT,
                    "%n%d events, %d deliveries in %.0f ms: %.0f deliveries a second, start-up included%n",
                    webhooks.size(),
                    deliveries,
                    seconds * 1000,
                    deliveries / seconds);
            out.printf("%d pull requests received by HTTP at %s%n", receiver.received(), receiver.url());
            out.printf("%d repositories tallied by an invoker of our own%n", TallyInvokerProvider.size());
            out.printf(
                    "%d lines for the reviewers of bugs, such as: %s%n",
                    lines.size(), lines.stream().findFirst().orElse("none"));
            out.printf(
                    "%d times %s, and %d dead letters, from the function that always fails%n",
                    failures.get(),
                    SystemEvent.FUNCTION_INVOCATION_FAILED,
                    gateway.deadLetters().count());
            return table;
        }
    }

    private static void register(
            EventGateway gateway, Receiver receiver, AtomicInteger failures, Collection<String> lines) {
        // a function in this process, for everything
        gateway.functions().register("audit", (event, context) -> null);
        gateway.subscribe("**", "audit");

        // a real HTTP endpoint, for pull requests
        gateway.functions().register(FunctionDefinition.http("pull-requests", receiver.url()));
        gateway.subscribe("com.github.pull_request.*", "pull-requests");

        // only pull requests that are labelled as bugs and ready, of which the reviewers get a line
        gateway.functions().register("reviewers", (event, context) -> {
            lines.add(event.dataAs(String.class));
            return null;
        });
        gateway.subscriptions()
                .create(Subscription.to("com.github.pull_request.*")
                        .function("reviewers")
                        .filter(Filter.pattern("""
                                {"data": {"pull_request": {"draft": [false], "labels": {"name": ["bug"]}}}}"""))
                        .transform(Transform.template(
                                Map.of("number", "$.data.number", "title", "$.data.pull_request.title"),
                                "#<number> <title>"))
                        .build());

        // a canary, for pushes and releases: one repository stays on one version
        gateway.functions().register("ci-v1", (event, context) -> "built by v1");
        gateway.functions().register("ci-v2", (event, context) -> "built by v2");
        gateway.functions()
                .register(FunctionDefinition.weighted("ci", Map.of("ci-v1", 80, "ci-v2", 20))
                        .with("sticky", "data.after"));
        gateway.subscribe("com.github.push", "ci");

        // a function type of our own
        gateway.functions().register(FunctionDefinition.of("tally", "tally", Map.of("by", "subject")));
        gateway.subscribe("**", "tally");

        // a function that always fails, however often it is tried, and somebody who is told
        gateway.functions().register("flaky", (event, context) -> {
            throw new IllegalStateException("the issue tracker is down");
        });
        gateway.subscriptions()
                .create(Subscription.to("com.github.issues.*")
                        .function("flaky")
                        .delivery(DeliveryPolicy.builder()
                                .maxAttempts(3)
                                .backoff(Backoff.fixed(Duration.ofMillis(20)))
                                .build())
                        .build());
        gateway.subscribe(SystemEvent.FUNCTION_INVOCATION_FAILED, event -> failures.incrementAndGet());
    }

    private static Map<String, Map<DeliveryStatus, Integer>> tabulate(List<Emission> emissions) {
        Map<String, Map<DeliveryStatus, Integer>> table = new TreeMap<>();
        for (Emission emission : emissions) {
            DeliveryReport report = emission.completion().join();
            for (DeliveryResult result : report.deliveries()) {
                table.computeIfAbsent(result.functionId(), id -> new TreeMap<>())
                        .merge(result.status(), 1, Integer::sum);
            }
        }
        return table;
    }

    private static void print(PrintStream out, Map<String, Map<DeliveryStatus, Integer>> table) {
        List<DeliveryStatus> columns = new ArrayList<>(Stream.of(DeliveryStatus.values())
                .filter(status -> table.values().stream().anyMatch(row -> row.containsKey(status)))
                .toList());
        out.printf("%-16s", "function");
        columns.forEach(status -> out.printf("%15s", status.name().toLowerCase(Locale.ROOT)));
        out.println();
        table.forEach((function, row) -> {
            out.printf("%-16s", function);
            columns.forEach(status -> out.printf("%15d", row.getOrDefault(status, 0)));
            out.println();
        });
    }
}
