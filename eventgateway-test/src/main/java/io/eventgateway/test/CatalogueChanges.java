package io.eventgateway.test;

import io.eventgateway.EventGateway;
import io.eventgateway.schema.SchemaDifference;
import io.eventgateway.test.Catalogue.Change;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What changed between two AsyncAPI documents of a gateway, and whom that breaks. */
final class CatalogueChanges {
    private static final String CHANNELS = "#/channels/";
    private static final String SCHEMAS = "/components/schemas";

    /**
     * An operation: what a subscription receives, or a function sends.
     *
     * @param channel the key of its channel
     * @param title the subscription's id; for a function, what it emits
     */
    private record Operation(
            String action,
            String channel,
            String title,
            String function,
            @Nullable JsonNode filter) {
        static Operation of(JsonNode node) {
            String channel = node.at("/channel/$ref").asString("");
            return new Operation(
                    node.path("action").asString(""),
                    channel.startsWith(CHANNELS) ? channel.substring(CHANNELS.length()) : channel,
                    node.path("title").asString(""),
                    node.path("x-function").asString(""),
                    node.get("x-filter"));
        }

        boolean receives() {
            return action.equals("receive");
        }

        String shown() {
            return receives()
                    ? "subscription '" + title + "' of function '" + function + "'"
                    : "function '" + function + "'";
        }
    }

    private final JsonNode before;
    private final JsonNode after;
    private final EventGateway gateway;
    private final Map<String, Operation> operationsBefore;
    private final Map<String, Operation> operationsAfter;
    private final List<Change> changes = new ArrayList<>();

    CatalogueChanges(JsonNode before, JsonNode after, EventGateway gateway) {
        this.before = before;
        this.after = after;
        this.gateway = gateway;
        this.operationsBefore = operations(before);
        this.operationsAfter = operations(after);
    }

    private static Map<String, Operation> operations(JsonNode document) {
        Map<String, Operation> all = new TreeMap<>();
        document.path("operations").properties().forEach(each -> all.put(each.getKey(), Operation.of(each.getValue())));
        return all;
    }

    List<Change> all() {
        lookAtChannels();
        lookAtOperations();
        lookAtSchemas();
        return List.copyOf(changes);
    }

    private void add(String what, List<String> breaks) {
        changes.add(new Change(what, breaks));
    }

    private static String title(JsonNode document, String channel) {
        return document.path("channels").path(channel).path("title").asString(channel);
    }

    private void lookAtChannels() {
        for (String channel : before.path("channels").propertyNames()) {
            if (!after.path("channels").has(channel)) {
                add("'" + title(before, channel) + "' is gone", receivers(operationsBefore, channel));
            }
        }
        for (String channel : after.path("channels").propertyNames()) {
            if (!before.path("channels").has(channel)) {
                add("'" + title(after, channel) + "' is new", List.of());
            }
        }
    }

    private static List<String> receivers(Map<String, Operation> operations, String channel) {
        return operations.values().stream()
                .filter(operation -> operation.receives() && operation.channel().equals(channel))
                .map(Operation::shown)
                .toList();
    }

    private static List<String> senders(Map<String, Operation> operations, String channel) {
        return operations.values().stream()
                .filter(operation ->
                        !operation.receives() && operation.channel().equals(channel))
                .map(Operation::shown)
                .toList();
    }

    private void lookAtOperations() {
        operationsBefore.forEach((key, old) -> {
            Operation next = operationsAfter.get(key);
            String type = "'" + title(before, old.channel()) + "'";
            if (next == null && old.receives()) {
                add(
                        "subscription '" + old.title() + "' does not get " + type + " any more",
                        List.of("function '" + old.function() + "'"));
            } else if (next == null) {
                boolean others = !senders(operationsAfter, old.channel()).isEmpty();
                add(
                        old.shown() + " does not say any more that it emits " + type,
                        others ? List.of() : receivers(operationsAfter, old.channel()));
            } else if (!next.function().equals(old.function())) {
                add(
                        "subscription '" + old.title() + "' goes to function '" + next.function() + "'",
                        List.of("function '" + old.function() + "'"));
            } else if (old.filter() == null
                    ? next.filter() != null
                    : !old.filter().equals(next.filter())) {
                add(
                        "subscription '" + old.title() + "' has another filter",
                        next.filter() == null ? List.of() : List.of("function '" + old.function() + "'"));
            }
        });
        operationsAfter.forEach((key, next) -> {
            if (!operationsBefore.containsKey(key)) {
                String type = "'" + title(after, next.channel()) + "'";
                add(next.shown() + (next.receives() ? " gets " : " emits ") + type + " now", List.of());
            }
        });
    }

    private void lookAtSchemas() {
        for (String key : after.path("channels").propertyNames()) {
            JsonNode old = before.at(SCHEMAS).get(key);
            JsonNode next = after.at(SCHEMAS).get(key);
            if (old == null ? next == null : old.equals(next)) {
                continue;
            }
            String type = title(after, key);
            String what =
                    "the schema of '" + type + "' " + (old == null ? "is new" : next == null ? "is gone" : "changed");
            if (old == null || next == null) {
                add(what, old == null ? senders(operationsAfter, key) : receivers(operationsAfter, key));
                continue;
            }
            List<SchemaDifference> differences = differences(type, key, old);
            if (differences == null) {
                List<String> all = new ArrayList<>(receivers(operationsAfter, key));
                all.addAll(senders(operationsAfter, key));
                add(what, all);
            } else {
                describe(what, key, differences);
            }
        }
    }

    private void describe(String what, String key, List<SchemaDifference> differences) {
        List<String> breaks = new ArrayList<>();
        // seen from the schema as it is now: what is not backward is an event of now that the committed schema does not
        // accept
        if (differences.stream().anyMatch(difference -> !difference.isBackward())) {
            breaks.addAll(receivers(operationsAfter, key));
        }
        if (differences.stream().anyMatch(difference -> !difference.isForward())) {
            breaks.addAll(senders(operationsAfter, key));
        }
        String which = differences.stream().map(SchemaDifference::toString).collect(Collectors.joining("; "));
        add(which.isEmpty() ? what : what + " (seen from it, in the committed one: " + which + ")", breaks);
    }

    /** The differences of the committed schema from the registered one; null where nothing can compare them. */
    private @Nullable List<SchemaDifference> differences(String type, String key, JsonNode committed) {
        String place = "#" + SCHEMAS + "/" + key;
        String schema =
                committed.toString().replace("\"" + place + "\"", "\"#\"").replace("\"" + place + "/", "\"#/");
        try {
            return gateway.eventTypes().compare(type, schema);
        } catch (RuntimeException e) { // no provider of schemas, or a schema that the document could not keep whole
            return null;
        }
    }
}
