package io.eventgateway.examples.quickstart;

import io.eventgateway.Emission;
import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.Explanation;
import io.eventgateway.Explanation.SubscriptionExplanation;
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
import io.eventgateway.history.EventChain;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Emits 329 real GitHub webhook deliveries and shows where each went, why one did not, and what led to what. */
public final class Quickstart {
    private static final String WEBHOOKS = "com.github.**";
    private static final String REVIEWS = "reviews";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Quickstart() {}

    /** Runs it, and fails if an event got lost. */
    public static void main(String[] args) throws IOException {
        run(System.out);
        Throughput.measure(System.out, Webhooks.read(), Duration.ofSeconds(3), Duration.ofSeconds(2));
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

            List<Emission> emissions = gateway.emitAll(webhooks);
            if (!gateway.awaitIdle(PATIENCE)) {
                throw new IllegalStateException("deliveries did not end in time: " + gateway.backlog());
            }

            Map<String, Map<DeliveryStatus, Integer>> table = tabulate(emissions);
            heading(out, "Where " + webhooks.size() + " webhooks went");
            print(out, table);
            out.printf(
                    Locale.ROOT,
                    "%n%d pull requests were received by HTTP, %d lines went to the reviewers, %d repositories were tallied.%n",
                    receiver.received(),
                    lines.size(),
                    TallyInvokerProvider.size());
            out.printf(
                    "%d calls of the function that always fails ended in %s, and in %d dead letters.%n",
                    failures.get(),
                    SystemEvent.FUNCTION_INVOCATION_FAILED,
                    gateway.deadLetters().count());

            heading(out, "Why this webhook did not reach the reviewers");
            out.print(refused(gateway, webhooks));

            heading(out, "What a push led to");
            out.print(pushed(gateway, emissions));
            return table;
        }
    }

    private static void heading(PrintStream out, String text) {
        out.printf("%n%s%n%s%n", text, "-".repeat(text.length()));
    }

    /** What the gateway says of the first pull request that the reviewers' filter refused. */
    private static String refused(EventGateway gateway, List<Event> webhooks) {
        for (Event webhook : webhooks) {
            Explanation explanation = gateway.explain(webhook);
            for (SubscriptionExplanation each : explanation.subscriptions()) {
                if (!each.matched() && each.subscription().id().equals(REVIEWS) && isPullRequest(webhook)) {
                    return webhook.getType() + " of " + webhook.getSubject() + System.lineSeparator()
                            + new Explanation(webhook, List.of(each))
                                    .toString()
                                    .lines()
                                    .skip(1) // how many of all subscriptions match
                                    .collect(Collectors.joining(System.lineSeparator(), "", System.lineSeparator()));
                }
            }
        }
        throw new IllegalStateException("the filter refused no pull request");
    }

    private static boolean isPullRequest(Event webhook) {
        return webhook.getType().startsWith("com.github.pull_request.");
    }

    /** The chain of the first push. */
    private static EventChain pushed(EventGateway gateway, List<Emission> emissions) {
        Event push = emissions.stream()
                .map(Emission::event)
                .filter(event -> event.getType().equals("com.github.push"))
                .findFirst()
                .orElseThrow();
        return gateway.history().chain(Objects.requireNonNull(push.getCorrelationId()));
    }

    private static void register(
            EventGateway gateway, Receiver receiver, AtomicInteger failures, Collection<String> lines) {
        // a function in this process, for every webhook
        gateway.functions().register("audit", (event, context) -> null);
        gateway.subscribe(WEBHOOKS, "audit");

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
                        .id(REVIEWS)
                        .function("reviewers")
                        .filter(Filter.pattern("""
                                {"data": {"pull_request": {"draft": [false], "labels": {"name": ["bug"]}}}}"""))
                        .transform(Transform.template(
                                Map.of("number", "$.data.number", "title", "$.data.pull_request.title"),
                                "#<number> <title>"))
                        .build());

        // a canary, for pushes: one commit stays on one version; what a version replies is the next event of the chain
        gateway.functions().register("ci-v1", (event, context) -> Event.of("build.finished", "built by v1"));
        gateway.functions().register("ci-v2", (event, context) -> Event.of("build.finished", "built by v2"));
        gateway.functions()
                .register(FunctionDefinition.weighted("ci", Map.of("ci-v1", 80, "ci-v2", 20))
                        .with("sticky", "data.after"));
        gateway.subscribe("com.github.push", "ci");
        gateway.functions().register("deploy", (event, context) -> null);
        gateway.subscribe("build.finished", "deploy");

        // a function type of our own
        gateway.functions().register(FunctionDefinition.of("tally", "tally", Map.of("by", "subject")));
        gateway.subscribe(WEBHOOKS, "tally");

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
