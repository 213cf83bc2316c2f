package io.eventgateway.internal.discovery;

import io.eventgateway.Event;
import io.eventgateway.EventGatewayException;
import io.eventgateway.schema.Discovery;
import io.eventgateway.schema.DiscoveryOptions;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What was learned of the event types of a space since discovery was switched on. Thread-safe. An event that is not sampled costs a
 * look-up and a count; one that is sampled while another of its type is being looked at is passed over.
 */
public final class Discoveries {
    private static final int LOOKED_AT_FIRST = 100;

    private final DiscoveryOptions options;
    private final Instant since;
    private final Map<String, LearnedType> types = new ConcurrentHashMap<>();

    /** Nothing learned yet. */
    public Discoveries(DiscoveryOptions options, Instant since) {
        this.options = options;
        this.since = since;
    }

    /** Learns from an event, if it is one of those that are looked at. */
    public void learn(Event event) {
        LearnedType type = types.get(event.getType());
        if (type == null) {
            if (types.size() >= options.maxTypes()) {
                return;
            }
            type = types.computeIfAbsent(event.getType(), name -> new LearnedType(options.maxMembers()));
        }
        long number = type.count();
        if (number <= LOOKED_AT_FIRST || number % options.sampleEvery() == 0) {
            look(type, event);
        }
    }

    private static void look(LearnedType type, Event event) {
        JsonNode data;
        try {
            data = event.getData() == null ? null : event.dataAsJson();
        } catch (EventGatewayException e) {
            return; // data that is no JSON has no schema
        }
        if (data != null) {
            type.learn(data);
        }
    }

    /** What was learned of a type; null when no event of it was looked at. */
    public @Nullable Discovery of(String eventType) {
        LearnedType type = types.get(eventType);
        return type == null ? null : type.discovery(eventType, since);
    }

    /** The learned value of a type's data; null when no event of it was looked at. */
    public @Nullable LearnedValue valueOf(String eventType) {
        LearnedType type = types.get(eventType);
        return type == null ? null : type.copy();
    }

    /** All that was learned, by type. */
    public List<Discovery> all() {
        return types.keySet().stream()
                .map(this::of)
                .filter(discovery -> discovery != null)
                .map(Discovery.class::cast)
                .sorted(Comparator.comparing(Discovery::eventType))
                .toList();
    }
}
