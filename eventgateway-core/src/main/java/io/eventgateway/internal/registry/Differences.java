package io.eventgateway.internal.registry;

import io.eventgateway.EventTypeDefinition;
import io.eventgateway.Filter;
import io.eventgateway.FunctionDefinition;
import io.eventgateway.Subscription;
import io.eventgateway.Transform;
import io.eventgateway.delivery.DeliveryPolicy;
import io.eventgateway.spi.Registration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Says in which parts one registration differs from another of the same id, from what to what. */
final class Differences {
    private static final int MAX_SHOWN = 200;

    private final List<String> found = new ArrayList<>();

    private Differences() {}

    /**
     * The differences between two subscriptions; empty when there are none. A subscription without a pause says nothing
     * about pauses.
     */
    static List<String> between(Subscription before, Subscription after) {
        Differences differences = new Differences();
        differences.add("eventType", before.eventType(), after.eventType());
        differences.add("functionId", before.functionId(), after.functionId());
        differences.add("mode", before.mode(), after.mode());
        differences.add("method", before.method(), after.method());
        differences.add("path", before.path(), after.path());
        differences.add("cors", before.cors(), after.cors());
        differences.add("authorizer", before.authorizer(), after.authorizer());
        differences.add("verifier", before.verifier(), after.verifier());
        differences.add("webhookOrigins", before.webhookOrigins(), after.webhookOrigins());
        differences.add("enabled", before.enabled(), after.enabled());
        if (!Objects.equals(before.filter(), after.filter())) {
            differences.put("filter", text(before.filter()), text(after.filter()));
        }
        if (!Objects.equals(before.transform(), after.transform())) {
            differences.put("transform", text(before.transform()), text(after.transform()));
        }
        if (!Objects.equals(before.delivery(), after.delivery())) {
            differences.put("delivery", text(before.delivery()), text(after.delivery()));
        }
        if (after.pause() != null) {
            differences.add("paused", before.pause(), after.pause());
        }
        differences.add("metadata", before.metadata(), after.metadata());
        return differences.found;
    }

    /**
     * The differences between two functions; empty when they are equal. Values of the configuration may be secret and
     * are not said.
     */
    static List<String> between(FunctionDefinition before, FunctionDefinition after) {
        Differences differences = new Differences();
        differences.add("type", before.type(), after.type());
        TreeSet<String> names = new TreeSet<>(before.configuration().keySet());
        names.addAll(after.configuration().keySet());
        for (String name : names) {
            boolean was = before.configuration().containsKey(name);
            boolean is = after.configuration().containsKey(name);
            if (was != is
                    || !Objects.equals(
                            before.configuration().get(name),
                            after.configuration().get(name))) {
                differences.found.add(
                        "configuration entry '" + name + "' " + (!was ? "added" : !is ? "removed" : "changed"));
            }
        }
        differences.add("metadata", before.metadata(), after.metadata());
        differences.add("emits", before.emits(), after.emits());
        return differences.found;
    }

    /** The differences between two registrations of one kind; empty when they are equal. */
    static List<String> between(Registration before, Registration after) {
        if (before instanceof FunctionDefinition was && after instanceof FunctionDefinition is) {
            return between(was, is);
        }
        if (before instanceof Subscription was && after instanceof Subscription is) {
            return between(was, is);
        }
        if (before instanceof EventTypeDefinition was && after instanceof EventTypeDefinition is) {
            return between(was, is);
        }
        Differences differences = new Differences();
        differences.add("policy", before, after);
        return differences.found;
    }

    /** The differences between two event types; empty when they are equal. */
    static List<String> between(EventTypeDefinition before, EventTypeDefinition after) {
        Differences differences = new Differences();
        differences.add("version", before.version(), after.version());
        differences.add("schema", before.schema(), after.schema());
        differences.add("description", before.description(), after.description());
        differences.add("examples", before.examples(), after.examples());
        differences.add("owner", before.owner(), after.owner());
        differences.add("deprecatedSince", before.deprecatedSince(), after.deprecatedSince());
        differences.add("validation", before.validation(), after.validation());
        differences.add("compatibility", before.compatibility(), after.compatibility());
        differences.add("metadata", before.metadata(), after.metadata());
        return differences.found;
    }

    private void add(String part, @Nullable Object before, @Nullable Object after) {
        if (!Objects.equals(before, after)) {
            put(part, String.valueOf(before), String.valueOf(after));
        }
    }

    private void put(String part, String before, String after) {
        found.add(part + " from " + shown(before) + " to " + shown(after));
    }

    private static String text(@Nullable Filter filter) {
        return filter == null ? "none" : filter.isStorable() ? filter.toJson() : "code";
    }

    private static String text(@Nullable Transform transform) {
        return transform == null ? "none" : transform.toJson();
    }

    private static String text(@Nullable DeliveryPolicy policy) {
        return policy == null ? "none" : policy.toJson();
    }

    private static String shown(String text) {
        return text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "...";
    }
}
