package io.eventgateway.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventgateway.Emission;
import io.eventgateway.Event;
import io.eventgateway.EventGateway;
import io.eventgateway.Explanation;
import io.eventgateway.Filter;
import io.eventgateway.Subscription;
import io.eventgateway.error.InvalidFilterException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * Decides cases of filters by delivery: the filters of many cases are subscribed together, so that they meet in the index as they
 * do in an application, and every event is emitted to all of them. What {@code explain} says of each pair has to be the same.
 */
final class FilterRunner {
    private static final int TOGETHER = 16;

    private FilterRunner() {}

    static List<Decision> decide(List<Case> cases) {
        Map<Case, String> ours = new LinkedHashMap<>();
        Map<Case, Filter> batch = new LinkedHashMap<>();
        for (Case each : cases) {
            ours.put(each, "accepted");
            try {
                Filter filter = filter(each);
                if (each.event() != null) {
                    batch.put(each, filter);
                }
            } catch (InvalidFilterException e) {
                ours.put(each, "refused");
            }
            if (batch.size() == TOGETHER) {
                ours.putAll(deliver(batch));
                batch.clear();
            }
        }
        ours.putAll(deliver(batch));
        List<Decision> decisions = new ArrayList<>();
        ours.forEach((each, verdict) -> decisions.add(new Decision(each, verdict, passes(each, verdict))));
        return decisions;
    }

    private static boolean passes(Case each, String verdict) {
        String expected = Objects.requireNonNull(each.expected());
        return expected.equals("refused-or-no-match")
                ? Set.of("refused", "no-match").contains(verdict)
                : expected.equals(verdict);
    }

    private static Filter filter(Case each) {
        return switch (each.language()) {
            case "pattern" -> Filter.pattern(each.event() == null ? inOurWords(each.written()) : each.written());
            case "dialect" -> Filter.cloudEvents(each.written());
            case "eventGrid" -> Filter.eventGrid(each.written());
            case "sql" -> Filter.cesql(each.written());
            case "json" -> Filter.fromJson(each.written());
            default -> throw new IllegalArgumentException("'" + each.language() + "' is no language of filters");
        };
    }

    /** A pattern over EventBridge's envelope, which is refused with these words: what is its detail there is data here. */
    private static String inOurWords(String pattern) {
        return pattern.replaceAll("\"detail\"\\s*:", "\"data\":").replaceAll("\"detail-type\"\\s*:", "\"type\":");
    }

    private static Map<Case, String> deliver(Map<Case, Filter> batch) {
        Map<Case, String> verdicts = new HashMap<>();
        Set<String> received = new TreeSet<>();
        Map<Case, String> ids = new HashMap<>();
        try (EventGateway gateway = EventGateway.create()) {
            gateway.functions().register("f", (event, context) -> {
                received.add(context.subscriptionId());
                return null;
            });
            batch.forEach((each, filter) -> {
                String id = "s" + ids.size();
                ids.put(each, id);
                gateway.subscriptions()
                        .create(Subscription.to("**")
                                .function("f")
                                .id(id)
                                .sync()
                                .filter(filter)
                                .build());
            });
            for (Case each : batch.keySet()) {
                received.clear();
                emit(each, gateway, received);
                verdicts.put(each, received.contains(ids.get(each)) ? "match" : "no-match");
            }
        }
        return verdicts;
    }

    private static void emit(Case each, EventGateway gateway, Set<String> received) {
        Event event = Objects.requireNonNull(each.event());
        Emission emission;
        Explanation explanation;
        try {
            emission = gateway.emit(event);
            explanation = gateway.explain(event);
        } catch (RuntimeException e) {
            throw new AssertionError("the event of " + each + " can't be emitted and explained", e);
        }
        assertThat(emission.subscriptionIds())
                .as("whom the event of %s goes to", each)
                .containsExactlyInAnyOrderElementsOf(received);
        assertThat(explanation.matched().stream().map(Subscription::id))
                .as("what explain says of the event of %s", each)
                .containsExactlyInAnyOrderElementsOf(received);
    }
}
